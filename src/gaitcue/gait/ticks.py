"""The steady beat of decisions: instants fixed by the sample count, not by how blocks are cut."""

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.intake import Motion
from gaitcue.imu import FloatArray

TICKS_PER_SECOND = 4
"""Decisions a second; the field scores freezing detectors at this pace."""


def tick_rows(motion: Motion, rate: float) -> NDArray[np.intp]:
    """Rows of `motion` whose sample completes another quarter of a second since the walk began."""
    beat = np.floor(motion.index * TICKS_PER_SECOND / rate)
    beat_before = np.floor((motion.index - 1) * TICKS_PER_SECOND / rate)
    return np.flatnonzero(beat > beat_before)


def hold(values: FloatArray, ticks: NDArray[np.intp], n: int) -> FloatArray:
    """Spread values that change after each tick over `n` rows.

    `values` is (len(ticks) + 1, ...): the one before the first tick, then the one after each.
    """
    edges = np.concatenate([[0], ticks + 1, [n]])
    return np.repeat(values, np.diff(edges), axis=0)
