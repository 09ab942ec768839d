"""Whether the sensor is worn: it moves, and feels gravity."""

import math

import numpy as np

from gaitcue.imu import STANDARD_GRAVITY, Samples

STILL = 0.05
"""m/s²: standard deviation of the size of the acceleration within a second, below which a sensor
lies on something. Noise of cheap sensors is 0.01 to 0.03; breathing and pulse move one on the body
by more. Our choice between the two."""

STILL_FOR = 20.0
"""s without any movement after which it is told: longer than anybody stands so still."""

WRONG_GRAVITY = 2.0
"""m/s² that the mean acceleration may differ from gravity: more than any sensor's offset, less than
a wrong range or unit makes."""

QUIET = 0.5
"""m/s²: standard deviation as for `STILL`, up to which somebody stands and the mean is gravity's. A
leg that swings adds the pull of its arc: about 3 m/s² on a simulated shank or foot."""

SETTLED = 5.0
"""Quiet seconds over which gravity is averaged."""


class Wear:
    """Follows one sensor's samples.

    Attributes
    ----------
    still
        Whether it has not moved for `STILL_FOR`.
    gravity
        m/s², of the last quiet seconds; None before any.
    """

    def __init__(self) -> None:
        self.still = False
        self.gravity: float | None = None
        self._moved = math.nan  # when it last did, s
        self._sizes = np.empty(0)
        self._second = math.nan  # when the running second began

    def take(self, samples: Samples) -> None:
        """Take in the next samples."""
        good = samples.acc[~samples.missing]
        if len(good) == 0:
            return
        now = float(samples.time[-1])
        if math.isnan(self._second):
            self._second = self._moved = now
        self._sizes = np.concatenate([self._sizes, np.sqrt((good**2).sum(axis=1))])
        if now < self._second + 1.0:
            return
        spread = float(self._sizes.std())
        if spread > STILL:
            self._moved = now
        if spread <= QUIET:
            mean, part = float(self._sizes.mean()), 1.0 / SETTLED
            self.gravity = mean if self.gravity is None else (1 - part) * self.gravity + part * mean
        self.still = now - self._moved >= STILL_FOR
        self._sizes, self._second = np.empty(0), now

    @property
    def implausible(self) -> bool:
        """Whether what it feels cannot be gravity."""
        return self.gravity is not None and abs(self.gravity - STANDARD_GRAVITY) > WRONG_GRAVITY
