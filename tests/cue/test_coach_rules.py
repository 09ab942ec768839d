"""What holds for the coach whatever happens: found by random walks, and drawn in the docs."""

import itertools
import random
import re
from pathlib import Path

from cue_walks import (
    commands,
    freeze_end,
    freeze_start,
    output,
    press,
    steps,
    strides,
    walking,
)
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.cue import (
    ChangeReason,
    Coach,
    CoachSettings,
    CueMode,
    EndReason,
    StartReason,
    State,
    TrainingPart,
    coach,
    running,
    settings,
    trial,
)
from gaitcue.events import (
    Button,
    CueChange,
    CueEnd,
    CueStart,
    CueWithheld,
    Event,
    FreezeStart,
    OutputChange,
    Phenotype,
    Press,
    SensorGap,
    WalkingBoutEnd,
    WalkingBoutStart,
)

DOCS = Path(__file__).parents[2] / "docs"

LAST = 200.0
PROGRAMME = (TrainingPart(20, 80), TrainingPart(15, 120))

SETTINGS = [
    CoachSettings(),
    CoachSettings(tempo_factor=1.1),
    *(CoachSettings(trial=seed) for seed in range(3)),
    CoachSettings(mode=CueMode.CONTINUOUS),
    CoachSettings(mode=CueMode.CONTINUOUS, tempo=60),
    CoachSettings(mode=CueMode.MANUAL),
    CoachSettings(mode=CueMode.TRAINING, programme=PROGRAMME),
]


def something(draw: random.Random, within: float) -> list[Event]:
    """Something that the coach listens to, `within` so many s, sensible or not."""
    start = round(draw.uniform(0, within), 3)
    late = start + draw.uniform(0, 3)
    return draw.choice([
        lambda: [freeze_start(start, late, draw.choice(list(Phenotype)))],
        lambda: [freeze_end(start - 1, start, late)],
        lambda: [SensorGap(time=start, decided=late, end=late, samples=99, reset=True)],
        lambda: steps(start, draw.randint(1, 8), draw.uniform(20, 300)),
        lambda: strides(start, draw.randint(1, 30), draw.uniform(20, 300)),
        lambda: walking(start, start + draw.uniform(2, 40)),
        lambda: [press(start, draw.choice([Button.CUE_ME, Button.NOT_A_FREEZE]))],
        lambda: [press(start + within * draw.random(), Button.STOP)],
        lambda: [output(start, working=draw.random() < 0.6, name=draw.choice("ab"))],
    ])()  # fmt: skip


BOUNDS = (WalkingBoutStart, WalkingBoutEnd)

LONGEST_PER_CALL = trial.WITHHELD_FOR + running.LONGEST + 1.0
"""s: nothing that calls for a cue has it sound for longer, unless the person walks."""


def walks_at(events: list[Event], time: float) -> bool:
    """Whether the last bound of a walking bout that was decided by `time` is a start."""
    bounds = sorted(
        (e for e in events if isinstance(e, BOUNDS) and e.decided <= time), key=lambda e: e.decided
    )
    return bool(bounds) and isinstance(bounds[-1], WalkingBoutStart)


def walk(draw: random.Random, most: int = 30, within: float = 60.0) -> list[Event]:
    parts = [something(draw, within) for _ in range(draw.randint(0, most))]
    return [event for part in parts for event in part]


times = st.integers(0, 60_000).map(lambda ms: ms / 1000)


@given(
    seed=st.integers(0, 2**32),
    how=st.sampled_from(SETTINGS),
    gaps=st.lists(st.tuples(times, times).map(sorted), max_size=3).map(sorted),
    tick=st.sampled_from([0.01, 0.25, 3.0, 100.0]),
)
def test_no_sequence_of_events_breaks_a_rule_of_the_coach(
    seed: int, how: CoachSettings, gaps: list[list[float]], tick: float
) -> None:
    events = walk(random.Random(seed))
    edges = sorted([0.0, *(edge for gap in gaps for edge in gap), LAST])
    good = list(zip(edges[::2], edges[1::2], strict=True))
    out = commands(Coach(how), events, until=LAST, good=good, tick=tick)

    assert commands(Coach(how), events, until=LAST, good=good, tick=0.5) == out, (
        "when it is noticed that something is due must not matter"
    )
    assert [event.decided for event in out] == sorted(event.decided for event in out)
    stopped = [e.decided for e in events if isinstance(e, Press) and e.button is Button.STOP]
    lost = [(b + 1, c) for (_, b), (c, _) in itertools.pairwise(good) if b + 1 < c]
    reasons = [
        *(e.decided for e in events if isinstance(e, FreezeStart)),
        *(e.decided for e in events if isinstance(e, Press) and e.button is Button.CUE_ME),
    ]
    running_cue: CueStart | None = None
    for event in out:
        match event:
            case CueStart():
                assert running_cue is None, "two at once"
                assert event.latency >= 0
                assert event.time < min(stopped, default=LAST + 1), "after STOP"
                running_cue = event
            case CueChange():
                assert running_cue is not None
                assert event.start == running_cue.time
            case CueEnd():
                assert running_cue is not None
                assert event.start == running_cue.time <= event.time
                assert event.time <= min(stopped, default=LAST + 1), "after STOP"
                if not walks_at(events, event.time - 1.0):
                    calls = [*reasons, *(e.decided for e in events if isinstance(e, BOUNDS))]
                    last = max(call for call in calls if call <= event.time)
                    assert event.time <= last + LONGEST_PER_CALL, "for ever"
                for begin, back in lost:
                    assert not (event.start < back and event.time > begin + 1e-9), "on stale data"
                running_cue = None
            case CueWithheld():
                assert running_cue is None
        if isinstance(event, CueStart | CueChange):
            assert 60 <= event.tempo <= 140
    assert running_cue is None
    starts = [event for event in out if isinstance(event, CueStart)]
    if how.mode is CueMode.MANUAL:
        assert {s.reason for s in starts} <= {StartReason.PRESSED}
    if how.mode is CueMode.ON_DEMAND:
        back = sum(isinstance(e, OutputChange) and e.working for e in events)
        assert len(starts) <= len(reasons) + back, "each is answered once, and when sound is back"
    if any(isinstance(e, OutputChange) for e in events):
        working: dict[str, bool] = {}
        for event in sorted(
            [*(e for e in events if isinstance(e, OutputChange)), *starts],
            key=lambda e: (e.decided, isinstance(e, CueStart)),
        ):
            if isinstance(event, OutputChange):
                working[event.output] = event.working
            else:
                assert not working or any(working.values()), "into nothing"


@given(seed=st.integers(0, 2**32), how=st.sampled_from(SETTINGS))
def test_nobody_who_stands_is_nagged(seed: int, how: CoachSettings) -> None:
    """However it goes on, a freeze brings at most 31 s of cue, and each press 31 s more."""
    draw = random.Random(seed)
    presses = sorted(draw.uniform(10, 60) for _ in range(draw.randint(0, 3)))
    phenotype = draw.choice(list(Phenotype))
    events: list[Event] = [
        *strides(0, 12),
        freeze_start(9, 10, phenotype),
        *(press(time, Button.CUE_ME) for time in presses),
    ]
    out = commands(Coach(how), events, until=400.0)
    starts = [event for event in out if isinstance(event, CueStart)]
    ends = [event for event in out if isinstance(event, CueEnd)]
    assert len(starts) == len(ends) <= 1 + len(presses)
    sounding = sum(end.time - end.start for end in ends)
    assert sounding <= (1 + len(presses)) * (running.LONGEST + 1.0)
    changes = [event for event in out if isinstance(event, CueChange)]
    other = [event for event in changes if event.reason == ChangeReason.OTHER_WAY]
    assert len(other) <= len(starts), "another way is tried once"
    assert not ends or ends[-1].reason == EndReason.LIMIT, "and it says why it stops"


def transitions(how: CoachSettings, events: list[Event]) -> set[tuple[State, State]]:
    one = Coach(how)
    seen = set()
    before = one.state
    ticks = [k * 0.25 for k in range(4 * 70)]
    moments = sorted(
        [*((t, 0, None) for t in ticks), *((e.decided, 1, e) for e in events)],
        key=lambda moment: moment[:2],
    )
    for now, _, event in moments:
        one.advance(now, now)
        after = one.state
        seen.add((before, after))
        before = after
        if event is not None:
            one.update(event)
            after = one.state
            seen.add((before, after))
            before = after
    return {(a, b) for a, b in seen if a is not b}


def test_the_states_change_as_they_are_drawn_and_only_so() -> None:
    page = (DOCS / "explanation" / "coach.md").read_text("utf-8")
    drawn = {
        (State(a), State(b)) for a, b in re.findall(r"^ +(\w+) --> (\w+)", page, flags=re.MULTILINE)
    }
    draw = random.Random(1)
    seen = set()
    for number in range(2000):
        seen |= transitions(SETTINGS[number % len(SETTINGS)], walk(draw, most=12, within=25.0))
    for rare in (
        [freeze_start(5), *walking(6, 40), press(8, Button.NOT_A_FREEZE)],
        [*walking(1, 60), freeze_start(10), press(25, Button.NOT_A_FREEZE)],
    ):
        seen |= transitions(CoachSettings(mode=CueMode.CONTINUOUS), rare)
    assert seen == drawn


def test_the_page_on_cues_tells_every_reason_and_the_values_in_force() -> None:
    page = (DOCS / "reference" / "cues.md").read_text("utf-8")
    for reason in [*StartReason, *ChangeReason, *EndReason]:
        assert f"| `{reason}` |" in page
    for value in (
        f"{settings.SLOWEST_TEMPO:g} to {settings.FASTEST_TEMPO:g}\nsteps/min",
        f"{settings.SLOWEST_FACTOR:.2f} to {settings.FASTEST_FACTOR:.2f}",
        f"taken as {coach.UNKNOWN_CADENCE:g} steps/min",
        f"{running.SHORTEST_BEATS} beats or {running.SHORTEST_TIME:g} s",
        f"{running.TAIL:g} s after the second step",
        f"{running.PATIENCE:g} s after the end",
        f"{running.CLEARER_AFTER:g} s of a freeze",
        f"after {running.OTHER_WAY_AFTER} beats",
        f"{running.LONGEST:g} s after the last freeze began",
        f"without a good sample for {coach.STALE_AFTER:g} s",
        f"no step for {coach.STANDING_AFTER:g} s",
        f"for {coach.DISMISSED_FOR:g} s",
        f"for {trial.WITHHELD_FOR:g} s at most",
    ):
        assert value in page, value
