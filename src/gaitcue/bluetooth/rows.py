"""Rows waiting for those before them, and the even beat on which they are given out."""

import numpy as np

from gaitcue.imu import FloatArray

PULL_TIME = 1.0
"""s in which the beat makes up for a difference from the mapped clock, when that is small."""

STEEPEST_PULL = 0.02
"""Of the rate: the beat is hurried or held back by no more, so that a block stays even."""


class Rows:
    """Rows of a connection by number; each is given out once it is whole and none is before it.

    `width` is 3 for acc alone and 6 with gyr behind it. Rows are remembered for `memory` rows
    after they were given out, so that one that comes again is known.
    """

    def __init__(self, width: int, memory: int) -> None:
        self._width = width
        self._memory = memory
        self._base = -memory
        self._values = np.full((4 * memory, width), np.nan)
        self._has = np.zeros((4 * memory, width // 3), np.bool_)
        self._next: int | None = None
        self._end = -memory

    @property
    def end(self) -> int:
        """Number of the row after the last that has come."""
        return self._end

    @property
    def next(self) -> int:
        """Number of the first row that was not given out yet."""
        if self._next is not None:
            return self._next
        came = self._has.any(axis=1)
        return self._base + int(came.argmax()) if came.any() else self._end

    def put(self, first: int, acc: FloatArray | None, gyr: FloatArray | None) -> tuple[int, int]:
        """Take in rows from number `first` on, (n, 3) each, or one of them alone.

        Returns how many of them had come before, and how many come too late for their place.
        """
        parts = [(part, values) for part, values in ((0, acc), (1, gyr)) if values is not None]
        if first < self._end:
            counts = [self._fill(first, part, values) for part, values in parts]
            return max(again for again, _ in counts), max(late for _, late in counts)
        end = first + len(parts[0][1])  # nothing can have come there
        self._make_room(end - self._base)
        rows = slice(first - self._base, end - self._base)
        for part, values in parts:
            self._values[rows, 3 * part : 3 * part + 3] = values
            self._has[rows, part] = True
        self._end = end
        return 0, 0

    def _fill(self, first: int, part: int, values: FloatArray) -> tuple[int, int]:
        """Put in what may have come before, or come too late: as `put`."""
        early = min(max(0, self._base - first), len(values))
        values = values[early:]
        if not len(values):
            return 0, early
        start = first + early - self._base
        self._make_room(start + len(values))
        rows = slice(start, start + len(values))
        came = self._has[rows, part]
        repeated, late = 0, early
        if came.any() or (self._next is not None and first + early < self._next):
            place = np.arange(first + early, first + early + len(values))
            passed = place < (self._base if self._next is None else self._next)
            repeated = int(came.sum())
            late += int((passed & ~came).sum())
            fresh = ~(came | passed)
            self._values[rows, 3 * part : 3 * part + 3][fresh] = values[fresh]
            came |= fresh
        else:
            self._values[rows, 3 * part : 3 * part + 3] = values
            came[:] = True
        self._end = max(self._end, first + early + len(values))
        return repeated, late

    def take(self, hold: int) -> FloatArray:
        """The rows (n, width) that are due: whole ones, and those `hold` rows behind the newest."""
        begin = self.next
        self._next = begin
        has = self._has[begin - self._base : self._end - self._base]
        due = len(has)
        if not has.all():
            waiting = np.asarray(has.all(axis=1))
            due = max(int(waiting.argmin()), len(waiting) - hold, 0)
            while due < len(waiting) and waiting[due]:
                due += 1
        start = begin - self._base
        given = self._values[start : start + due].copy()
        self._next = begin + due
        self._forget()
        return given

    def _make_room(self, length: int) -> None:
        if length > len(self._values):
            more = max(length, 2 * len(self._values)) - len(self._values)
            self._values = np.concatenate([self._values, np.full((more, self._width), np.nan)])
            self._has = np.concatenate([self._has, np.zeros((more, self._width // 3), np.bool_)])

    def _forget(self) -> None:
        assert self._next is not None  # noqa: S101 - set by take
        surplus = self._next - self._memory - self._base
        if surplus > self._memory:
            kept = slice(surplus, self._end - self._base)
            values, has = self._values[kept].copy(), self._has[kept].copy()
            self._values = np.full((max(4 * self._memory, len(values)), self._width), np.nan)
            self._has = np.zeros((len(self._values), self._width // 3), np.bool_)
            self._values[: len(values)], self._has[: len(has)] = values, has
            self._base += surplus


class Beat:
    """Times of the rows that are given out: even in each block, and following the mapped clock."""

    def __init__(self) -> None:
        self._last: float | None = None

    @property
    def last(self) -> float | None:
        """Time of the last row, s; None before the first."""
        return self._last

    def resume(self, at: float, period: float) -> FloatArray:
        """Have the next row come at about `at` s; the times (n,) of the rows lost until then."""
        if self._last is None:
            self._last = at - period
        lost = round((at - self._last) / period) - 1
        if lost < 1:
            return np.empty(0)
        step = (at - self._last) / (lost + 1)
        times = self._last + step * np.arange(1, lost + 1, dtype=np.float64)
        self._last = at - period if at - period > times[-1] else float(times[-1])
        return times

    def times(self, count: int, end: float, period: float) -> FloatArray:
        """Times (count,) of the next rows, the last of which the mapped clock puts at `end` s."""
        assert self._last is not None  # noqa: S101 - resumed before
        length = count * period
        error = end - (self._last + length)
        pull = min(max(error / max(PULL_TIME, length), -STEEPEST_PULL), STEEPEST_PULL)
        times = self._last + period * (1 + pull) * np.arange(1, count + 1, dtype=np.float64)
        self._last = float(times[-1])
        return times
