"""What people did in the sets, in common words."""

from collections.abc import Mapping
from dataclasses import replace

from gaitcue.imu import FloatArray
from gaitcue.recording.model import Annotation, Kind, Recording
from gaitcue.replay.score import spans

GROUPS: Mapping[str, tuple[str, ...]] = {
    "standing": ("quiet standing", "standing", "stop"),
    "standing with tremor": ("standing with tremor", "stop with tremor"),
    "sitting": ("sitting",),
    "sitting with tremor": ("sitting with tremor",),
    "lying and lying down": ("lying down slowly", "turning while lying", "LyingDown_OnABed"),
    "sitting down and getting up": (
        "half height chair, quickly", "half height chair, slowly", "low chair, quickly",
        "low chair, slowly", "collapsing into a chair", "Sitting_GettingUpOnAChair",
        "sitting down and getting up",
    ),
    "bending": ("bending at the knees", "bending without bending the knees", "Bending"),
    "getting in and out of a car": ("getting in and out of a car",),
    "moving arms or hands": (
        "Aplausing", "HandsUp", "MakingACall", "OpeningDoor", "clapping", "hitting a table",
        "opening and closing a door",
    ),
    "walking": ("walking", "Walking", "walking quickly", "walking slowly"),
    "turning": ("turning", "turning in place"),
    "before, between and after walks": ("between walks",),
    "stairs": ("stairs", "stairs slowly", "GoUpstairs", "GoDownstairs"),
    "jogging and hopping": ("jogging slowly", "jogging quickly", "Jogging", "Hopping"),
}  # fmt: skip
"""The publishers' names of each."""

AT_REST = ("standing", "sitting", "lying and lying down", "standing with tremor",
           "sitting with tremor")  # fmt: skip
"""Groups in which nobody moves about."""

DAY = 86400.0
"""s, longer than any recording."""


def group_of(name: str) -> str | None:
    """The group that an activity belongs to; None of one that belongs to none."""
    return next((group for group, names in GROUPS.items() if name in names), None)


def with_activities(recording: Recording) -> Recording:
    """The same with an activity for all that its labels tell, each of them outside freezes."""
    frozen = _covered(recording, Kind.FREEZE)
    others = tuple(a for a in recording.annotations if a.kind is not Kind.ACTIVITY)
    told = recording.of_kind(Kind.ACTIVITY)
    if told:
        names = {a.detail for a in told if a.detail != "frozen"}
        named = {n: spans.union((a.onset, a.end) for a in told if a.detail == n) for n in names}
    else:
        named = _from_walking(recording)
    labels = [
        Annotation(kind=Kind.ACTIVITY, onset=start, duration=end - start, detail=name)
        for name, where in sorted(named.items())
        for start, end in spans.subtract(where, frozen).tolist()
    ]
    return replace(recording, annotations=(*others, *labels))


def _from_walking(recording: Recording) -> dict[str, FloatArray]:
    whole = spans.union([(-DAY, DAY)])
    if "staircase" in recording.condition:
        return {"stairs": whole}
    if Kind.WALKING_BOUT in recording.annotated:
        bouts, turns = _covered(recording, Kind.WALKING_BOUT), _covered(recording, Kind.TURN)
        return {
            "walking": spans.subtract(bouts, turns),
            "turning": turns,
            "between walks": spans.subtract(spans.subtract(whole, bouts), turns),
        }
    return {"walking": whole} if Kind.INITIAL_CONTACT in recording.annotated else {}


def _covered(recording: Recording, kind: Kind) -> FloatArray:
    return spans.union((a.onset, a.end) for a in recording.of_kind(kind))
