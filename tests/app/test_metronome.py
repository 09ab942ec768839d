import asyncio
import subprocess
import sys
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.app.beat import Plan, Taps, plan_commands
from gaitcue.app.metronome import Metronome
from gaitcue.bluetooth.virtual.simulated_time import run_in_simulated_time
from gaitcue.cli import main
from gaitcue.cue.beats import Beats
from gaitcue.cue.output import Command, Report
from gaitcue.errors import InputError
from gaitcue.events import CueChange, CueEnd, CuePlayed, CueStart, OutputChange

DELAY = 0.05


def change(time: float, working: bool, detail: str) -> OutputChange:
    return OutputChange(time=time, decided=time, output="listener", working=working, detail=detail)


class Listener:
    """An output that keeps what it is told, and reports what the test lays there."""

    name = "listener"
    delay = DELAY

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.levels: list[int] = []
        self.laid: list[Report] = [change(0.0, True, "ready")]
        self.closed = False

    def take(self, command: Command, at: float) -> None:
        assert not self.closed
        assert at == pytest.approx(command.decided + DELAY)
        self.commands.append(command)
        if isinstance(command, CueStart):
            self.laid.append(
                CuePlayed(time=at, decided=at, start=command.time, command=at, output=self.name)
            )

    def set_level(self, level: int) -> None:
        self.levels.append(level)

    def reports(self) -> list[Report]:
        reports, self.laid = self.laid, []
        return reports

    def close(self) -> None:
        self.closed = True


class Session:
    """A metronome that was played, with keys pressed at their times (s)."""

    def __init__(
        self,
        plan: Plan,
        keys: Sequence[tuple[float, str]] = (),
        do: Callable[[Listener, float], None] | None = None,
    ) -> None:
        self.output = Listener()
        self.screens: list[tuple[float, list[str]]] = []
        self.told: list[str] = []
        self.lasted = run_in_simulated_time(self._play(plan, keys, do))

    async def _play(
        self,
        plan: Plan,
        keys: Sequence[tuple[float, str]],
        do: Callable[[Listener, float], None] | None,
    ) -> float:
        loop = asyncio.get_running_loop()

        def show(lines: Sequence[str], /) -> None:
            self.screens.append((loop.time(), list(lines)))
            if do:
                do(self.output, loop.time())

        self.metronome = Metronome(
            plan, self.output, sound="tick", show=show, tell=self.told.append
        )
        for time, key in keys:
            loop.call_at(time, self.metronome.press, key)
        await self.metronome.play(asyncio.Event())
        return loop.time()

    @property
    def tempi(self) -> list[float]:
        return [c.tempo for c in self.output.commands if not isinstance(c, CueEnd)]

    def screen_at(self, time: float) -> str:
        return "\n".join([lines for at, lines in self.screens if at <= time][-1])


def test_it_plays_for_its_duration_and_lets_go_of_the_sound() -> None:
    session = Session(Plan(tempo=100, duration=30))
    start, end = session.output.commands
    assert isinstance(start, CueStart)
    assert isinstance(end, CueEnd)
    assert (start.time, end.time, end.beats) == (0.0, 30.0, 50)
    assert session.output.closed
    assert session.metronome.heard


@pytest.mark.parametrize("key", ["q", "Q", "escape"])
def test_a_key_ends_it_at_once(key: str) -> None:
    session = Session(Plan(tempo=100), [(5.0, key)])
    assert session.output.commands[-1].time == pytest.approx(5.0, abs=0.05)
    assert session.lasted < 5.5


def test_keys_change_the_tempo_and_it_stays_within_60_to_140() -> None:
    plan = Plan(tempo=139, duration=20)
    keys = [(1 + k, "up") for k in range(3)] + [(5.0, "-"), (6.0, "down"), (7.0, "+")]
    assert Session(plan, keys).tempi == [139, 140, 140, 140, 139, 138, 139]
    assert Session(Plan(tempo=60, duration=5), [(1, "down")]).tempi == [60, 60]


def test_a_change_of_tempo_keeps_the_beat_that_comes_next() -> None:
    session = Session(Plan(tempo=100, duration=20), [(1.3, "up")])
    change = session.output.commands[1]
    assert isinstance(change, CueChange)
    assert change.time == pytest.approx(1.8)
    assert session.output.commands[-1].time == 20.0
    assert session.output.commands[-1].beats == Beats(1.8, 101, 3).before(20.0)  # type: ignore[union-attr]


def test_tapping_sets_the_tempo_of_the_taps() -> None:
    taps = [(2 + 0.5 * k, "t") for k in range(5)]
    assert Session(Plan(tempo=80, duration=10), taps).tempi[-1] == 120


@given(
    interval=st.floats(60 / 140, 1.0),
    slips=st.lists(st.floats(-0.02, 0.02), min_size=5, max_size=5),
)
def test_uneven_taps_give_about_their_tempo(interval: float, slips: list[float]) -> None:
    taps = Taps()
    for k, slip in enumerate(slips):
        tempo = taps.add(100 + k * interval + slip)
    assert tempo == pytest.approx(60 / interval, rel=0.12)


def test_one_tap_sets_nothing_and_after_a_pause_tapping_begins_anew() -> None:
    taps = Taps()
    assert taps.add(0.0) is None
    assert taps.add(1.0) == 60
    assert taps.add(10.0) is None
    assert taps.add(10.5) == 120
    assert taps.add(10.5) in range(60, 141)


@given(st.lists(st.floats(0, 5), min_size=2, max_size=30))
def test_no_taps_leave_the_tempi_of_cues(waits: list[float]) -> None:
    taps, now = Taps(), 0.0
    for wait in waits:
        now += wait
        tempo = taps.add(now)
        assert tempo is None or 60 <= tempo <= 140


def test_space_pauses_and_goes_on_at_the_tempo_set_meanwhile() -> None:
    session = Session(Plan(tempo=100, duration=20), [(3, "space"), (5, "up"), (7, "space")])
    kinds = [type(command) for command in session.output.commands]
    assert kinds == [CueStart, CueEnd, CueStart, CueEnd]
    assert session.tempi == [100, 101]
    assert "PAUSED" in session.screen_at(6)
    assert "PAUSED" not in session.screen_at(8)


def test_keys_change_the_level_within_its_range() -> None:
    keys = [(1 + 0.1 * k, "right") for k in range(5)] + [(2 + 0.1 * k, "left") for k in range(12)]
    session = Session(Plan(tempo=100, level=8, duration=5), keys)
    assert session.output.levels == [9, 10, 10, 10, 10, *range(9, 0, -1), 1, 1, 1]
    assert "volume 1 of 10" in session.screen_at(5)


def test_a_ramp_goes_evenly_to_its_tempo_until_a_key_takes_over() -> None:
    session = Session(Plan(tempo=100, ramp=90, duration=110))
    changes = [c for c in session.output.commands if isinstance(c, CueChange)]
    assert [c.tempo for c in changes] == list(range(99, 89, -1))
    assert [c.decided for c in changes] == pytest.approx(list(range(10, 101, 10)), abs=0.05)
    assert Session(Plan(tempo=100, ramp=90, duration=110), [(15, "up")]).tempi == [100, 99, 100]


def test_the_foot_that_is_to_step_is_shown_when_its_beat_is_heard() -> None:
    session = Session(Plan(tempo=60, duration=6))

    def feet(time: float) -> tuple[bool, bool]:
        lines = session.screen_at(time).splitlines()
        below = next(k for k, line in enumerate(lines) if "steps a minute" in line)
        line = lines[below + 2]
        return "█" in line[:20], "█" in line[20:]

    assert feet(2 + DELAY + 0.1) == (True, False)
    assert feet(3 + DELAY + 0.1) == (False, True)
    assert feet(2 + DELAY + 0.5) == (False, False)


def test_the_display_fits_a_plain_terminal_and_shows_the_tempo_large() -> None:
    session = Session(Plan(tempo=140, duration=2))
    for _, lines in session.screens:
        assert len(lines) <= 24
        assert max(map(len, lines)) <= 80
    assert sum("█" * 4 in line for line in session.screens[-1][1]) >= 10


def test_lost_sound_is_told_and_the_beat_begins_anew_when_it_is_back() -> None:
    def trouble(output: Listener, now: float) -> None:
        for at, working, detail in ((5.0, False, "unplugged"), (8.0, True, "playing again")):
            if at <= now < at + 0.04:
                output.laid.append(change(now, working, detail))

    session = Session(Plan(tempo=100, duration=15), do=trouble)
    assert "NO SOUND: unplugged" in session.screen_at(6)
    assert "NO SOUND" not in session.screen_at(9)
    starts = [c.time for c in session.output.commands if isinstance(c, CueStart)]
    assert starts == [0.0, pytest.approx(8.0, abs=0.1)]
    assert session.told == ["ready", "unplugged", "playing again"]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["30"], "from 60 to 140"),
        (["nan"], "from 60 to 140"),
        (["100", "--ramp", "150", "--duration", "9"], "from 60 to 140"),
        (["--ramp", "110"], "give --duration"),
        (["--duration", "0"], "above 0 s"),
        (["--duration", "inf"], "above 0 s"),
        (["--level", "0"], "from 1 (softest) to 10"),
        (["--sound", "bell"], "there is no sound 'bell'"),
        (["--wav", "x.wav"], "give --duration"),
        (["--wav", "x.wav", "--duration", "1e6"], "at most 12.4 h"),
        (["--wav", "nowhere/x.wav", "--duration", "1"], "cannot be written"),
    ],
)
def test_what_cannot_be_played_is_refused_in_words(
    flags: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["metronome", *flags]) == 2
    assert told in capsys.readouterr().err


def test_a_file_has_the_beats_of_the_plan(tmp_path: Path) -> None:
    path = tmp_path / "beat.wav"
    flags = ["120", "--duration", "10", "--ramp", "122", "--level", "10", "--wav", str(path)]
    assert main(["metronome", *flags]) == 0
    with wave.open(str(path)) as file:
        assert file.getframerate() == 48_000
        sound = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32767
    assert len(sound) == pytest.approx(10 * 48_000, abs=1000)
    loud = np.flatnonzero(np.abs(sound) > 0.02)
    begins = loud[np.flatnonzero(np.diff(loud, prepend=-48_000) > 9600)] / 48_000
    commands = list(plan_commands(Plan(tempo=120, ramp=122, duration=10), 10.0))
    assert len(begins) == commands[-1].beats == 21  # type: ignore[union-attr]
    intervals = np.diff(begins)[4:]  # of the beats at full level
    assert intervals[0] == pytest.approx(60 / 120, abs=0.002)
    assert intervals[-1] == pytest.approx(60 / 122, abs=0.002)


def test_without_any_sound_device_it_says_so_and_fails() -> None:
    where = {"PATH": "/usr/bin", "HOME": "/nonexistent", "ALSA_CONFIG_PATH": "/dev/null"}
    code = "import sys, gaitcue.cli; sys.exit(gaitcue.cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "metronome", "--duration", "0.5"]
    done = subprocess.run(command, env=where, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "sound" in done.stderr


def test_plans_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InputError):
        Plan(tempo=100, level=11)
