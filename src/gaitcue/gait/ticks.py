"""The steady beat of decisions: instants fixed by the sample count, not by how blocks are cut."""

import math

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.intake import Motion

TICKS_PER_SECOND = 4
"""Decisions a second; the field scores freezing detectors at this pace."""


def tick_rows(motion: Motion, rate: float) -> NDArray[np.intp]:
    """Rows of `motion` whose sample completes another quarter of a second since the walk began."""
    before = int(motion.index[0]) - 1
    if _beat(int(motion.index[-1]), rate) == _beat(before, rate):  # as in most short blocks
        return np.empty(0, np.intp)
    beats = np.floor(np.arange(before, before + 1 + len(motion)) * TICKS_PER_SECOND / rate)
    return np.flatnonzero(beats[1:] > beats[:-1])


def _beat(index: int, rate: float) -> int:
    return math.floor(index * TICKS_PER_SECOND / rate)
