"""Stops on purpose: which pauses count, and which cues are put down to them."""

import dataclasses

import pytest

from gaitcue.events import (
    CueEnd,
    CuePattern,
    CueStart,
    CueStrength,
    Event,
    Profile,
    SensorGap,
    WalkEnd,
    WalkingBoutEnd,
    WalkStart,
)
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score.freezing_figures import Stops, voluntary_stops
from gaitcue.replay.score.stops import combine_stops, tally_stops

MARKED = frozenset({Kind.FREEZE, Kind.WALKING_BOUT})


def walk(*middle: Event) -> list[Event]:
    start = WalkStart(
        time=0.0, decided=0.0, sensor="s", placement=Placement.WAIST, side=Side.NONE, rate=100.0,
        gyroscope=True, profile=Profile.QUIET, software="test",
    )  # fmt: skip
    return [start, *middle, WalkEnd(time=99.99, decided=99.99, samples=10_000, missing=0)]


def cue(start: float, reason: str = "freeze") -> list[Event]:
    return [
        CueStart(
            time=start, decided=start, reason=reason, tempo=100.0, latency=0.0,
            pattern=CuePattern.BEAT, strength=CueStrength.DISCREET,
        ),
        CueEnd(time=start + 5, decided=start + 5, start=start, beats=8, reason="stepping"),
    ]  # fmt: skip


def bout(onset: float, end: float) -> Annotation:
    return Annotation(kind=Kind.WALKING_BOUT, onset=onset, duration=end - onset)


def freeze(onset: float, end: float) -> Annotation:
    return Annotation(kind=Kind.FREEZE, onset=onset, duration=end - onset)


def stops(
    events: list[Event], *labels: Annotation, annotated: frozenset[Kind] = MARKED
) -> tuple[int, int, int]:
    tally = tally_stops(events, labels, annotated)
    return tally.stops, tally.marked, tally.cued


def test_each_end_of_walking_is_a_stop_unless_walking_goes_on_at_once() -> None:
    # 20 to 30 s, 40 to 41.5 s (too short), 60 to 100 s.
    assert stops(walk(), bout(10, 20), bout(30, 40), bout(41.5, 60)) == (2, 2, 0)


@pytest.mark.parametrize(
    ("time", "cued"), [(17.9, 0), (18.0, 1), (20.0, 1), (29.9, 1), (30.0, 0), (50.0, 0)]
)
def test_a_cue_belongs_to_the_stop_from_slowing_down_to_ten_seconds_of_standing(
    time: float, cued: int
) -> None:
    assert stops(walk(*cue(time)), bout(10, 20)) == (1, 1, cued)


def test_a_cue_that_somebody_asked_for_does_not_count() -> None:
    assert stops(walk(*cue(21, reason="pressed")), bout(10, 20)) == (1, 1, 0)


def test_two_cues_at_one_stop_are_one_stop_cued() -> None:
    assert stops(walk(*cue(21), *cue(27)), bout(10, 20)) == (1, 1, 1)


def test_a_pause_with_a_freeze_in_it_is_none_on_purpose() -> None:
    assert stops(walk(), bout(10, 20), bout(40, 50), freeze(19, 24)) == (1, 1, 0)


def test_a_pause_without_motion_data_is_not_judged() -> None:
    gap = SensorGap(time=20.5, decided=32, end=32, samples=1150, reset=True)
    assert stops(walk(gap), bout(10, 20)) == (0, 0, 0)


def test_contacts_make_walks_where_no_bout_is_marked() -> None:
    contacts = [
        Annotation(kind=Kind.INITIAL_CONTACT, onset=t, duration=0.0)
        for t in (10, 10.5, 11, 11.5, 20, 20.5, 40, 40.5, 41, 41.5)  # two contacts are no walk
    ]
    annotated = frozenset({Kind.FREEZE, Kind.INITIAL_CONTACT})
    assert stops(walk(*cue(12)), *contacts, annotated=annotated) == (2, 2, 1)


def test_detected_bouts_stand_in_where_the_reference_marks_no_walking() -> None:
    found = WalkingBoutEnd(
        time=20.0,
        decided=23.0,
        start=10.0,
        steps=18,
        cadence=110.0,
        speed=None,
        speed_sd=None,
        distance=None,
    )
    assert stops(walk(found), annotated=frozenset({Kind.FREEZE})) == (1, 0, 0)


def test_stops_of_many_walks_are_a_rate_per_hundred() -> None:
    parts = [tally_stops(walk(*cue(21)), [bout(10, 20)], MARKED)] + [
        tally_stops(walk(), [bout(10, 20), bout(30, 40)], MARKED) for _ in range(2)
    ]
    together = voluntary_stops(combine_stops(parts))
    assert dataclasses.astuple(together) == (5, 5, 1, 20.0)
    assert voluntary_stops(None) == Stops()
