"""From a sensor's clock to the host's: what it counts, unwrapped, and where it lies in host time.

A notification can arrive late but never early, so the promptest ones lie on the line that joins the
two clocks, and all others above it. Both maps here follow that lower edge; a stall, however long,
leaves it where it is. Why, and how well it does, is in ``docs/explanation/time.md``.
"""

from collections import deque

import numpy as np

from gaitcue.imu import FloatArray

WINDOW = 30.0
"""s of arrivals among which the promptest is looked for: long enough to hold prompt ones on a bad
link, short enough to follow a drifting clock (at 50 ppm it moves by 1.5 ms)."""

STEEPEST_RISE = 200e-6
"""How fast the map may rise, s per s. Crystals are within 100 ppm, so that two differ by 200."""

FARTHEST_BEHIND = 0.25
"""s the map may stay behind even the promptest of a full window; a clock that is slow by far more
than crystals are is then followed as it is."""

SEGMENT = 1.0
"""s of arrivals of which a counting map keeps the promptest."""

SEGMENTS = 30
"""Kept: with `SEGMENT`, the same `WINDOW`."""

FEWEST_SEGMENTS = 4
"""From here on the arrivals tell the rate better than the data sheet, which can be off by 2 %."""

STEP_SEGMENTS = 3
"""Segments that must all come late before samples count as lost."""


def unwrap(raw: int, previous: int, modulus: int) -> int:
    """What a counter that wraps at `modulus` stands for, given what it stood for before.

    A step of up to a quarter of the modulus back is taken as one out of order, not as a wrap.
    """
    back = modulus // 4
    return previous - back + (raw - previous + back) % modulus


class ClockMap:
    """Host time of a sensor's clock: the least delay of the last `WINDOW` s, with slope 1.

    The map falls at once when a notification arrives more promptly than any before, and rises by
    `STEEPEST_RISE` at most. It stays late by the least delay of the link, which is constant.
    """

    def __init__(self) -> None:
        self._least: deque[tuple[float, float]] = deque()
        """(arrival, arrival - device) s of what may yet be the least; both rise from the left."""
        self._offset = 0.0
        self._at = 0.0
        self._full_since = 0.0

    def observe(self, arrival: float, device: float) -> None:
        """Take in that what happened at `device` s on its clock arrived at `arrival` s on ours."""
        difference = arrival - device
        least = self._least
        while least and least[0][0] < arrival - WINDOW:
            least.popleft()
        empty = not least
        while least and least[-1][1] >= difference:
            least.pop()
        least.append((arrival, difference))
        if empty:
            self._full_since = arrival
            if self._at == 0.0 and self._offset == 0.0:
                self._offset, self._at = difference, arrival
        edge = least[0][1]
        risen = self._offset + STEEPEST_RISE * max(0.0, arrival - self._at)
        if arrival - self._full_since >= WINDOW / 2:
            risen = max(risen, edge - FARTHEST_BEHIND)
        self._offset, self._at = min(edge, risen), arrival

    @property
    def offset(self) -> float:
        """To be added to the sensor's clock for host time, s."""
        return self._offset


class CountMap:
    """Host time of a sensor's sample numbers, for sensors without a clock.

    The line under the promptest arrivals; its slope is the median of all slopes between the
    promptest arrivals of `SEGMENTS` segments (Theil 1950, Sen 1968), which no stall can turn.
    """

    def __init__(self, period: float) -> None:
        self._period = period
        self._segment = -1
        self._numbers: deque[int] = deque(maxlen=SEGMENTS)
        self._arrivals: deque[float] = deque(maxlen=SEGMENTS)
        self._offset = 0.0

    def observe(self, arrival: float, number: int) -> bool:
        """Take in that sample `number` arrived at `arrival` s, as the last of its notification.

        True when a segment is full, so that it is time to ask for what was `lost`.
        """
        segment = int(arrival / SEGMENT)
        full = segment > self._segment or not self._numbers
        if full:
            self._segment = segment
            self._fit()
            self._numbers.append(number)
            self._arrivals.append(arrival)
        else:
            late = arrival - self._arrivals[-1] - (number - self._numbers[-1]) * self._period
            if late >= 0:
                return full
            self._numbers[-1], self._arrivals[-1] = number, arrival
        self._offset = float(self._lateness().min())
        return full

    def time(self, number: int) -> float:
        """Host time of sample `number`, s."""
        return self._offset + number * self._period

    @property
    def told(self) -> bool:
        """Whether the arrivals have told the rate."""
        return len(self._numbers) >= FEWEST_SEGMENTS

    @property
    def period(self) -> float:
        """From one sample to the next, s, as the arrivals tell."""
        return self._period

    def lost(self) -> int:
        """How many samples are missing, judged by arrivals that have come to stay late.

        Only to be asked of a sensor that does not count its samples.
        """
        if len(self._numbers) < FEWEST_SEGMENTS + STEP_SEGMENTS + 1:
            return 0
        numbers = np.array(self._numbers, float)[:-1]  # the newest segment may get prompter yet
        arrivals = np.array(self._arrivals)[:-1]
        before, since = slice(None, -STEP_SEGMENTS), slice(-STEP_SEGMENTS, None)
        slope = _median_slope(numbers[before], arrivals[before])
        late = arrivals - slope * numbers
        spread = float(np.ptp(late[before]))
        step = float(late[since].min() - np.median(late[before]))
        return round(step / self._period) if step > max(self._period, 2 * spread) else 0

    def skip(self, count: int) -> None:
        """Number the latest samples as if `count` more had come before them."""
        for row in range(-min(STEP_SEGMENTS + 1, len(self._numbers)), 0):
            self._numbers[row] += count
        self._fit()
        self._offset = float(self._lateness().min())

    def _lateness(self) -> FloatArray:
        return np.array(self._arrivals) - self._period * np.array(self._numbers, float)

    def _fit(self) -> None:
        if len(self._numbers) >= FEWEST_SEGMENTS:
            numbers, arrivals = np.array(self._numbers, float), np.array(self._arrivals)
            self._period = _median_slope(numbers, arrivals)


def _median_slope(x: FloatArray, y: FloatArray) -> float:
    """Of all pairs of points (n,), of which the farther half is taken, that tells most."""
    first, second = np.triu_indices(len(x), max(1, len(x) // 2))
    return float(np.median((y[second] - y[first]) / (x[second] - x[first])))
