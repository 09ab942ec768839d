"""Initial contacts from the trunk: one per step of either foot, whatever the strap's orientation.

Method: the vertical acceleration, band-passed around the step rate, crosses zero upwards at the
initial contact, when the falling trunk begins to be caught by the leading leg; the same landmark
as the zero crossings of Shin & Park (2011), made causal. A Schmitt trigger keeps noise out.
"""

import numpy as np

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
        self._filter = Butterworth(2, STEP_BAND, "bandpass", rate)
        self._previous = 0.0
        self._previous_time = 0.0
        self._crossing: tuple[float, bool] | None = None  # s of the last upward one, measured?
        self._fell = False  # below -THRESHOLD since the last contact
        self._range = _Range()  # since the last contact
        self._last = -np.inf

    def __call__(self, motion: Motion, vertical: FloatArray, up: FloatArray) -> list[Contact]:
        """Take in the next motion, its (n,) vertical acceleration, m/s², and its (n, 3) `up`."""
        x = self._filter(vertical)
        before = np.concatenate([[self._previous], x[:-1]])
        crosses = (before <= 0) & (x > 0)
        falls = (before >= -THRESHOLD) & (x < -THRESHOLD)
        rises = (before <= THRESHOLD) & (x > THRESHOLD)
        contacts = []
        start = 0
        for row in np.flatnonzero(crosses | falls | rises).tolist():
            if crosses[row]:
                self._crossing = self._cross(motion, before, x, row)
            if falls[row]:
                self._fell = True
            if rises[row] and self._fell:
                self._range.add(x[start : row + 1])
                start = row + 1
                contact = self._contact(motion, row, up[row])
                if contact is not None:
                    contacts.append(contact)
        self._range.add(x[start:])
        self._previous, self._previous_time = float(x[-1]), float(motion.time[-1])
        return contacts

    def _cross(
        self, motion: Motion, before: FloatArray, x: FloatArray, row: int
    ) -> tuple[float, bool]:
        start = self._previous_time if row == 0 else float(motion.time[row - 1])
        part = float(-before[row] / (x[row] - before[row]))
        return start + part * (float(motion.time[row]) - start), bool(motion.measured[row])

    def _contact(self, motion: Motion, row: int, up: FloatArray) -> Contact | None:
        crossing, seen, self._crossing = self._crossing, self._range, None
        self._fell, self._range = False, _Range()
        if crossing is None or not crossing[1]:
            return None
        decided = float(motion.known[row])
        time = min(crossing[0] + DELAY_CORRECTION, decided)
        if time - self._last < SHORTEST_STEP:
            return None
        self._last = time
        return Contact(
            time=time,
            decided=decided,
            index=int(motion.index[row]),
            # Half sure at the smallest swing that can pass, nearly sure in brisk walking.
            confidence=seen.swing / (seen.swing + 2 * THRESHOLD),
            side=Side.NONE,
            up=(float(up[0]), float(up[1]), float(up[2])),
        )


class _Range:
    """Extent of the band-passed acceleration, m/s²."""

    def __init__(self) -> None:
        self._low, self._high = np.inf, -np.inf

    def add(self, acceleration: FloatArray) -> None:
        if len(acceleration) > 0:
            self._low = min(self._low, float(acceleration.min()))
            self._high = max(self._high, float(acceleration.max()))

    @property
    def swing(self) -> float:
        return self._high - self._low
