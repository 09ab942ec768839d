from gaitcue.cue.output import Command, Report
from gaitcue.cue.outputs import Outputs, Silent
from gaitcue.events import CuePattern, CuePlayed, CueStart, CueStrength, OutputChange

CUE = CueStart(
    time=1.0, decided=1.2, reason="freeze", tempo=100.0, latency=0.2,
    pattern=CuePattern.BEAT, strength=CueStrength.CLEAR,
)  # fmt: skip


class Told:
    """An output that keeps what it is told."""

    def __init__(self, name: str, delay: float) -> None:
        self.name, self.delay = name, delay
        self.told: list[tuple[Command, float]] = []
        self.news: list[Report] = []
        self.closed = 0

    def take(self, command: Command, at: float) -> None:
        self.told.append((command, at))

    def reports(self) -> list[Report]:
        news, self.news = self.news, []
        return news

    def close(self) -> None:
        self.closed += 1


def change(name: str, time: float, *, working: bool) -> OutputChange:
    return OutputChange(time=time, decided=time, output=name, working=working, detail="")


def test_all_are_told_the_same_moment_which_the_slowest_can_keep() -> None:
    near, far = Told("loudspeaker", 0.03), Told("earphones", 0.21)
    outputs = Outputs([near, far], clock=lambda: 50.0)
    outputs.take(CUE)
    assert near.told == far.told == [(CUE, 50.21)]


def test_one_that_does_not_work_holds_up_nobody_and_counts_again_when_it_does() -> None:
    near, far = Told("loudspeaker", 0.03), Told("earphones", 0.21)
    outputs = Outputs([near, far], clock=lambda: 50.0)
    far.news = [change("earphones", 3.0, working=False)]
    outputs.reports()
    outputs.take(CUE)
    assert near.told == far.told == [(CUE, 50.03)], "it is told all the same: it may just be back"
    far.news = [change("earphones", 4.0, working=True)]
    outputs.reports()
    assert outputs.delay == 0.21


def test_it_is_known_whether_anything_works() -> None:
    one = Told("loudspeaker", 0.03)
    outputs = Outputs([one])
    assert outputs.working
    one.news = [change("loudspeaker", 3.0, working=False)]
    outputs.reports()
    assert not outputs.working
    assert outputs.delay == 0.0


def test_reports_come_in_the_order_of_their_decision() -> None:
    one, other = Told("a", 0.0), Told("b", 0.0)
    one.news = [change("a", 1.0, working=True), change("a", 5.0, working=True)]
    other.news = [change("b", 3.0, working=True)]
    outputs = Outputs([one, other])
    assert [report.decided for report in outputs.reports()] == [1.0, 3.0, 5.0]
    assert outputs.reports() == []


def test_no_outputs_are_no_trouble() -> None:
    outputs = Outputs([])
    outputs.take(CUE)
    assert outputs.reports() == []
    assert not outputs.working
    outputs.close()


def test_closing_closes_all() -> None:
    one, other = Told("a", 0.0), Told("b", 0.0)
    Outputs([one, other]).close()
    assert (one.closed, other.closed) == (1, 1)


def test_the_silent_output_plays_on_time() -> None:
    outputs = Outputs([Silent()], clock=lambda: 50.0)
    outputs.take(CUE)
    assert outputs.reports() == [
        CuePlayed(time=50.0, decided=50.0, start=1.0, command=50.0, output="none")
    ]
