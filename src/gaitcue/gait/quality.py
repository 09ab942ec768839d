"""Whether the samples can be believed: axes that clip or are stuck, gravity that is not there."""

import numpy as np
from numpy.typing import NDArray

from gaitcue.events import DataProblem
from gaitcue.gait.filters import Sum
from gaitcue.gait.intake import Motion
from gaitcue.gait.orientation import dot
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

CLIPPED_RUN = 3
"""Equal samples in a row at the largest value yet seen on an axis; noise does not repeat there."""

CLIPPED_FROM = 15.0
"""m/s²: the smallest range sold is ±2 g (19.6 m/s²); walking alone stays below this on most
placements."""

STUCK_AFTER = 2.0
"""s without any change on an axis while another moves."""

MOVES = 1.0
"""m/s²: how far the other axes must move in `STUCK_AFTER` for a still axis to be odd."""

PLAUSIBLE_GRAVITY = (0.7 * STANDARD_GRAVITY, 3.0 * STANDARD_GRAVITY)
"""m/s²: mean size of the acceleration over a report's time. Brisk walking reaches 1.6 g at a foot;
a wrong unit is off by ten or more. Our choice."""

REPORT_EVERY = 10.0
"""s: problems are counted and told no more often."""


class Quality:
    """Streaming: acceleration in, problems out, counted over `REPORT_EVERY` seconds."""

    def __init__(self, rate: float, *, gravity: bool) -> None:
        self._gravity = gravity
        self._waiting: list[tuple[FloatArray, FloatArray]] = []  # acc and time, not looked at
        self._size = Sum()  # of the acceleration since the last report
        self._samples = 0
        self._begun = 0.0
        self._period = max(int(REPORT_EVERY * rate), 1)
        self._stuck_samples = int(STUCK_AFTER * rate)
        self._last = np.full(3, np.nan)
        self._run = np.zeros(3, dtype=np.int64)  # samples equal to the one before, per axis
        self._largest = np.zeros(3)
        self._counts = {"clipped": 0, "stuck": 0}
        self._since = {"clipped": 0.0, "stuck": 0.0}

    def __call__(self, motion: Motion) -> list[DataProblem]:
        """Take in the next motion.

        It is looked at when a report is due, because looking at a few samples costs as much.
        """
        problems = []
        if motion.fresh:  # the sample at which one was due may have been lost
            self._look()
        # Cut where a report is due, so that it falls on the same sample for any blocks.
        due = self._period - 1 - int(motion.index[0]) % self._period
        start = 0
        for row in range(due, len(motion), self._period):
            self._waiting.append((motion.acc[start : row + 1], motion.time[start : row + 1]))
            problems += self.report(float(motion.known[row]))
            start = row + 1
        self._waiting.append((motion.acc[start:], motion.time[start:]))
        return problems

    def report(self, now: float) -> list[DataProblem]:
        """Tell what was found since the last report."""
        self._look()
        words = {
            "clipped": "samples at the end of the sensor's range: the true motion was larger",
            "stuck": "samples of an axis that does not change while another moves",
        }
        problems = [
            DataProblem(
                time=self._since[kind], decided=now, kind=kind, count=count, detail=words[kind]
            )
            for kind, count in self._counts.items()
            if count
        ]
        self._counts = dict.fromkeys(self._counts, 0)
        problems += self._weigh(now)
        return problems

    def _weigh(self, now: float) -> list[DataProblem]:
        """Tell whether the acceleration since the last report cannot contain gravity."""
        samples, self._samples = self._samples, 0
        mean = self._size.take() / max(samples, 1)
        few = samples < self._stuck_samples
        if not self._gravity or few or PLAUSIBLE_GRAVITY[0] <= mean <= PLAUSIBLE_GRAVITY[1]:
            return []
        detail = (
            f"samples whose acceleration is {mean / STANDARD_GRAVITY:.2f} times gravity on "
            "average: a wrong unit, or a sensor out of order"
        )
        return [
            DataProblem(time=self._begun, decided=now, kind="gravity", count=samples, detail=detail)
        ]

    def _look(self) -> None:
        if self._waiting:
            acc, time = (np.concatenate(parts) for parts in zip(*self._waiting, strict=True))
            self._waiting = []
            if len(acc) > 0:
                self._count(acc, time)

    def _count(self, acc: FloatArray, time: FloatArray) -> None:
        if self._samples == 0:
            self._begun = float(time[0])
        self._samples += len(acc)
        self._size.add(np.sqrt(dot(acc, acc)))
        before = np.vstack([self._last, acc[:-1]])
        change = np.abs(acc - before)
        runs = _run_lengths(change == 0, self._run)
        size = np.abs(acc)
        largest = np.maximum.accumulate(np.vstack([self._largest, size]))[1:]
        clipped = (runs == CLIPPED_RUN - 1) & (size >= CLIPPED_FROM) & (size == largest)
        # The run's first samples are counted when its third shows it to be one.
        more = (runs >= CLIPPED_RUN) & (size >= CLIPPED_FROM) & (size == largest)
        self._add("clipped", time, clipped.any(axis=1) | more.any(axis=1),
                  int(clipped.sum()) * CLIPPED_RUN + int(more.sum()))  # fmt: skip
        stuck = runs >= self._stuck_samples
        if stuck.any():
            others = change.sum(axis=1, keepdims=True) - change
            moving = others > MOVES / self._stuck_samples
            self._add("stuck", time, (stuck & moving).any(axis=1), int((stuck & moving).sum()))
        self._last, self._run, self._largest = acc[-1], runs[-1], largest[-1]

    def _add(self, kind: str, time: FloatArray, where: NDArray[np.bool_], count: int) -> None:
        if count and not self._counts[kind]:
            self._since[kind] = float(time[np.argmax(where)])
        self._counts[kind] += count


def _run_lengths(same: NDArray[np.bool_], before: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n, k) how many rows in a row `same` has been true up to each row, `before` included."""
    n = len(same)
    number = np.arange(1, n + 1)[:, np.newaxis]
    broken = np.maximum.accumulate(np.where(same, 0, number))
    return np.where(broken > 0, number - broken, number + before)
