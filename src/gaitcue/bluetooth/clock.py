"""From a sensor's clock to the host's: what it counts, unwrapped, and where it lies in host time.

A notification can arrive late but never early, so the promptest ones lie on the line that joins the
two clocks, and all others above it. Both maps here follow that lower edge; a stall, however long,
leaves it where it is. Why, and how well it does, is in ``docs/explanation/time.md``.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitcue.imu import FloatArray

LARGEST_SKEW = 200e-6
"""How far two clocks run apart, s per s: crystals are within 100 ppm of what they should be."""

LEAST_SPREAD = 5e-6
"""How well a skew can be known at all: a crystal changes by some ppm as a sensor gets warm."""

MEMORY = 300.0
"""s of the sensor's clock in which the line under the promptest arrivals is looked for."""

NEAR = 60.0
"""s, of these, whose promptest arrival the line goes through."""

PROMPTNESS = 2e-3
"""s; of the arrivals of half a minute, the promptest lies this near the line. Seen in recordings
of real links, which have 14 to 36 notifications a second."""

HALF_MINUTE = 30.0
"""s."""

FARTHEST_BEHIND = 0.25
"""s the map may stay behind even the promptest of half a minute; a clock that is slow by far more
than crystals are is then followed as it is."""

STRETCH = 2.0
"""s of the sensor's clock of which a clock map keeps the promptest arrival."""

SEGMENT = 1.0
"""s of arrivals of which a counting map keeps the promptest."""

SEGMENTS = 30
"""Kept: half a minute of them, so that a rate that drifts is followed."""

FEWEST_STRETCHES = 3
"""From here on a line under them is looked for."""

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


@dataclass(frozen=True, slots=True)
class Skew:
    """How much faster than the sensor's the host's clock runs, s per s: `mean` and its `spread`.

    The spread is one standard deviation. Of a sensor never met before, the largest skew is three.
    """

    mean: float = 0.0
    spread: float = LARGEST_SKEW / 3


class ClockMap:
    """Host time of a sensor's clock: a line under all arrivals, through the promptest of them.

    Its slope is that of the edge of the lower convex hull under the middle of the last `MEMORY` s
    (Zhang, Liu and Xia 2002, "Clock synchronization algorithms for network measurements"), weighed
    against what is known of the skew beforehand: over half a minute it tells little, over minutes
    almost all. The map falls at once when a notification is more prompt than the line, and rises
    from it by three spreads of the skew at most. It stays late by the least delay of the link.

    Parameters
    ----------
    skew
        What is known beforehand, such as from an earlier connection to the same sensor.
    """

    def __init__(self, skew: Skew | None = None) -> None:
        self._known = skew or Skew()
        self._skew = self._known
        self._origin: tuple[float, float] | None = None
        """Arrival and device time, s, from which the following count."""
        self._stretches: deque[tuple[float, float]] = deque()
        """Device time, and how much later it is by the host's clock, of each one's promptest."""
        self._stretch: int | None = None
        """Number of the newest."""
        self._least = math.inf
        """Lateness of the promptest of the last `NEAR` s, at the origin."""
        self._device = self._arrival = self._late = 0.0
        """Newest device time and arrival, and the map at that device time."""

    def observe(self, arrival: float, device: float) -> None:
        """Take in that what happened at `device` s on its clock arrived at `arrival` s on ours."""
        if self._origin is None:
            self._origin = arrival, device
        arrival, device = arrival - self._origin[0], device - self._origin[1]
        late = arrival - device
        stretch = int(device // STRETCH)
        if self._stretch is None or stretch > self._stretch:
            self._stretch = stretch
            self._begin_stretch(device, late)
        slope = self._skew.mean
        at_origin = late - slope * device
        if stretch == self._stretch and at_origin < self._at_origin(self._stretches[-1]):
            self._stretches[-1] = device, late
        self._least = min(self._least, at_origin)
        newest = max(device, self._device)
        edge = self._least + slope * newest
        risen = self._late + slope * (newest - self._device)
        if arrival > self._arrival:
            risen += 3 * self._skew.spread * (arrival - self._arrival)
            self._arrival = arrival
        if newest >= HALF_MINUTE / 2:
            risen = max(risen, edge - FARTHEST_BEHIND)
        self._device = newest
        self._late = min(edge, risen)

    @property
    def offset(self) -> float:
        """To be added to the sensor's clock, as it is by now, for host time, s."""
        if self._origin is None:
            return 0.0
        return self._origin[0] - self._origin[1] + self._late

    @property
    def skew(self) -> Skew:
        """What is known of it by now."""
        return self._skew

    def _begin_stretch(self, device: float, late: float) -> None:
        self._fit()
        self._stretches.append((device, late))
        while self._stretches[0][0] < device - MEMORY:
            self._stretches.popleft()
        near = (each for each in self._stretches if each[0] >= device - NEAR)
        self._least = min(map(self._at_origin, near))

    def _at_origin(self, stretch: tuple[float, float]) -> float:
        """Where a line through it meets the origin."""
        device, late = stretch
        return late - self._skew.mean * device

    def _fit(self) -> None:
        """Weigh the slope under all stretches against what was known beforehand."""
        points = list(self._stretches)
        span = points[-1][0] - points[0][0] if points else 0.0
        if len(points) < FEWEST_STRETCHES or span <= 0:
            return
        slope, start = _line_below(points)
        # Where even the promptest of half a minute are far from the line, the link has changed,
        # and the slope tells little of the clocks.
        distance = PROMPTNESS
        for begin in range(int(span / HALF_MINUTE)):
            since = points[0][0] + begin * HALF_MINUTE
            within = [
                late - start - slope * device
                for device, late in points
                if since <= device < since + HALF_MINUTE
            ]
            distance = max(distance, min(within, default=0.0))
        error = 2 * distance / span
        mean, spread = self._known.mean, self._known.spread
        weight = spread**2 / (spread**2 + error**2)
        mean += weight * (slope - mean)
        self._skew = Skew(
            min(max(mean, -LARGEST_SKEW), LARGEST_SKEW),
            max(LEAST_SPREAD, spread * math.sqrt(1 - weight)),
        )


def _line_below(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope, and height at 0, of the lower convex hull under the middle of points in order of x."""
    hull: list[tuple[float, float]] = []
    for x, y in points:
        while len(hull) >= 2:
            (x1, y1), (x2, y2) = hull[-2:]
            if (y2 - y1) * (x - x1) < (y - y1) * (x2 - x1):
                break
            hull.pop()
        hull.append((x, y))
    middle = (points[0][0] + points[-1][0]) / 2
    right = next(number for number, (x, _) in enumerate(hull) if x >= middle)
    (x1, y1), (x2, y2) = hull[right - 1], hull[right]
    slope = (y2 - y1) / (x2 - x1)
    return slope, y1 - slope * x1


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
