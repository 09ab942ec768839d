"""Initial contacts from the trunk: one per step of either foot, whatever the strap's orientation.

Method: the vertical acceleration, band-passed around the step rate, crosses zero upwards at the
initial contact, when the falling trunk begins to be caught by the leading leg; the same landmark
as the zero crossings of Shin & Park (2011), made causal. There the trunk falls fastest. A crossing
is a contact if the trunk gained a least speed falling and lost some of it again: a speed, not an
acceleration, because a slow step is a small acceleration that lasts, and trembling a large one that
does not.
"""

import numpy as np

from gaitcue.gait.confidence import Curve
from gaitcue.gait.contact import Contact
from gaitcue.gait.filters import Butterworth, filtered
from gaitcue.gait.intake import Motion
from gaitcue.imu import FloatArray, Side

STEP_BAND = (0.5, 3.0)
"""Hz: from 30 to 180 steps/min; tremor (4-6 Hz) and heel-strike ringing lie above."""

FALL = 0.04
"""m/s that the trunk must have gained downwards before a contact. An inverted pendulum of 0.9 m
gains as much at 0.3 m/s and 70 steps/min. Trembling at 4 Hz by 0.6 m/s², as in freezes, gains 0.05,
of which the filter leaves half. Our choice; see docs."""

CATCH = 0.01
"""m/s of it that must be lost again, until the contact is decided: a few hundredths of a second."""

SHORTEST_STEP = 0.3
"""s: 200 steps/min, faster than any walking; running and trembling lie above."""

DELAY_CORRECTION = 0.010
"""s: added to the zero crossing; median offset to foot-sensor initial contacts, rounded to 10 ms,
from the development subjects of a healthy lower-back set."""


class TrunkContacts:
    """Streaming step detector for lower back, waist, chest, head, thigh and wrist.

    Parameters
    ----------
    rate
        Hz.
    confidence
        Of the fall before a contact, m/s.
    """

    def __init__(self, rate: float, confidence: Curve) -> None:
        self._confidence = confidence
        self._filter = Butterworth(2, STEP_BAND, "bandpass", rate)
        self._sum = np.array([1.0 / rate]), np.array([1.0, -1.0])  # of acceleration: velocity
        self._state = np.zeros(1)
        self._previous, self._velocity, self._previous_time = 0.0, 0.0, 0.0
        self._crossing = (0.0, False)  # s of the last upward one, measured?
        self._top = 0.0  # m/s: largest velocity since the last contact
        self._bottom: float | None = None  # m/s: smallest since, once it lies `FALL` below
        self._last = -np.inf

    def __call__(self, motion: Motion, vertical: FloatArray, up: FloatArray) -> list[Contact]:
        """Take in the next motion, its (n,) vertical acceleration, m/s², and its (n, 3) `up`."""
        x = self._filter(vertical)
        velocity, self._state = filtered(*self._sum, x, self._state)
        before = np.concatenate([[self._previous], x[:-1]])
        catches = x > 0
        edges = np.flatnonzero(catches != (before > 0)).tolist()
        contacts = []
        for start, stop in zip([0, *edges], [*edges, len(x)], strict=True):
            if start == stop or not catches[start]:
                continue
            if before[start] <= 0:
                self._cross(motion, before, x, velocity, start)
            row = self._caught(velocity, start, stop)
            if row is not None:
                contact = self._contact(motion, row, up[row])
                if contact is not None:
                    contacts.append(contact)
            if self._bottom is None:
                self._top = max(self._top, float(velocity[stop - 1]))
        self._previous, self._velocity = float(x[-1]), float(velocity[-1])
        self._previous_time = float(motion.time[-1])
        return contacts

    def _cross(
        self, motion: Motion, before: FloatArray, x: FloatArray, velocity: FloatArray, row: int
    ) -> None:
        """Take in that the acceleration turns upwards at `row`, where velocity is least."""
        lowest = float(velocity[row - 1]) if row else self._velocity
        if self._bottom is None and self._top - lowest < FALL:
            return
        self._bottom = min(lowest, lowest if self._bottom is None else self._bottom)
        start = float(motion.time[row - 1]) if row else self._previous_time
        part = float(-before[row] / (x[row] - before[row]))
        time = start + part * (float(motion.time[row]) - start)
        self._crossing = time, bool(motion.measured[row])

    def _caught(self, velocity: FloatArray, start: int, stop: int) -> int | None:
        """The first row of [start, stop), in which velocity grows, at which a fall is caught."""
        if self._bottom is None:
            return None
        row = start + int(np.searchsorted(velocity[start:stop], self._bottom + CATCH))
        return row if row < stop else None

    def _contact(self, motion: Motion, row: int, up: FloatArray) -> Contact | None:
        assert self._bottom is not None  # noqa: S101 - a fall was caught
        (crossing, measured), fall = self._crossing, self._top - self._bottom
        self._bottom, self._top = None, -np.inf
        decided = float(motion.known[row])
        time = min(crossing + DELAY_CORRECTION, decided)
        if not measured or time - self._last < SHORTEST_STEP:
            return None
        self._last = time
        return Contact(
            time=time,
            decided=decided,
            index=int(motion.index[row]),
            confidence=self._confidence(fall),
            side=Side.NONE,
            size=fall,
            up=(float(up[0]), float(up[1]), float(up[2])),
        )
