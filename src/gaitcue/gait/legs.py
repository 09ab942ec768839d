"""Initial contacts of one leg from a sensor on its shank or foot, however it is strapped on.

Each stride is one swing, and a swing is one burst of rotation and of acceleration. The size of
the motion (a magnitude, so that orientation cannot matter), band-passed around the stride rate,
falls through zero a fixed while around the initial contact. This keeps time with strides that
shuffle or limp, where single peaks come and go.
"""

from typing import NamedTuple

import numpy as np

from gaitcue.gait.confidence import Curve
from gaitcue.gait.contact import Contact
from gaitcue.gait.filters import Butterworth
from gaitcue.gait.intake import Motion
from gaitcue.imu import FloatArray, Side

SHORTEST_STRIDE = 0.5
"""s: 240 steps/min, faster than any walking."""


class Burst(NamedTuple):
    """How the bursts of one kind of magnitude are followed.

    `order` and `band` (Hz) of the Butterworth band-pass around the stride rate; `threshold` in
    the magnitude's unit; `delay` s from the initial contact to the fall through zero, the median
    on the development subjects of a healthy labelled foot-sensor set, rounded to 10 ms.
    """

    order: int
    band: tuple[float, float]
    threshold: float
    delay: float


ROTATION = Burst(order=1, band=(0.4, 1.5), threshold=0.4, delay=0.08)
"""Of the angular rate, rad/s."""

ACCELERATION = Burst(order=2, band=(0.4, 1.2), threshold=1.0, delay=0.29)
"""Of the acceleration without gravity, m/s², for sensors that have no gyroscope."""


class LegContacts:
    """Streaming detector of one leg's initial contacts.

    Parameters
    ----------
    rate
        Hz.
    side
        Of the leg.
    burst
        What a swing is found by.
    confidence
        Of the burst's peak, in the unit of `burst`.
    """

    def __init__(self, rate: float, side: Side, burst: Burst, confidence: Curve) -> None:
        self._confidence = confidence
        self._filter = Butterworth(burst.order, burst.band, "bandpass", rate)
        self._burst = burst
        self._side = side
        self._previous, self._previous_time = 0.0, 0.0
        self._peak: float | None = None  # of the burst under way
        self._last = -np.inf

    def __call__(self, motion: Motion, magnitude: FloatArray) -> list[Contact]:
        """Take in the next motion and its (n,) magnitude."""
        x = self._filter(magnitude)
        before = np.concatenate([[self._previous], x[:-1]])
        rises = (before <= self._burst.threshold) & (x > self._burst.threshold)
        falls = (before > 0) & (x <= 0)
        contacts = []
        start = 0
        for row in np.flatnonzero(rises | falls).tolist():
            self._track(x[start:row])
            start = row
            if rises[row]:
                self._peak = max(self._peak or 0.0, float(x[row]))
            elif self._peak is not None:
                contact = self._contact(motion, before, x, row)
                if contact is not None:
                    contacts.append(contact)
        self._track(x[start:])
        self._previous, self._previous_time = float(x[-1]), float(motion.time[-1])
        return contacts

    def _track(self, x: FloatArray) -> None:
        if self._peak is not None:
            self._peak = max(self._peak, float(x.max(initial=0.0)))

    def _contact(
        self, motion: Motion, before: FloatArray, x: FloatArray, row: int
    ) -> Contact | None:
        peak, self._peak = self._peak or 0.0, None
        start = self._previous_time if row == 0 else float(motion.time[row - 1])
        part = float(before[row] / (before[row] - x[row]))
        time = start + part * (float(motion.time[row]) - start) - self._burst.delay
        if time - self._last < SHORTEST_STRIDE or not motion.measured[row]:
            return None
        self._last = time
        return Contact(
            time=time,
            decided=float(motion.known[row]),
            index=int(motion.index[row]),
            confidence=self._confidence(peak),
            size=peak,
            side=self._side,
        )
