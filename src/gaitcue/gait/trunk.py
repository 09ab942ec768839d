"""Initial contacts from the trunk: one per step of either foot, whatever the strap's orientation.

Method: the vertical acceleration, band-passed around the step rate, crosses zero upwards at the
initial contact, when the falling trunk begins to be caught by the leading leg; the same landmark
as the zero crossings of Shin & Park (2011), made causal. A Schmitt trigger keeps noise out.
"""

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.contact import Contact
from gaitcue.gait.filters import Butterworth
from gaitcue.gait.intake import Motion
from gaitcue.imu import FloatArray, Side

STEP_BAND = (0.5, 3.0)
"""Hz: from 30 to 180 steps/min; tremor (4-6 Hz) and heel-strike ringing lie above."""

THRESHOLD = 0.3
"""m/s²: how far the band-passed vertical acceleration must swing to both sides of zero. Chosen on
the development subjects of a healthy lower-back set and two slow walkers; see benchmarks."""

SHORTEST_STEP = 0.3
"""s: 200 steps/min, faster than any walking; running and trembling lie above."""

DELAY_CORRECTION = 0.010
"""s: added to the zero crossing; median offset to foot-sensor initial contacts, rounded to 10 ms,
from the same development subjects as `THRESHOLD`."""


class TrunkContacts:
    """Streaming step detector for lower back, waist, chest, head, thigh and wrist."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._filter = Butterworth(2, STEP_BAND, "bandpass", rate)
        self._previous = 0.0
        self._previous_time = 0.0
        self._crossing: float | None = None  # s, latest upward zero crossing
        self._crossing_measured = False
        self._fell = False  # below -THRESHOLD since the last contact
        self._lowest = 0.0
        self._highest = 0.0
        self._last = -np.inf

    def __call__(self, motion: Motion, vertical: FloatArray) -> list[Contact]:
        """Take in the next motion and its (n,) vertical acceleration, m/s²."""
        x = self._filter(vertical)
        before = np.concatenate([[self._previous], x[:-1]])
        up = (before <= 0) & (x > 0)
        fall = (before >= -THRESHOLD) & (x < -THRESHOLD)
        rise = (before <= THRESHOLD) & (x > THRESHOLD)
        contacts = []
        cuts = np.flatnonzero(up | fall | rise)
        extremes = _extremes(x, cuts)
        for row, (low, high) in zip(cuts.tolist(), extremes, strict=False):
            self._lowest = min(self._lowest, low)
            self._highest = max(self._highest, high)
            if up[row]:
                self._cross(motion, before, x, row)
            if fall[row]:
                self._fell = True
            if rise[row] and self._fell and self._crossing is not None:
                contact = self._contact(motion, row)
                if contact is not None:
                    contacts.append(contact)
        low, high = extremes[-1]
        self._lowest, self._highest = min(self._lowest, low), max(self._highest, high)
        self._previous, self._previous_time = float(x[-1]), float(motion.time[-1])
        return contacts

    def _cross(self, motion: Motion, before: FloatArray, x: FloatArray, row: int) -> None:
        start = self._previous_time if row == 0 else float(motion.time[row - 1])
        part = float(-before[row] / (x[row] - before[row]))
        self._crossing = start + part * (float(motion.time[row]) - start)
        self._crossing_measured = bool(motion.measured[row])

    def _contact(self, motion: Motion, row: int) -> Contact | None:
        crossing, swing = self._crossing, self._highest - self._lowest
        self._fell = False
        self._crossing = None
        self._lowest = self._highest = 0.0
        if crossing is None or not self._crossing_measured:
            return None
        decided = float(motion.known[row])
        time = min(crossing + DELAY_CORRECTION, decided)
        if time - self._last < SHORTEST_STEP:
            return None
        self._last = time
        return Contact(
            time=time,
            decided=decided,
            index=int(motion.index[row]),
            # Half sure at the smallest swing that can pass, nearly sure in brisk walking.
            confidence=swing / (swing + 2 * THRESHOLD),
            side=Side.NONE,
            rise=swing,
        )


def _extremes(x: FloatArray, cuts: NDArray[np.intp]) -> list[tuple[float, float]]:
    """Lowest and highest value of each piece of `x` that ends with a cut, and of the rest."""
    pieces = np.split(x, cuts + 1)
    return [(float(p.min(initial=0)), float(p.max(initial=0))) for p in pieces]
