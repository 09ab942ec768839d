"""Stops on purpose: how many of them were taken for a freeze."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gaitcue.events import CueStart, Event, WalkingBoutEnd
from gaitcue.imu import FloatArray
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score import spans
from gaitcue.replay.score.episodes import Span
from gaitcue.replay.score.freezing import for_a_freeze
from gaitcue.replay.score.stretch import annotated_spans, in_experiment, measured

SHORTEST, LONGEST = 2.0, 10.0
"""s without a step that are a stop at least, and s of it in which a cue is put down to the stop:
a shorter pause is hesitation rather than standing, after a longer one it is standing like any
other. Our choice."""

SLOWING = 2.0
"""s before the last step that belong to the stop: a walker slows down first. Our choice."""

FEWEST_CONTACTS = 4
"""Contacts that make a walk where the reference marks contacts but no bouts: two strides."""


@dataclass(frozen=True, slots=True)
class StopTally:
    """Stops without a freeze: how many, of which the reference marks the walking, and `cued`."""

    stops: int
    marked: int
    cued: int


def tally_stops(
    events: Sequence[Event], annotations: Sequence[Annotation], annotated: frozenset[Kind]
) -> StopTally:
    """Stops after walking of a recording whose freezes are marked.

    Walking is what the reference marks as bouts, else as contacts, else what was detected.
    """
    cues = np.array([e.time for e in for_a_freeze(events) if isinstance(e, CueStart)])
    marked = bool({Kind.WALKING_BOUT, Kind.INITIAL_CONTACT} & annotated)
    found = stops(events, annotations, annotated)
    return StopTally(
        stops=len(found),
        marked=len(found) if marked else 0,
        cued=sum(bool(((cues >= begin) & (cues < over)).any()) for begin, over in found),
    )


def stops(
    events: Sequence[Event], annotations: Sequence[Annotation], annotated: frozenset[Kind]
) -> list[Span]:
    """[begin, over) of each stop without a freeze, s: from slowing down to the next walking."""
    usable = measured(events, in_experiment(events, annotations))
    frozen = annotated_spans(annotations, Kind.FREEZE)
    bouts = _bouts(events, annotations, annotated)
    found: list[Span] = []
    for end, onset in zip(bouts[:, 1].tolist(), [*bouts[1:, 0].tolist(), np.inf], strict=False):
        over = min(onset, end + LONGEST)
        standing = spans.intersect(spans.union([(end, over)]), usable)
        if spans.length(standing) >= SHORTEST and not spans.touches((end - SLOWING, over), frozen):
            found.append((end - SLOWING, over))
    return found


def combine_stops(tallies: Iterable[StopTally]) -> StopTally | None:
    """The tally of all the walks together; None when there is none."""
    parts = list(tallies)
    if not parts:
        return None
    return StopTally(
        stops=sum(part.stops for part in parts),
        marked=sum(part.marked for part in parts),
        cued=sum(part.cued for part in parts),
    )


def _bouts(
    events: Sequence[Event], annotations: Sequence[Annotation], annotated: frozenset[Kind]
) -> FloatArray:
    """(n, 2) walking bouts, s."""
    if Kind.WALKING_BOUT in annotated:
        return annotated_spans(annotations, Kind.WALKING_BOUT)
    if Kind.INITIAL_CONTACT not in annotated:
        return spans.union((e.start, e.time) for e in events if isinstance(e, WalkingBoutEnd))
    contacts = np.sort([a.onset for a in annotations if a.kind is Kind.INITIAL_CONTACT])
    runs = np.split(contacts, np.flatnonzero(np.diff(contacts) >= SHORTEST) + 1)
    return spans.union((run[0], run[-1]) for run in runs if len(run) >= FEWEST_CONTACTS)
