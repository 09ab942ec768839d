"""What comes in: missing samples found, short gaps bridged for the filters, long ones told."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gaitcue.events import DataProblem, Event, SensorGap
from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Samples

BRIDGE = 0.25
"""s: the longest gap the filters are carried across. About half a step at 120 steps/min, so that
no step can be hidden in it whole; our choice."""

RESOLVED = 1 / (2 * 3.0)
"""s: a gap up to this long hides nothing of what lies below 3 Hz, where contacts are looked for,
because a signal is known from samples half a period apart (Shannon 1949). What is found in such a
bridge was seen from both its sides."""

IMPOSSIBLE_ACC = 100 * STANDARD_GRAVITY
"""m/s²: beyond what any wearable accelerometer measures; such a value is a broken sample."""

IMPOSSIBLE_GYR = 100.0
"""rad/s (5700 °/s): beyond what any wearable gyroscope measures (4000 °/s)."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """A stretch of motion without holes, as the filters need it.

    Attributes
    ----------
    index
        (n,) number of each sample since the start of the walk, lost ones counted.
    time
        (n,) s.
    known
        (n,) s, when each row was known: its own time, or for a bridged row the time of the sample
        that ended the gap.
    measured
        (n,) false for rows of a bridge longer than `RESOLVED`, in which nothing may be found.
    acc, gyr
        (n, 3) m/s² and rad/s, the sensor's axes.
    fresh
        True when the filters must start anew with the first row.
    """

    index: NDArray[np.int64]
    time: FloatArray
    known: FloatArray
    measured: NDArray[np.bool_]
    acc: FloatArray
    gyr: FloatArray | None
    fresh: bool

    def __len__(self) -> int:
        return len(self.time)


class Intake:
    """Turns blocks of samples into hole-free motion; counts and tells what was missing."""

    def __init__(self, rate: float, *, gyroscope: bool) -> None:
        self._rate = rate
        self._columns = 6 if gyroscope else 3
        self._impossible = np.repeat([IMPOSSIBLE_ACC, IMPOSSIBLE_GYR], 3)[: self._columns]
        self._longest_bridge = int(BRIDGE * rate)
        self._count = 0
        self._last: FloatArray | None = None  # the last measured row
        self._gap = _Gap()

    def __call__(self, samples: Samples) -> tuple[list[Motion], list[Event]]:
        """Take in the next samples; give the motion now known and the events about gaps."""
        values = samples.acc if samples.gyr is None else np.hstack([samples.acc, samples.gyr])
        if values.shape[1] != self._columns:
            raise ValueError("a sensor cannot gain or lose its gyroscope during a walk")
        index = np.arange(self._count, self._count + len(values))
        self._count += len(values)
        events: list[Event] = []
        present = self._present(values, samples.time, events)
        motions: list[Motion] = []
        # Boundaries between runs of missing and of present rows.
        edges = np.flatnonzero(present[1:] != present[:-1]) + 1
        for rows in (slice(a, b) for a, b in _pairs(edges, len(values))):
            if not present[rows.start]:
                self._gap.add(samples.time[rows], keep=self._longest_bridge)
                continue
            fresh = self._last is None
            if self._gap.samples:
                known = float(samples.time[rows.start])
                reset = fresh or self._gap.samples > self._longest_bridge
                events.append(self._gap.event(known, reset=reset))
                if not reset:
                    motions.append(self._bridge(values[rows.start], int(index[rows.start]), known))
                fresh = reset
                self._gap = _Gap()
            measured = np.ones(rows.stop - rows.start, dtype=np.bool_)
            time = samples.time[rows]
            motions.append(self._motion(index[rows], time, time, measured, values[rows], fresh))
            self._last = values[rows.stop - 1]
        return motions, events

    def finish(self) -> list[Event]:
        """Tell a gap that is still open at the end of the walk."""
        if not self._gap.samples:
            return []
        return [self._gap.event(self._gap.last + 1 / self._rate, reset=True)]

    def _present(
        self, values: FloatArray, time: FloatArray, events: list[Event]
    ) -> NDArray[np.bool_]:
        """(n,) whether each row has all its values and none is impossible (those are told)."""
        # A comparison with NaN is false, so `ordinary` already means present and possible.
        ordinary: NDArray[np.bool_] = np.logical_and.reduce(
            np.abs(values) < self._impossible, axis=1
        )
        if ordinary.all():
            return ordinary
        for row in np.flatnonzero(~ordinary & ~np.isnan(values).any(axis=1)):
            detail = "a value that no motion sensor can measure; the sample is taken as missing"
            at = float(time[row])
            events.append(
                DataProblem(time=at, decided=at, kind="impossible_value", count=1, detail=detail)
            )
        return ordinary

    def _bridge(self, after: FloatArray, index: int, known: float) -> Motion:
        """Rows on a straight line across a short gap that ends before row `index`."""
        assert self._last is not None  # noqa: S101 - a gap before the first row is never bridged
        n = self._gap.samples
        part = (np.arange(1, n + 1) / (n + 1))[:, np.newaxis]
        return self._motion(
            np.arange(index - n, index),
            np.array(self._gap.times),
            np.full(n, known),
            np.full(n, n <= RESOLVED * self._rate),
            self._last + part * (after - self._last),
            fresh=False,
        )

    def _motion(
        self,
        index: NDArray[np.int64],
        time: FloatArray,
        known: FloatArray,
        measured: NDArray[np.bool_],
        values: FloatArray,
        fresh: bool,
    ) -> Motion:
        gyr = values[:, 3:] if self._columns > 3 else None
        return Motion(index, time, known, measured, values[:, :3], gyr, fresh)


class _Gap:
    """A run of missing rows, of any length in little memory."""

    def __init__(self) -> None:
        self.samples = 0
        self.times: list[float] = []  # s, of the rows of a gap short enough to be bridged
        self.last = 0.0  # s

    def add(self, time: FloatArray, keep: int) -> None:
        """Take in the next missing rows; remember at most `keep` of their times."""
        self.times += time[: max(keep - len(self.times), 0)].tolist()
        self.samples += len(time)
        self.last = float(time[-1])

    def event(self, end: float, *, reset: bool) -> SensorGap:
        """The gap, which ended at `end` s."""
        return SensorGap(
            time=self.times[0], decided=end, end=end, samples=self.samples, reset=reset
        )


def _pairs(edges: NDArray[np.int64], n: int) -> list[tuple[int, int]]:
    """Consecutive [start, stop) pairs that cover `n` rows, cut at `edges`."""
    if n == 0:
        return []
    return list(pairwise([0, *edges.tolist(), n]))
