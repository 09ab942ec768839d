"""Freezes and cues against the reference: what is counted in one walk, and how walks add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from gaitcue.cue.reasons import FOR_A_FREEZE
from gaitcue.events import CueEnd, CueStart, Event, FreezeEnd, FreezeScore, FreezeStart
from gaitcue.imu import FloatArray
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score import spans
from gaitcue.replay.score.chance import Counts, shifted_counts
from gaitcue.replay.score.episodes import TOLERANCES, Episode, episode
from gaitcue.replay.score.stretch import annotated_spans, in_experiment, measured


@dataclass(frozen=True, slots=True, eq=False)
class FreezingTally:
    """Counts of one or many walks whose freezes the reference marks.

    Attributes
    ----------
    episodes
        The reference episodes.
    false_cues
        For each of `TOLERANCES`, cues that started further than that from every reference episode.
    free_seconds, free_cued_seconds
        Measured time without freezing, and the part of it in which a cue sounded, s.
    agreed
        (4,) measured time, s, frozen by both, by the reference alone, as detected alone, by
        neither.
    scores, frozen
        (n,) freeze score at each decision, and whether the reference says freezing then.
    decisions
        (walks,) how many of the n each walk has.
    percent, counts
        (walks, 2) percent time frozen and number of episodes of each walk, by the reference and as
        detected.
    by_chance
        The same counts with the cues shifted in time (see `shifted_counts`).
    """

    episodes: tuple[Episode, ...]
    false_cues: tuple[int, ...]
    free_seconds: float
    free_cued_seconds: float
    agreed: FloatArray
    scores: FloatArray
    frozen: NDArray[np.bool_]
    decisions: NDArray[np.int64]
    percent: FloatArray
    counts: FloatArray
    by_chance: Counts


def tally_freezing(events: Sequence[Event], annotations: Sequence[Annotation]) -> FreezingTally:
    """Compare the cues, freezes and freeze scores of one pass with the annotated freezes.

    Of the cues, only those that answer a freeze count, not those that somebody asked for.
    """
    experiment = in_experiment(events, annotations)
    usable = measured(events, experiment)
    frozen = annotated_spans(annotations, Kind.FREEZE)
    free = spans.subtract(usable, frozen)
    freezes = [
        a
        for a in sorted(annotations, key=attrgetter("onset"))
        if a.kind is Kind.FREEZE and spans.touches((a.onset, a.end), experiment)
    ]

    cues = lasting(for_a_freeze(events), CueStart, CueEnd)
    starts = np.array([start for start, _ in cues])
    counted = starts[spans.inside(starts, experiment)]
    found = lasting(events, FreezeStart, FreezeEnd)
    detected = spans.union(found)
    decisions = [e for e in events if isinstance(e, FreezeScore)]
    decided = np.array([e.decided for e in decisions])
    judged = spans.inside(decided, usable)
    agreed = _agreed(usable, frozen, detected)
    whole = spans.length(usable)
    return FreezingTally(
        episodes=tuple(episode(a, freezes, cues, last=events[-1].time) for a in freezes),
        false_cues=tuple(
            int((~spans.inside(counted, spans.widened(frozen, t))).sum()) for t in TOLERANCES
        ),
        free_seconds=spans.length(free),
        free_cued_seconds=spans.length(spans.intersect(spans.union(cues), free)),
        agreed=agreed,
        scores=np.array([e.score for e in decisions])[judged],
        frozen=spans.inside(decided[judged], frozen),
        decisions=np.array([judged.sum()], dtype=np.int64),
        percent=100 * np.array([agreed[[0, 1]].sum(), agreed[[0, 2]].sum()])[None] / whole
        if whole > 0
        else np.empty((0, 2)),
        counts=np.array(
            [[len(freezes), sum(spans.touches(each, experiment) for each in found)]], dtype=float
        ),
        by_chance=shifted_counts(cues, freezes, experiment, events[0]),
    )


def for_a_freeze(events: Sequence[Event]) -> list[Event]:
    """The events without the starts of cues that answer no freeze: those say nothing of it."""
    return [e for e in events if not isinstance(e, CueStart) or e.reason in FOR_A_FREEZE]


def combine(tallies: Iterable[FreezingTally]) -> FreezingTally | None:
    """The tally of all the walks together; None when there is none."""
    parts = list(tallies)
    if not parts:
        return None
    return FreezingTally(
        episodes=tuple(episode for part in parts for episode in part.episodes),
        false_cues=tuple(sum(each) for each in zip(*(p.false_cues for p in parts), strict=True)),
        free_seconds=sum(part.free_seconds for part in parts),
        free_cued_seconds=sum(part.free_cued_seconds for part in parts),
        agreed=np.sum([part.agreed for part in parts], axis=0),
        scores=np.concatenate([part.scores for part in parts]),
        frozen=np.concatenate([part.frozen for part in parts]),
        decisions=np.concatenate([part.decisions for part in parts]),
        percent=np.concatenate([part.percent for part in parts]),
        counts=np.concatenate([part.counts for part in parts]),
        by_chance=np.sum([part.by_chance for part in parts], axis=0),
    )


def lasting(
    events: Sequence[Event], begins: type[Event], ends: type[Event]
) -> list[tuple[float, float]]:
    """Each span from an event of one type to the next of the other, or to the last event, s."""
    found: list[tuple[float, float]] = []
    began: float | None = None
    for event in events:
        if isinstance(event, begins):
            began = event.time
        elif isinstance(event, ends) and began is not None:
            found.append((began, event.time))
            began = None
    return found if began is None else [*found, (began, events[-1].time)]


def _agreed(usable: FloatArray, frozen: FloatArray, detected: FloatArray) -> FloatArray:
    """(4,) usable time frozen by both, by the reference alone, as detected alone, by neither, s."""
    by_reference = spans.intersect(usable, frozen)
    as_detected = spans.intersect(usable, detected)
    both = spans.length(spans.intersect(by_reference, as_detected))
    reference, found = spans.length(by_reference) - both, spans.length(as_detected) - both
    neither = spans.length(usable) - both - reference - found
    return np.array([both, reference, found, max(neither, 0.0)])
