"""How old the newest motion is, at any moment."""

from collections.abc import Sequence

import numpy as np

from gaitcue.cue.coach import STALE_AFTER
from gaitcue.imu import FloatArray


class Freshness:
    """Knows for any moment of the newest block when the last good sample before it came."""

    def __init__(self) -> None:
        self._good: FloatArray = np.array([-np.inf])

    @property
    def latest(self) -> float:
        """Time of the newest good sample, s."""
        return float(self._good[-1])

    def take(self, good: FloatArray) -> list[tuple[float, float]]:
        """Take in the times of a block's good samples; give the stale stretches among them.

        A stretch is told by the good sample that ends it and the one before it, s.
        """
        self._good = np.concatenate([self._good[-1:], good])
        rows = np.flatnonzero(self._good[:-1] + STALE_AFTER <= self._good[1:])
        return [(float(self._good[row + 1]), float(self._good[row])) for row in rows]

    def at(self, times: Sequence[float]) -> list[float]:
        """For each time, s, the last good sample's."""
        if not times:
            return []
        rows = np.searchsorted(self._good, times, side="right") - 1
        latest: list[float] = self._good[np.maximum(rows, 0)].tolist()
        return latest
