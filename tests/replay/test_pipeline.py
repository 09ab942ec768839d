"""Promises of replay: chunk-invariant, causal, in order, silent on stale data."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gaitcue.errors import InputError
from gaitcue.events import (
    CueEnd,
    CueStart,
    DataProblem,
    Event,
    FreezeEnd,
    FreezeStart,
    Phenotype,
    Profile,
    WalkEnd,
    WalkStart,
    to_json,
)  # fmt: skip
from gaitcue.imu import STANDARD_GRAVITY, Placement, Samples, Side
from gaitcue.recording.model import Recording, Sensor, read_all
from gaitcue.replay import choose_sensor, in_real_time, pipeline, replay
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, SensorModel, Turn, Walk, simulate

RATE = 100.0
SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "events.schema.json"
SCENARIO = Scenario(
    name="short",
    segments=(
        Walk(duration=9),
        Freeze(kind=FreezeKind.TREMBLING, duration=7),
        Walk(duration=5),
        Turn(angle=2.5, duration=2),
        Walk(duration=3),
    ),
)


@pytest.fixture(scope="module")
def walk() -> Recording:
    """Walking, freezing and turning, with lost packets."""
    return simulate(SCENARIO, seed=3, model=SensorModel(loss=1.0))


def lines(sensor: Sensor, block: int | None = None) -> list[str]:
    return [to_json(e) for e in replay(sensor, profile=Profile.ASSIST, height=1.7, block=block)]


def of(samples: Samples, *between: tuple[int, DataProblem]) -> Sensor:
    """A sensor that yields `samples` in blocks of 300, and each problem after so many of them."""

    def read() -> Iterator[Samples | DataProblem]:
        for number, block in enumerate(samples.blocks(300), start=1):
            yield block
            yield from (problem for after, problem in between if after == number)

    return Sensor(
        name="s", placement=samples.placement, side=samples.side, rate=samples.rate,
        gyroscope=samples.gyr is not None, read=read,
    )  # fmt: skip


def still(seconds: float, lost: Sequence[tuple[float, float]] = ()) -> Samples:
    """A sensor that hangs still, its samples lost in the given spans (s)."""
    n = round(seconds * RATE)
    time = np.arange(n) / RATE
    acc = np.tile([0.0, 0.0, STANDARD_GRAVITY], (n, 1))
    for start, end in lost:
        acc[(time >= start) & (time < end)] = np.nan
    return Samples(time=time, acc=acc, gyr=None, placement=Placement.WAIST, rate=RATE)


class ScriptedTracker:
    """Tells given events once the samples up to their decision have come, as a tracker does."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = list(events)

    def __call__(self, **_: object) -> "ScriptedTracker":
        return ScriptedTracker(self._events)

    def update(self, samples: Samples) -> list[Event]:
        told = [e for e in self._events if e.decided <= samples.time[-1]]
        self._events = self._events[len(told) :]
        return told

    def finish(self) -> list[Event]:
        return []


Script = Callable[..., None]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    def use(*events: Event) -> None:
        monkeypatch.setattr(pipeline, "Tracker", ScriptedTracker(events))

    return use


def freeze(time: float) -> FreezeStart:
    return FreezeStart(time=time, decided=time, score=1.0, phenotype=Phenotype.TREMBLING)


def test_the_walk_shows_what_the_tests_below_need(walk: Recording) -> None:
    kinds = {json.loads(line)["type"] for line in lines(walk.sensors[0])}
    needed = {"walk_start", "step", "stride", "turn", "freeze_start", "freeze_end", "freeze_score"}
    assert kinds >= needed | {"cue_start", "cue_end", "sensor_gap", "walk_end"}


def test_events_do_not_depend_on_the_blocks(walk: Recording) -> None:
    whole = lines(walk.sensors[0])
    for block in (1, 7, 100, 1000, 10**9):
        assert lines(walk.sensors[0], block) == whole, f"in blocks of {block}"


def test_no_event_depends_on_a_sample_after_its_decision(walk: Recording) -> None:
    samples, _ = read_all(walk.sensors[0])
    before = lines(of(samples))
    rng = np.random.default_rng(1)
    for cut in range(150, len(samples), 290):
        other = np.array(samples.acc)
        other[cut:] = rng.normal(0, 10, other[cut:].shape)
        changed = Samples(
            time=samples.time, acc=other, gyr=samples.gyr, placement=samples.placement,
            side=samples.side, rate=samples.rate,
        )  # fmt: skip
        known = samples.time[cut - 1]
        after = lines(of(changed))
        assert after != before
        assert [line for line in after if json.loads(line)["decided"] <= known] == [
            line for line in before if json.loads(line)["decided"] <= known
        ]


def test_events_come_in_the_order_of_decisions_and_never_before_they_happen(
    walk: Recording,
) -> None:
    events = list(replay(walk.sensors[0], profile=Profile.ASSIST))
    decided = [event.decided for event in events]
    assert decided == sorted(decided)
    assert all(event.time <= event.decided for event in events)


def test_everything_written_keeps_to_the_schema(walk: Recording) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for line in lines(walk.sensors[0]):
        validator.validate(json.loads(line))


def test_a_walk_begins_and_ends_with_what_was_recorded(walk: Recording) -> None:
    samples, _ = read_all(walk.sensors[0])
    first, *_, last = replay(walk.sensors[0], profile=Profile.ASSIST, recording="mine")
    assert isinstance(first, WalkStart)
    assert (first.time, first.rate, first.gyroscope) == (0.0, 100.0, True)
    assert (first.placement, first.profile) == (Placement.LOWER_BACK, Profile.ASSIST)
    assert first.recording == "mine"
    assert isinstance(last, WalkEnd)
    assert last.time == samples.time[-1]
    assert (last.samples, last.missing) == (len(samples), int(samples.missing.sum()))
    assert last.missing > 0


def test_a_walk_without_end_is_replayed_as_it_comes() -> None:
    def read() -> Iterator[Samples | DataProblem]:
        for start in itertools.count(0.0, 3.0):
            block = still(3.0)
            yield Samples(
                time=start + block.time, acc=block.acc, gyr=None, placement=Placement.WAIST,
                rate=RATE,
            )  # fmt: skip

    sensor = Sensor(name="s", placement=Placement.WAIST, rate=RATE, gyroscope=False, read=read)
    for block in (None, 10):
        events = itertools.islice(replay(sensor, block=block), 100)
        assert max(event.decided for event in events) < 60


def test_problems_of_the_file_are_told_when_they_were_known() -> None:
    def problem(decided: float) -> DataProblem:
        return DataProblem(time=decided, decided=decided, kind="odd", count=1, detail="odd")

    # After the second block, of 3 s each: about the second, about what follows, about the first.
    told = [(2, problem(4.5)), (2, problem(7.5)), (2, problem(1.0)), (4, problem(12.5))]
    sensor = of(still(12.0), *told)
    everything = [[*replay(sensor, block=block)] for block in (None, 1, 70, 10**6)]
    assert all(events == everything[0] for events in everything)
    problems = [e.decided for e in everything[0] if isinstance(e, DataProblem)]
    assert problems == [2.99, 4.5, 7.5, 12.5], "not before the block with it could be read"
    decided = [event.decided for event in everything[0]]
    assert decided == sorted(decided)


def test_a_cue_ends_one_second_into_a_gap(script: Script) -> None:
    script(freeze(5.0))
    sensor = of(still(20.0, lost=[(7.0, 12.0)]))
    for block in (None, 1, 64, 10**6):
        (end,) = (e for e in replay(sensor, block=block) if isinstance(e, CueEnd))
        assert (end.decided, end.reason) == (6.99 + 1.0, "stale_data")


def test_no_cue_starts_within_a_gap(script: Script) -> None:
    script(freeze(9.0), FreezeEnd(time=10.0, decided=10.0, start=9.0, score=1.0), freeze(13.0))
    starts = [e for e in replay(of(still(20.0, lost=[(7.0, 12.0)]))) if isinstance(e, CueStart)]
    assert [start.time for start in starts] == [13.0]


def test_a_cue_ends_in_time_though_no_event_follows(script: Script) -> None:
    script(freeze(5.0))
    *_, end, last = replay(of(still(60.0)))
    assert isinstance(end, CueEnd)
    assert (end.reason, end.time) == ("limit", pytest.approx(35.3))
    assert last.time == 59.99


def test_the_end_of_the_walk_ends_a_cue(script: Script) -> None:
    script(freeze(5.0))
    *_, end, last = replay(of(still(8.0)))
    assert isinstance(end, CueEnd)
    assert end.time == last.time == 7.99
    assert end.reason == "walk_end"


@settings(max_examples=60)
@given(
    freezes=st.lists(st.integers(0, 600).map(lambda n: n / 10), unique=True, max_size=8).map(
        sorted
    ),
    lost=st.lists(st.tuples(st.floats(0, 60), st.floats(0, 5)), max_size=4),
    block=st.sampled_from([3, 50, 333, 10_000]),
)
def test_cues_do_not_depend_on_the_blocks_whatever_is_lost(
    freezes: list[float], lost: list[tuple[float, float]], block: int
) -> None:
    events: list[Event] = []
    for begin, again in itertools.pairwise([*freezes, 99.0]):
        end = min(begin + 2.5, (begin + again) / 2)
        events += [freeze(begin), FreezeEnd(time=end, decided=end, start=begin, score=1.0)]
    sensor = of(still(60.0, lost=[(start, start + length) for start, length in lost]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "Tracker", ScriptedTracker(events))
        assert lines(sensor, block) == lines(sensor)


@pytest.mark.parametrize(
    ("sensor", "words"),
    [
        (of(still(0.0)), "not one sample"),
        (
            Sensor(name="s", placement=None, rate=RATE, gyroscope=False, read=lambda: iter(())),
            "pass --placement",
        ),
        (
            Sensor(
                name="s", placement=Placement.WAIST, rate=5.0, gyroscope=False,
                read=lambda: iter(()),
            ),
            "Hz",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_replayed_is_told_in_one_sentence(sensor: Sensor, words: str) -> None:
    with pytest.raises(InputError, match=words) as told:
        list(replay(sensor, recording="mine"))
    assert str(told.value).startswith("mine: ")


def test_real_time_holds_events_back_until_they_were_decided() -> None:
    now = [1000.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    shown = []
    for event in in_real_time([freeze(5.0), freeze(7.5), freeze(8.0)], lambda: now[0], sleep):
        shown.append(now[0])
        now[0] += 1.0 if event.time == 7.5 else 0.0  # whoever shows it is slow once
    assert shown == [1000.0, 1002.5, 1003.5]
    assert slept == [2.5]


def sensors(*places: tuple[Placement | None, Side]) -> Recording:
    return Recording(
        name="walk",
        subject="x",
        sensors=tuple(
            Sensor(
                name=f"{side}-{place}", placement=place, side=side, rate=RATE, gyroscope=False,
                read=lambda: iter(()),
            )
            for place, side in places
        ),
    )  # fmt: skip


WORN = sensors(
    (Placement.WRIST, Side.LEFT), (Placement.SHANK, Side.RIGHT), (Placement.SHANK, Side.LEFT),
    (Placement.CHEST, Side.NONE), (None, Side.NONE),
)  # fmt: skip


@pytest.mark.parametrize(
    ("placement", "side", "chosen"),
    [
        (None, None, "none-chest"),
        (Placement.SHANK, None, "left-shank"),
        (None, Side.RIGHT, "right-shank"),
        (Placement.WRIST, None, "left-wrist"),
        (Placement.CHEST, Side.NONE, "none-chest"),
    ],
)
def test_the_sensor_that_tells_most_is_chosen(
    placement: Placement | None, side: Side | None, chosen: str
) -> None:
    assert choose_sensor(WORN, placement, side).name == chosen


def test_a_sensor_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"walk: no sensor .* 'right wrist'; there is left wrist"):
        choose_sensor(WORN, Placement.WRIST, Side.RIGHT)


def test_an_unknown_placement_must_be_told() -> None:
    with pytest.raises(InputError, match=r"walk: .*pass --placement"):
        choose_sensor(sensors((None, Side.NONE)))
