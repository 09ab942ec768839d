"""What the everyday benchmark calls things, and what it takes a freeze or a pause to be."""

from typing import Any

from benchmarks.freezing.everyday.activities import with_activities
from benchmarks.freezing.everyday.pauses import pauses, separation

from gaitcue.events import FreezeScore, FreezeStart, Phenotype, Profile, WalkEnd, WalkStart
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Annotation, Kind, Recording


def recording(*labels: Annotation, annotated: frozenset[Kind], condition: str = "") -> Recording:
    return Recording(
        name="r", subject="s", sensors=(), annotations=labels, annotated=annotated,
        condition=condition,
    )  # fmt: skip


def label(kind: Kind, onset: float, end: float, detail: str = "") -> Annotation:
    return Annotation(kind=kind, onset=onset, duration=end - onset, detail=detail)


def activities(walk: Recording) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for each in with_activities(walk).of_kind(Kind.ACTIVITY):
        found.setdefault(each.detail, []).append((each.onset, each.end))
    return found


def test_an_activity_is_over_while_somebody_freezes() -> None:
    walk = recording(
        label(Kind.ACTIVITY, 0, 60, "turning in place"),
        label(Kind.FREEZE, 10, 20),
        annotated=frozenset({Kind.ACTIVITY, Kind.FREEZE}),
    )
    assert activities(walk) == {"turning in place": [(0, 10), (20, 60)]}


def test_walking_turning_and_the_rest_come_from_the_bouts() -> None:
    walk = recording(
        label(Kind.WALKING_BOUT, 10, 40),
        label(Kind.TURN, 20, 22),
        annotated=frozenset({Kind.WALKING_BOUT, Kind.TURN, Kind.FREEZE}),
    )
    found = activities(walk)
    assert found["walking"] == [(10, 20), (22, 40)]
    assert found["turning"] == [(20, 22)]
    assert found["between walks"][0][1] == 10


def test_freezes_and_pauses_are_told_apart_with_what_was_found_in_them() -> None:
    walk = recording(
        label(Kind.WALKING_BOUT, 20, 40),
        label(Kind.FREEZE, 60, 70, "StartHesitation, akinetic"),
        label(Kind.FREEZE, 80, 82, "Turn + Walking"),
        annotated=frozenset({Kind.WALKING_BOUT, Kind.FREEZE}),
    )
    start = WalkStart(
        time=0.0, decided=0.0, sensor="s", placement=Placement.WAIST, side=Side.NONE, rate=100.0,
        gyroscope=False, profile=Profile.QUIET, software="test",
    )  # fmt: skip
    events: list[Any] = [
        start,
        FreezeScore(time=45, decided=45, score=0.3, freeze_index=None, trembling=0.1, akinetic=0.2),
        FreezeScore(time=62, decided=62, score=0.9, freeze_index=None, trembling=0.0, akinetic=0.9),
        FreezeStart(time=61, decided=63, score=0.9, phenotype=Phenotype.AKINETIC),
        WalkEnd(time=99.99, decided=99.99, samples=10_000, missing=0),
    ]
    found = list(pauses(walk, events))
    assert [p.kind for p in found] == [
        "start hesitation, akinetic", "in a turn", "stop on purpose", "standing before a walk"
    ]  # fmt: skip
    assert [p.taken_for for p in found] == [Phenotype.AKINETIC, None, None, None]
    assert [p.score for p in found] == [0.9, 0.0, 0.3, 0.0]
    apart = separation(found[:1], found[2:])
    assert apart["akinetic"] == {"area": 1.0, "found": 1.0}
    # Trembling is below one pause and level with the other.
    assert apart["trembling"] == {"area": 0.25, "found": 0.0}
