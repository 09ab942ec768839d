"""The truth of a planned walk, as reference annotations."""

from collections.abc import Iterator
from itertools import pairwise
from math import degrees, dist

from gaitcue.imu import Side
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.simulator.plan import Plan
from gaitcue.replay.simulator.scenario import Freeze, Segment, Sit, Stand, Turn, Walk

ANNOTATED = frozenset(
    (
        Kind.ACTIVITY, Kind.FREEZE, Kind.INITIAL_CONTACT, Kind.STRIDE, Kind.TURN,
        Kind.WALKING_BOUT,
    )
)  # fmt: skip
"""The kinds of label the simulator gives; none of them is ever left out."""


def annotations(plan: Plan) -> tuple[Annotation, ...]:
    """Everything that happens in `plan`, in order of onset.

    Bouts run from their first to their last effective initial contact; the ineffective steps of
    a shuffling freeze are no initial contacts. A stride's length is the straight distance between
    two contacts of the same foot, a bout's speed that of the point between the feet.
    """
    labels = [*_segments(plan), *_contacts(plan), *_bouts(plan)]
    return tuple(sorted(labels, key=lambda label: (label.onset, label.kind, label.side)))


def _segments(plan: Plan) -> Iterator[Annotation]:
    before: Segment | None = None
    for span in plan.spans:
        segment, onset, duration = span.segment, _fine(span.start), _fine(span.end - span.start)
        if isinstance(segment, Freeze):
            kind = segment.kind.value
            yield Annotation(onset=onset, duration=duration, kind=Kind.FREEZE, detail=kind)
        if isinstance(segment, Turn):
            side = Side.LEFT if segment.angle > 0 else Side.RIGHT
            angle = f"{abs(degrees(segment.angle)):.0f} degrees"
            yield Annotation(
                onset=onset, duration=duration, kind=Kind.TURN, side=side, detail=angle
            )
        doing = _activity(segment, before)
        yield Annotation(onset=onset, duration=duration, kind=Kind.ACTIVITY, detail=doing)
        before = segment


def _activity(segment: Segment, before: Segment | None) -> str:
    match segment:
        case Walk():
            return "walking"
        case Turn():
            return "turning"
        case Freeze():
            return "frozen"
        case Sit():
            return "sitting"
        case Stand():
            return "stop" if isinstance(before, Walk | Turn) else "standing"


def _contacts(plan: Plan) -> Iterator[Annotation]:
    for step in plan.footfalls:
        if step.bout is not None:
            yield Annotation(
                onset=_fine(step.time), duration=0.0, kind=Kind.INITIAL_CONTACT, side=step.side
            )
    for steps in plan.bouts():
        for first, second in zip(steps, steps[2:], strict=False):
            length, duration = dist(first.position, second.position), second.time - first.time
            yield Annotation(
                onset=_fine(first.time), duration=_fine(duration), kind=Kind.STRIDE,
                side=second.side, speed=_fine(length / duration), stride_length=_fine(length),
            )  # fmt: skip


def _bouts(plan: Plan) -> Iterator[Annotation]:
    middles = dict(zip((f.time for f in plan.footfalls), plan.middles(), strict=True))
    for steps in plan.bouts():
        path = sum(dist(middles[a.time], middles[b.time]) for a, b in pairwise(steps))
        strides = [dist(a.position, b.position) for a, b in zip(steps, steps[2:], strict=False)]
        duration = steps[-1].time - steps[0].time
        yield Annotation(
            onset=_fine(steps[0].time), duration=_fine(duration), kind=Kind.WALKING_BOUT,
            speed=_fine(path / duration),
            stride_length=_fine(sum(strides) / len(strides)) if strides else None,
        )  # fmt: skip


def _fine(value: float) -> float:
    """To a microsecond or micrometre, so that the written truth is the same on every machine."""
    return round(value, 6)
