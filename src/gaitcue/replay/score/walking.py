"""Steps and walking bouts against the reference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gaitcue.events import Event, Step, Stride
from gaitcue.imu import FloatArray, Side
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score import spans
from gaitcue.replay.score.matching import match_times
from gaitcue.replay.score.stretch import annotated_spans, in_experiment

BOUT_MARGIN = 0.5
"""s that a reference bout is widened by at both ends when its steps are scored, so that a step at
its edge may be found up to that much early or late (the tolerance of Micó-Amigo 2023, J NeuroEng
Rehabil 20:78, for initial contacts)."""


@dataclass(frozen=True, slots=True, eq=False)
class StepTally:
    """Initial contacts: how many in the reference, how many detected, and the pairs' errors.

    `errors` is (pairs,) detected minus reference, s.
    """

    reference: int
    detected: int
    errors: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class BoutTally:
    """One quantity over reference walking bouts.

    `pairs` is (bouts, 2): by the reference and as estimated, NaN where nothing was estimated.
    """

    pairs: FloatArray


def tally_steps(
    events: Sequence[Event],
    annotations: Sequence[Annotation],
    *,
    within_bouts: bool,
    side: Side,
    tolerance: float,
) -> StepTally:
    """Match detected steps with annotated initial contacts one to one.

    Parameters
    ----------
    within_bouts
        The reference marks contacts only in its walking bouts: nothing outside them, widened by
        `BOUT_MARGIN`, is scored.
    side
        The contacts and steps of that side only; all of them with ``Side.NONE``.
    tolerance
        Largest distance of a pair, s.
    """
    scored = in_experiment(events, annotations)
    if within_bouts:
        scored = spans.intersect(scored, near_bouts(annotations))
    contacts = [
        a.onset for a in annotations if a.kind is Kind.INITIAL_CONTACT and _of_side(a.side, side)
    ]
    steps = [e.time for e in events if isinstance(e, Step) and _of_side(e.side, side)]
    reference, detected = np.array(contacts), np.array(steps)
    reference = reference[spans.inside(reference, scored)]
    detected = detected[spans.inside(detected, scored)]
    return StepTally(
        reference=len(reference),
        detected=len(detected),
        errors=match_times(reference, detected, tolerance),
    )


def tally_speed(events: Sequence[Event], annotations: Sequence[Annotation]) -> BoutTally:
    """Mean speed of the strides in each reference bout that has a speed, m/s."""
    strides = np.array(
        [
            ((e.start + e.time) / 2, e.speed)
            for e in events
            if isinstance(e, Stride) and e.speed is not None
        ]
    ).reshape(-1, 2)
    bouts = [(a, a.speed) for a in annotations if a.kind is Kind.WALKING_BOUT]
    return _bout_means(strides, bouts)


def tally_stride_length(events: Sequence[Event], annotations: Sequence[Annotation]) -> BoutTally:
    """Mean length of the strides in each reference bout that has a stride length, m."""
    strides = np.array(
        [
            ((e.start + e.time) / 2, e.length)
            for e in events
            if isinstance(e, Stride) and e.length is not None
        ]
    ).reshape(-1, 2)
    bouts = [(a, a.stride_length) for a in annotations if a.kind is Kind.WALKING_BOUT]
    return _bout_means(strides, bouts)


def combine_steps(tallies: Iterable[StepTally]) -> StepTally | None:
    """The tally of all the walks together; None when there is none."""
    parts = list(tallies)
    if not parts:
        return None
    return StepTally(
        reference=sum(part.reference for part in parts),
        detected=sum(part.detected for part in parts),
        errors=np.concatenate([part.errors for part in parts]),
    )


def combine_bouts(tallies: Iterable[BoutTally]) -> BoutTally:
    """The tally of all the walks together."""
    return BoutTally(np.concatenate([np.empty((0, 2)), *(part.pairs for part in tallies)]))


def near_bouts(annotations: Sequence[Annotation]) -> FloatArray:
    """The reference bouts with their margins, (n, 2) s."""
    bouts = annotated_spans(annotations, Kind.WALKING_BOUT)
    return spans.union((start - BOUT_MARGIN, end + BOUT_MARGIN) for start, end in bouts)


def _of_side(side: Side, wanted: Side) -> bool:
    return wanted is Side.NONE or side is wanted


def _bout_means(strides: FloatArray, bouts: list[tuple[Annotation, float | None]]) -> BoutTally:
    """Pair each bout's reference with the mean of the strides whose middle lies in it.

    `strides` is (n, 2): the middle of each stride, s, and its value.
    """
    pairs = [
        (reference, _mean(strides[(strides[:, 0] >= bout.onset) & (strides[:, 0] < bout.end), 1]))
        for bout, reference in bouts
        if reference is not None
    ]
    return BoutTally(np.array(pairs, dtype=float).reshape(-1, 2))


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")
