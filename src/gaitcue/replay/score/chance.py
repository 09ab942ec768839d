"""The chance level: the same cues and scores, but shifted in time against the reference.

Each walk's cues are moved round its time in the experiment as on a clock face, by the same random
amount for all of them. That keeps how many they are, how long they last and how they follow each
other, and takes away only that they have to do with the freezes (circular-shift surrogates;
Theiler et al. 1992, Physica D 58:77, for the idea).
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from gaitcue.events import Event, WalkStart
from gaitcue.imu import FloatArray
from gaitcue.recording.model import Annotation
from gaitcue.replay.score import spans
from gaitcue.replay.score.agreement import roc_area
from gaitcue.replay.score.episodes import LONG, Span

SHIFTS = 999
"""Times that each walk is shifted: a p-value of 0.001 can just be reached."""

SEED = 19790811
"""Any fixed number: the figures must come out the same again."""

FOUND, FOUND_STRICT, LONG_FOUND, LONG_FOUND_STRICT, FALSE = range(5)
"""Columns of `Counts`: episodes found by any overlap and by a cue starting inside, the same of
those of 5 s or more, and false cues."""

Counts = NDArray[np.int64]
"""(`SHIFTS`, 5) what was counted with each shift."""


def shifted_counts(
    cues: Sequence[Span], freezes: Sequence[Annotation], experiment: FloatArray, start: Event
) -> Counts:
    """What would be counted with the cues of a walk shifted, once for each shift.

    Parameters
    ----------
    cues
        [start, end) of each, s.
    freezes
        The reference episodes.
    experiment
        Where cues and episodes are counted, (n, 2) s; they are shifted along this time alone.
    start
        Of the walk, which has its shifts by its name.
    """
    counts = np.zeros((SHIFTS, 5), dtype=np.int64)
    whole = spans.length(experiment)
    begins, ends = np.array(cues, dtype=float).reshape(-1, 2).T
    starting = spans.inside(begins, experiment)
    begins, ends = _elapsed(begins, experiment), _elapsed(ends, experiment)
    heard = starting | (ends > begins)
    begins, ends, starting = begins[heard], ends[heard], starting[heard]
    if not len(begins):
        return counts
    moved = (begins + _rng(start).uniform(0, whole, (SHIFTS, 1))) % whole
    until = moved + (ends - begins)
    false = np.broadcast_to(starting, moved.shape).copy()
    for freeze in freezes:
        onset, end = _elapsed(np.array([freeze.onset, freeze.end]), experiment)
        inside = (moved >= onset) & (moved < end) & starting
        overlap = ((moved < end) & (until > onset)) | (until > onset + whole)  # or past midnight
        strict, found = inside.any(axis=1), (inside | overlap).any(axis=1)
        false &= ~inside
        counts[:, FOUND] += found
        counts[:, FOUND_STRICT] += strict
        if freeze.duration >= LONG:
            counts[:, LONG_FOUND] += found
            counts[:, LONG_FOUND_STRICT] += strict
    counts[:, FALSE] = false.sum(axis=1)
    return counts


def shifted_areas(
    scores: FloatArray, frozen: NDArray[np.bool_], decisions: NDArray[np.int64]
) -> FloatArray:
    """Areas under the ROC curve with each walk's scores shifted, (`SHIFTS`,) or empty without both.

    Parameters
    ----------
    scores, frozen
        (n,) of all decisions, walk by walk.
    decisions
        (walks,) how many of the n each walk has.
    """
    if roc_area(scores, frozen) is None:
        return np.empty(0)
    ranks = np.asarray(rankdata(scores))
    rng = np.random.default_rng(SEED)
    total = np.zeros(SHIFTS)
    borders = np.cumsum(decisions)[:-1]
    for rank, label in zip(np.split(ranks, borders), np.split(frozen, borders), strict=True):
        if label.any():  # the sum of the ranks that the labels meet, for every shift at once
            spectrum = np.fft.rfft(rank) * np.conj(np.fft.rfft(label.astype(float)))
            sums = np.fft.irfft(spectrum, len(rank))
            total += sums[rng.integers(0, len(rank), SHIFTS)]
    positives = int(frozen.sum())
    return (total - positives * (positives + 1) / 2) / (positives * (len(frozen) - positives))


def p_value(observed: float, shifted: FloatArray, *, low_is_good: bool = False) -> float:
    """Chance that shifted cues do as well (Davison & Hinkley 1997, Bootstrap Methods, ch. 4)."""
    slack = 1e-9  # of sums by Fourier transform
    better = shifted <= observed + slack if low_is_good else shifted >= observed - slack
    return float((1 + better.sum()) / (1 + len(shifted)))


def _rng(start: Event) -> np.random.Generator:
    name = f"{start.recording}/{start.sensor}" if isinstance(start, WalkStart) else ""
    return np.random.default_rng([SEED, crc32(name.encode())])


def _elapsed(times: FloatArray, experiment: FloatArray) -> FloatArray:
    """How much of the experiment was over at each of `times`, s."""
    ends = np.cumsum(experiment[:, 1] - experiment[:, 0])
    begun = np.concatenate([[0.0], ends[:-1]])
    corners = np.stack([experiment, np.stack([begun, ends], axis=1)], axis=2).reshape(-1, 2)
    if not len(corners):
        return np.zeros(len(times))
    return np.asarray(np.interp(times, corners[:, 0], corners[:, 1]))
