"""Which part of a pass over a recording is scored at all."""

from collections.abc import Sequence

from gaitcue.errors import InputError
from gaitcue.events import Event, SensorGap, WalkEnd, WalkStart
from gaitcue.imu import FloatArray
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score import spans


def annotated_spans(annotations: Sequence[Annotation], kind: Kind) -> FloatArray:
    """The spans (n, 2) s that annotations of `kind` cover."""
    return spans.union((a.onset, a.end) for a in annotations if a.kind is kind)


def in_experiment(events: Sequence[Event], annotations: Sequence[Annotation]) -> FloatArray:
    """From the first sample to the end of the last one, without what the reference excludes.

    Raises
    ------
    InputError
        When the events do not begin with a walk's start and finish with its end.
    """
    if not (events and isinstance(events[0], WalkStart) and isinstance(events[-1], WalkEnd)):
        raise InputError("the events are not those of one whole walk, from its start to its end")
    whole = spans.union([(events[0].time, events[-1].time + 1 / events[0].rate)])
    return spans.subtract(whole, annotated_spans(annotations, Kind.EXCLUDED))


def measured(events: Sequence[Event], experiment: FloatArray) -> FloatArray:
    """The part of the experiment in which there was motion to judge: without missing samples."""
    gaps = spans.union((e.time, e.end) for e in events if isinstance(e, SensorGap))
    return spans.subtract(experiment, gaps)
