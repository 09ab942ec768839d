"""Freezes and cues against the reference: what is counted in one walk, and how walks add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitcue.cue.reasons import FOR_A_FREEZE
from gaitcue.events import CueEnd, CueStart, Event, FreezeEnd, FreezeScore, FreezeStart
from gaitcue.imu import FloatArray
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score import spans
from gaitcue.replay.score.stretch import annotated_spans, in_experiment, measured


@dataclass(frozen=True, slots=True)
class Episode:
    """A reference episode of `duration` s, and what the cues made of it.

    Attributes
    ----------
    found
        A cue sounded at some time in it, even one that had begun before it.
    latency
        From its onset to the first cue that started in it, s; None when none did.
    """

    duration: float
    found: bool
    latency: float | None


@dataclass(frozen=True, slots=True, eq=False)
class FreezingTally:
    """Counts of one or many walks whose freezes the reference marks.

    Attributes
    ----------
    episodes
        The reference episodes.
    false_cues
        Cues that started outside every reference episode.
    free_seconds, free_cued_seconds
        Measured time without freezing, and the part of it in which a cue sounded, s.
    scores, frozen
        (n,) freeze score at each decision, and whether the reference says freezing then.
    percent
        (walks, 2) percent time frozen of each walk by the reference and as detected.
    """

    episodes: tuple[Episode, ...]
    false_cues: int
    free_seconds: float
    free_cued_seconds: float
    scores: FloatArray
    frozen: NDArray[np.bool_]
    percent: FloatArray


def tally_freezing(events: Sequence[Event], annotations: Sequence[Annotation]) -> FreezingTally:
    """Compare the cues, freezes and freeze scores of one pass with the annotated freezes.

    Of the cues, only those that answer a freeze count, not those that somebody asked for.
    """
    experiment = in_experiment(events, annotations)
    usable = measured(events, experiment)
    freezes = [a for a in annotations if a.kind is Kind.FREEZE]
    frozen = annotated_spans(annotations, Kind.FREEZE)
    free = spans.subtract(usable, frozen)

    cues = _lasting(for_a_freeze(events), CueStart, CueEnd)
    starts = np.array([start for start, _ in cues])
    counted = starts[spans.inside(starts, experiment)]
    detected = spans.union(_lasting(events, FreezeStart, FreezeEnd))
    decisions = [e for e in events if isinstance(e, FreezeScore)]
    decided = np.array([e.decided for e in decisions])
    judged = spans.inside(decided, usable)
    return FreezingTally(
        episodes=tuple(
            _episode(freeze, cues)
            for freeze in freezes
            if spans.length(spans.intersect(spans.union([(freeze.onset, freeze.end)]), experiment))
        ),
        false_cues=int((~spans.inside(counted, frozen)).sum()),
        free_seconds=spans.length(free),
        free_cued_seconds=spans.length(spans.intersect(spans.union(cues), free)),
        scores=np.array([e.score for e in decisions])[judged],
        frozen=spans.inside(decided[judged], frozen),
        percent=_percent_time(usable, frozen, detected),
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
        false_cues=sum(part.false_cues for part in parts),
        free_seconds=sum(part.free_seconds for part in parts),
        free_cued_seconds=sum(part.free_cued_seconds for part in parts),
        scores=np.concatenate([part.scores for part in parts]),
        frozen=np.concatenate([part.frozen for part in parts]),
        percent=np.concatenate([part.percent for part in parts]),
    )


def _lasting(
    events: Sequence[Event], begins: type[Event], ends: type[Event]
) -> list[tuple[float, float]]:
    """Each span from an event of one type to the next of the other, or to the last event, s."""
    lasting: list[tuple[float, float]] = []
    began: float | None = None
    for event in events:
        if isinstance(event, begins):
            began = event.time
        elif isinstance(event, ends) and began is not None:
            lasting.append((began, event.time))
            began = None
    return lasting if began is None else [*lasting, (began, events[-1].time)]


def _episode(freeze: Annotation, cues: Sequence[tuple[float, float]]) -> Episode:
    starts = [start for start, _ in cues if freeze.onset <= start < freeze.end]
    return Episode(
        duration=freeze.duration,
        found=bool(starts) or any(a < freeze.end and b > freeze.onset for a, b in cues),
        latency=min(starts) - freeze.onset if starts else None,
    )


def _percent_time(usable: FloatArray, frozen: FloatArray, detected: FloatArray) -> FloatArray:
    """(1, 2) percent of the usable time, by the reference and as detected; (0, 2) without any."""
    whole = spans.length(usable)
    if not whole > 0:
        return np.empty((0, 2))
    shares = [spans.length(spans.intersect(usable, each)) / whole for each in (frozen, detected)]
    return 100 * np.array([shares])
