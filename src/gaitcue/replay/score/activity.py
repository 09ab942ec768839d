"""Everyday activities: what the tracker made of movement that is neither walking nor freezing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gaitcue.events import CueStart, Event, Step
from gaitcue.imu import FloatArray
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score import spans
from gaitcue.replay.score.freezing import for_a_freeze
from gaitcue.replay.score.stretch import annotated_spans, in_experiment, measured
from gaitcue.replay.score.walking import near_bouts


@dataclass(frozen=True, slots=True)
class ActivityTally:
    """One activity: measured `seconds` of it, and the cues and steps that started in it."""

    seconds: float
    cues: int
    steps: int


@dataclass(frozen=True, slots=True)
class StillTally:
    """Measured `seconds` of activities without walking, and the steps `detected` in them."""

    seconds: float
    detected: int


def tally_activities(
    events: Sequence[Event], annotations: Sequence[Annotation]
) -> dict[str, ActivityTally]:
    """Cues and steps in each annotated activity, by its name."""
    usable = measured(events, in_experiment(events, annotations))
    names = sorted({a.detail for a in annotations if a.kind is Kind.ACTIVITY})
    tallies: dict[str, ActivityTally] = {}
    for name in names:
        same = [a for a in annotations if a.kind is Kind.ACTIVITY and a.detail == name]
        where = spans.intersect(annotated_spans(same, Kind.ACTIVITY), usable)
        tallies[name] = ActivityTally(
            seconds=spans.length(where),
            cues=_count(for_a_freeze(events), CueStart, where),
            steps=_count(events, Step, where),
        )
    return tallies


def tally_still(events: Sequence[Event], annotations: Sequence[Annotation]) -> StillTally:
    """Steps in annotated activities away from walking bouts and freezes, each of them false.

    In a freeze the feet may well move, and next to a bout a step may be found a little early.
    """
    usable = measured(events, in_experiment(events, annotations))
    still = spans.intersect(annotated_spans(annotations, Kind.ACTIVITY), usable)
    for elsewhere in (near_bouts(annotations), annotated_spans(annotations, Kind.FREEZE)):
        still = spans.subtract(still, elsewhere)
    return StillTally(seconds=spans.length(still), detected=_count(events, Step, still))


def combine_activities(tallies: Iterable[dict[str, ActivityTally]]) -> dict[str, ActivityTally]:
    """The tallies of all the walks together, by activity."""
    together: dict[str, ActivityTally] = {}
    for tally in tallies:
        for name, part in tally.items():
            so_far = together.get(name, ActivityTally(0.0, 0, 0))
            together[name] = ActivityTally(
                seconds=so_far.seconds + part.seconds,
                cues=so_far.cues + part.cues,
                steps=so_far.steps + part.steps,
            )
    return dict(sorted(together.items()))


def combine_still(tallies: Iterable[StillTally]) -> StillTally | None:
    """The tally of all the walks together; None when there is none."""
    parts = list(tallies)
    if not parts:
        return None
    return StillTally(
        seconds=sum(part.seconds for part in parts), detected=sum(part.detected for part in parts)
    )


def _count(events: Sequence[Event], kind: type[Event], where: FloatArray) -> int:
    times = np.array([e.time for e in events if isinstance(e, kind)])
    return int(spans.inside(times, where).sum())
