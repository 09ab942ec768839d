"""A person's own correction of the freezing model, learned from walks with the freezes marked.

It adds to the log-odds a weighted sum of what the model remembers, and a constant: the last layer
is corrected, all before it stays. The weights have a Gaussian prior around 0, so that a few minutes
move them little, and the most probable ones are taken (maximum a posteriori; a logistic regression
with the model's log-odds as its offset). What this brings, and how the prior's width was found:
``docs/explanation/freezing.md``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from gaitcue.errors import InputError
from gaitcue.gait.freezing.model import weights
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray

PRIOR = 0.2
"""Log-odds for each unit of memory, which goes from -1 to 1: standard deviation of the prior. The
one of 0.02 to 0.5 with which the other half of people's recordings was likeliest (``python -m
benchmarks.freezing.dial``), a tick of 0.25 s counting as if it told something of its own."""

ENOUGH = 180.0
"""s without freezing that must be known. From the first few freezes of people who freeze much, and
hardly anything else, the correction learned to find freezes everywhere; of 2 to 5 minutes 3 lost
nothing in whole halves of recordings and gave few more false cues than without a correction."""

FADING = 20.0
"""s: e-folding with which a freeze's later moments count less, as in the training of the model."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was learned of a person at one placement.

    Attributes
    ----------
    model
        Fingerprint of the weights whose memory it belongs to.
    values
        (h + 1,) log-odds for each unit of memory; the last one is always added.

    Raises
    ------
    InputError
        When the values are not such numbers.
    """

    model: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for value in self.values):
            raise InputError("a correction of the freezing model must be of finite numbers")
        expected = len(weights().out)
        if self.fits and len(self.values) != expected:
            raise InputError(
                f"a correction of the freezing model must have {expected} numbers, "
                f"not {len(self.values)}"
            )

    @property
    def fits(self) -> bool:
        """Whether it belongs to the weights that come with the package."""
        return self.model == weights().fingerprint


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """An unbroken stretch of motion in which it is known what was a freeze.

    Attributes
    ----------
    time
        (n,) s, of the ticks.
    memory
        (n, h) of the network after each.
    odds
        (n,) log-odds without a correction.
    counts
        (n,) false where nothing is to be learned.
    freezes
        Onset and end of every freeze, s.
    """

    time: FloatArray
    memory: FloatArray
    odds: FloatArray
    counts: NDArray[np.bool_]
    freezes: Sequence[tuple[float, float]]


def most_probable(lessons: Sequence[Lesson], prior: float = PRIOR) -> FloatArray | None:
    """(h + 1,) values of the correction; None where too little is known.

    That is, where there is no freezing in the lessons, or less than `ENOUGH` of anything else.
    """
    marked = [_marked(lesson) for lesson in lessons]
    frozen = np.concatenate([m[0] for m in marked]) if marked else np.zeros(0, np.bool_)
    if not frozen.any() or int((~frozen).sum()) < ENOUGH * TICKS_PER_SECOND:
        return None
    share = np.concatenate([m[1] for m in marked])
    base = np.concatenate([lesson.odds[lesson.counts] for lesson in lessons])
    memory = np.concatenate([lesson.memory[lesson.counts] for lesson in lessons])
    by = np.column_stack([memory, np.ones(len(base))])
    precision = 1.0 / prior**2

    def surprise(x: FloatArray) -> tuple[float, FloatArray]:
        odds = base + np.dot(by, x)
        lost = np.dot(share, np.logaddexp(0.0, odds) - odds * frozen)
        slope = np.dot(by.T, share * (_probability(odds) - frozen))
        return float(lost + precision * np.dot(x, x) / 2), slope + precision * x

    def curvature(x: FloatArray) -> FloatArray:
        p = _probability(base + np.dot(by, x))
        full: FloatArray = np.dot(by.T * (share * p * (1.0 - p)), by)
        return full + precision * np.eye(len(x))

    start = np.zeros(by.shape[1])
    found = minimize(surprise, start, jac=True, hess=curvature, method="trust-exact")
    return np.asarray(found.x)


def _marked(lesson: Lesson) -> tuple[NDArray[np.bool_], FloatArray]:
    """Of the ticks that count: whether they are frozen, and how much they count."""
    frozen, share = np.zeros(len(lesson.time), np.bool_), np.ones(len(lesson.time))
    for onset, end in lesson.freezes:
        inside = (lesson.time >= onset) & (lesson.time < end)
        frozen |= inside
        share[inside] = np.exp((onset - lesson.time[inside]) / FADING)
    return frozen[lesson.counts], share[lesson.counts]


def _probability(odds: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-np.logaddexp(0.0, -odds)))
