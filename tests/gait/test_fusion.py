"""Several sensors as one walk, on simulated walkers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitcue.events import (
    DataProblem,
    Event,
    FreezeEnd,
    FreezeScore,
    FreezeStart,
    SensorChange,
    SensorGap,
    Step,
    Stride,
    Turn,
    WalkingBoutEnd,
    WalkingBoutStart,
)
from gaitcue.gait import Tracker
from gaitcue.gait.fusion import FusedTracker, Source
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.model import Kind, read_all
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Stand, Walk, simulate
from gaitcue.replay.simulator import Turn as TurnSegment

SCENARIO = Scenario(
    name="several",
    segments=(
        Stand(duration=2),
        Walk(duration=10),
        TurnSegment(angle=2.5, duration=2),
        Walk(duration=6),
        Freeze(kind=FreezeKind.TREMBLING, duration=6),
        Walk(duration=4),
        Stand(duration=4),
    ),
)
LEFT, RIGHT, BACK = (
    simulate(SCENARIO, placement=placement, side=side)
    for placement, side in (
        (Placement.FOOT, Side.LEFT),
        (Placement.FOOT, Side.RIGHT),
        (Placement.LOWER_BACK, Side.NONE),
    )
)
TRUTH = [(a.onset, a.side) for a in LEFT.of_kind(Kind.INITIAL_CONTACT)]
MOTION = {
    name: read_all(recording.sensors[0])[0]
    for name, recording in (("left", LEFT), ("right", RIGHT), ("back", BACK))
}


def tracker(samples: Samples) -> Tracker:
    assert samples.placement is not None
    return Tracker(
        placement=samples.placement, rate=samples.rate, side=samples.side,
        gyroscope=samples.gyr is not None,
    )  # fmt: skip


def fused(motions: Sequence[Samples]) -> FusedTracker:
    sources = [
        Source(f"{m.side}_{m.placement}".removeprefix("none_"), m.placement, m.side)
        for m in motions
        if m.placement is not None
    ]
    return FusedTracker(sources, [tracker(motion) for motion in motions])


@cache
def events(*names: str) -> list[Event]:
    """Everything that is told of the walk with those sensors."""
    return events_of(MOTION, *names)


def events_of(motions: dict[str, Samples], *names: str) -> list[Event]:
    """Everything that is told of a walk with those sensors, fed in turns of a tenth of a second."""
    return told([motions[name] for name in names], [10] * len(names))


def told(motions: Sequence[Samples], sizes: Sequence[int]) -> list[Event]:
    """What is told when each sensor sends blocks of its size, the one furthest behind first."""
    together = fused(motions)
    blocks = [motion.blocks(size) for motion, size in zip(motions, sizes, strict=True)]
    come = dict.fromkeys(range(len(motions)), -np.inf)
    found: list[Event] = []
    while come:
        number = min(come, key=come.__getitem__)
        block = next(blocks[number], None)
        if block is None:
            del come[number]
            found += together.pass_time(-np.inf, [number]).events
        else:
            come[number] = float(block.time[-1])
            found += together.update(number, block).events
    return found + together.finish().events


def of(kind: type[Event], found: Sequence[Event]) -> list[Event]:
    return [event for event in found if isinstance(event, kind)]


def steps(found: Sequence[Event]) -> list[Step]:
    return sorted((e for e in found if isinstance(e, Step)), key=lambda step: step.time)


def without(motion: Samples, start: float, end: float) -> Samples:
    acc = motion.acc.copy()
    acc[(motion.time >= start) & (motion.time < end)] = np.nan
    return replace(motion, acc=acc)


@pytest.mark.parametrize("name", ["left", "back"])
def test_one_sensor_is_the_fusion_of_one(name: str) -> None:
    motion = without(MOTION[name], 5.0, 5.6)
    alone = tracker(motion)
    assert told([motion], [33]) == [*alone.update(motion), *alone.finish()]


def test_two_feet_tell_every_step_once_with_its_side() -> None:
    found = [step for step in steps(events("left", "right")) if step.time < 19]
    walked = [(time, side) for time, side in TRUTH if time < 19]
    matched = [
        any(step.side is side and abs(step.time - time) < 0.25 for step in found)
        for time, side in walked
    ]
    assert np.mean(matched) > 0.9
    assert len(found) <= len(walked) + 1
    assert all(after.time - before.time > 0.25 for before, after in pairwise(found))


def test_two_feet_have_the_cadence_of_the_walker_not_twice_as_much() -> None:
    both, one = (
        [e for e in events(*names) if isinstance(e, Stride)]
        for names in (("left", "right"), ("left",))
    )
    assert np.median([s.cadence for s in both]) == pytest.approx(
        np.median([s.cadence for s in one]), rel=0.03
    )
    assert len(both) > 1.7 * len(one)


def test_bouts_and_turns_are_told_once() -> None:
    for names in (("left", "right"), ("back", "left"), ("back", "left", "right")):
        found = events(*names)
        starts, ends = of(WalkingBoutStart, found), of(WalkingBoutEnd, found)
        assert len(starts) == len(ends) <= 2
        assert len(of(Turn, found)) == 1
        for bout in ends:
            assert isinstance(bout, WalkingBoutEnd)
            inside = [s for s in steps(found) if bout.start <= s.time <= bout.time]
            unseen = sum(a.side is b.side is not Side.NONE for a, b in pairwise(inside))
            assert len(inside) <= bout.steps <= len(inside) + unseen


def test_the_trunk_and_a_leg_tell_the_same_contacts_once() -> None:
    found = steps(events("back", "right"))
    alone = steps(events("back"))
    assert len(found) == pytest.approx(len(alone), abs=4)
    sided = [step.side for step in found if 8 < step.time < 12]
    assert all(a is not b for a, b in pairwise(sided))
    assert Side.NONE not in sided
    own = {step.time for step in steps(events("right"))}
    assert all(step.time in own for step in found if 8 < step.time < 12 and step.side is Side.RIGHT)


def test_the_trunk_judges_freezes_and_the_feet_where_it_is_lost() -> None:
    alone = [e for e in events("back") if isinstance(e, FreezeScore | FreezeStart | FreezeEnd)]
    together = events("back", "left")
    assert [e for e in together if isinstance(e, FreezeScore | FreezeStart | FreezeEnd)] == alone
    lost = MOTION | {"back": without(MOTION["back"], 9.0, 99.0)}
    found = events_of(lost, "back", "left")
    changes = [(e.sensor, e.working) for e in found if isinstance(e, SensorChange)]
    assert changes == [("lower_back", True), ("left_foot", True), ("lower_back", False)]
    assert not of(SensorGap, found)
    scores = [e for e in found if isinstance(e, FreezeScore)]
    last = [e for e in events("left") if isinstance(e, FreezeScore)]
    assert [e for e in scores if e.time > 10.1] == [e for e in last if e.time > 10.1]


def test_a_lost_foot_leaves_the_other_one_and_the_steps_are_counted_as_of_one() -> None:
    lost = MOTION | {"left": without(MOTION["left"], 6.0, 99.0)}
    found = events_of(lost, "left", "right")
    assert {step.side for step in steps(found) if step.time > 7} == {Side.RIGHT}
    whole = [e.steps for e in events("left", "right") if isinstance(e, WalkingBoutEnd)]
    half = [e.steps for e in found if isinstance(e, WalkingBoutEnd)]
    assert half == pytest.approx(whole, abs=2)


def test_a_gap_of_all_sensors_is_one_and_of_one_sensor_is_none() -> None:
    both = {name: without(motion, 6.0, 8.0) for name, motion in MOTION.items()}
    assert len(of(SensorGap, events_of(both, "left", "right"))) == 1
    one = MOTION | {"left": both["left"]}
    assert not of(SensorGap, events_of(one, "left", "right"))


def test_a_sensor_that_lies_on_a_table_is_told() -> None:
    scenario = Scenario(name="long", segments=(Walk(duration=36),))
    left, right = (
        read_all(simulate(scenario, placement=Placement.FOOT, side=side).sensors[0])[0]
        for side in (Side.LEFT, Side.RIGHT)
    )
    rest = replace(
        left, acc=np.tile([0.0, 0.0, 9.81], (len(left), 1)), gyr=np.zeros((len(left), 3))
    )
    problems = [e.detail for e in told([rest, right], [10, 10]) if isinstance(e, DataProblem)]
    assert any(detail.startswith("left_foot: of the ") for detail in problems)
    assert not of(DataProblem, told([left, right], [10, 10]))


HOLES = {
    "left": without(without(MOTION["left"], 4.0, 4.4), 13.0, 17.0),
    "right": without(MOTION["right"], 14.0, 15.5),
    "back": without(MOTION["back"], 8.0, 10.0),
}
REFERENCE = events_of(HOLES, *HOLES)


def interleavings(motions: Sequence[Samples]) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Whose block comes next, and of how many samples."""
    return st.lists(st.tuples(st.integers(0, len(motions) - 1), st.integers(1, 700)), max_size=60)


def blocks(
    motions: Sequence[Samples], order: list[tuple[int, int]]
) -> Iterator[tuple[int, Samples]]:
    done = [0] * len(motions)
    for number, size in [*order, *((number, 10**6) for number in range(len(motions)))]:
        block = motions[number][done[number] : done[number] + size]
        done[number] += len(block)
        if len(block):
            yield number, block


@settings(max_examples=10, deadline=None)
@given(order=interleavings(list(HOLES.values())))
def test_events_do_not_depend_on_how_the_blocks_interleave(order: list[tuple[int, int]]) -> None:
    motions = list(HOLES.values())
    together = fused(motions)
    found: list[Event] = []
    for number, block in blocks(motions, order):
        known = together.update(number, block)
        assert all(event.decided <= known.time for event in known.events)
        found += known.events
    assert found + together.finish().events == REFERENCE


def test_events_come_in_order_of_decision_and_never_before_they_happen() -> None:
    decided = [event.decided for event in REFERENCE]
    assert decided == sorted(decided)
    assert all(event.time <= event.decided for event in REFERENCE)


def test_nobody_waits_for_a_sensor_that_is_silent() -> None:
    together = fused([MOTION["left"], MOTION["right"]])
    found: list[Event] = []
    for block in MOTION["left"][:1000].blocks(10):
        now = float(block.time[-1])
        found += together.update(0, block).events
        known = together.pass_time(now - 0.25)
        assert known.time >= now - 0.25
        found += known.events
    alone = [e for e in events("left") if isinstance(e, Step | FreezeScore)]
    assert [e for e in found if isinstance(e, Step | FreezeScore)] == [
        e for e in alone if e.decided <= 9.74
    ]


def test_what_is_late_is_told_late() -> None:
    together = fused([MOTION["back"], MOTION["right"]])
    found = together.update(0, MOTION["back"]).events
    found += together.pass_time(15.0, [1]).events
    late = together.update(1, MOTION["right"]).events
    assert late
    assert min(event.decided for event in late) >= max(event.decided for event in found)
