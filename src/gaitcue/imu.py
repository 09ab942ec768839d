"""Samples: blocks of uniformly sampled motion from one body-worn sensor."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

STANDARD_GRAVITY = 9.80665
"""Standard acceleration of gravity, m/s² (BIPM, 3rd CGPM 1901)."""


class Placement(StrEnum):
    """Where on the body a sensor is worn."""

    LOWER_BACK = "lower_back"
    WAIST = "waist"
    SHANK = "shank"
    THIGH = "thigh"
    FOOT = "foot"
    WRIST = "wrist"
    CHEST = "chest"
    HEAD = "head"


class Side(StrEnum):
    """The side of the body a sensor is worn on, or an event belongs to."""

    LEFT = "left"
    RIGHT = "right"
    NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A block of motion on a uniform time grid; a lost sample is a row of NaN, never left out.

    Attributes
    ----------
    time
        (n,) s, increasing by ``1 / rate``.
    acc
        (n, 3) m/s², in the sensor's own axes, with gravity unless `gravity` is false.
    gyr
        (n, 3) rad/s in the same axes, or None when the sensor has no gyroscope.
    placement, side
        Where the sensor is worn; a placement of None is one that nobody has told yet.
    rate
        Sampling rate, Hz.
    gravity
        False for the few sources that publish acceleration with gravity already removed.
    """

    time: FloatArray
    acc: FloatArray
    gyr: FloatArray | None
    placement: Placement | None
    rate: float
    side: Side = Side.NONE
    gravity: bool = True

    def __post_init__(self) -> None:
        n = len(self.time)
        if self.time.shape != (n,) or self.acc.shape != (n, 3):
            raise ValueError(f"acc must be ({n}, 3) for {n} times, got {self.acc.shape}")
        if self.gyr is not None and self.gyr.shape != (n, 3):
            raise ValueError(f"gyr must be ({n}, 3) for {n} times, got {self.gyr.shape}")
        if not self.rate > 0:
            raise ValueError(f"rate must be above 0 Hz, got {self.rate}")

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, rows: slice) -> Self:
        """The same block cut to `rows`."""
        return replace(
            self,
            time=self.time[rows],
            acc=self.acc[rows],
            gyr=None if self.gyr is None else self.gyr[rows],
        )

    @property
    def missing(self) -> NDArray[np.bool_]:
        """(n,) true where a row lacks any of its values."""
        lost: NDArray[np.bool_] = np.logical_or.reduce(np.isnan(self.acc), axis=1)
        if self.gyr is not None:
            lost |= np.logical_or.reduce(np.isnan(self.gyr), axis=1)
        return lost

    def blocks(self, size: int) -> Iterator[Self]:
        """Cut into consecutive blocks of `size` samples; the last one may be shorter."""
        for start in range(0, len(self), size):
            yield self[start : start + size]
