"""Placing rows that carry time stamps or a counter onto the uniform time grid.

A row that was lost becomes a row of NaN. Rows whose stamp repeats, goes backward or is missing
are counted and told; they are put into a free place where there is one, and never make the rows
after them come earlier or later. A counter is a time stamp once divided by the rate.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray
from gaitcue.recording.clock import CHUNK_ROWS, FARTHEST, Clock, estimate_clock
from gaitcue.recording.model import BLOCK_ROWS
from gaitcue.recording.pace import rate_problems
from gaitcue.recording.stamps import AHEAD_ROWS, Trust, delivery_order, judge_stamps

IntArray = NDArray[np.int64]

EXACT = 0.01
"""Of a sample: stamps this close to the grid are the grid, and are kept to the last bit."""

RATE_TOLERANCE = 0.02
"""A clock may run this much fast or slow (its drift) before it counts as another rate."""

LATENESS_BORNE = 0.05
"""s; if even the promptest of many rows is later than this, rows before them were lost."""

EARLIEST = 0.25
"""s, beyond twice the jitter: rows placed later than measured by more than this are too many."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Consecutive rows of the grid: `time` (n,) s and `values` (n, columns), NaN where lost."""

    time: FloatArray
    values: FloatArray


@dataclass(slots=True)
class TimeGrid:
    """Streaming placement of rows on the grid of one sensor.

    Feed consecutive rows to `place` and call `finish` at the end; both yield what is ready.
    Stamps within `exact` of a sample of the grid are kept as they are.
    """

    clock: Clock
    exact: float = EXACT
    _held_stamps: FloatArray = field(default_factory=lambda: np.empty(0), init=False)
    _held_rows: FloatArray = field(default_factory=lambda: np.empty((0, 0)), init=False)
    _next: float | None = field(default=None, init=False)
    """Time of the first grid row not given out yet, s."""
    _last: float = field(default=-np.inf, init=False)
    """The latest trusted stamp, s."""
    _shift: float = field(default=0.0, init=False)
    """Added to stamps since the file's clock last jumped, s."""
    _last_row: FloatArray | None = field(default=None, init=False)
    _told_bursty: bool = field(default=False, init=False)

    def place(self, stamps: FloatArray, rows: FloatArray) -> Iterator[Placed | DataProblem]:
        """Take the next rows, `stamps` (n,) s and `rows` (n, columns), in the order of the file."""
        stamps = np.where(np.abs(stamps) < FARTHEST, stamps, np.nan)
        if len(self._held_stamps):
            stamps = np.concatenate([self._held_stamps, stamps])
            rows = np.concatenate([self._held_rows, rows])
        shifted = stamps + self._shift if self._shift else stamps
        if self._on_grid(shifted):
            self._hold(stamps[:0], rows[:0])
            if len(shifted):
                yield Placed(shifted, rows)
                self._next = float(shifted[-1]) + 1 / self.clock.rate
                self._last, self._last_row = float(shifted[-1]), rows[-1]
            return
        order, late = delivery_order(stamps, 1 / self.clock.rate)
        if late:
            stamps, rows = stamps[order], rows[order]
        ready = max(0, len(stamps) - AHEAD_ROWS)
        self._hold(stamps[ready:], rows[ready:])
        yield from self._place(stamps, rows, ready)
        if late:
            yield self._told_late(float(shifted[np.argmax(order != np.arange(len(order)))]), late)

    def finish(self) -> Iterator[Placed | DataProblem]:
        """Place the last rows."""
        stamps, rows = self._held_stamps, self._held_rows
        self._hold(stamps[:0], rows[:0])
        yield from self._place(stamps, rows, len(stamps))

    def _told_late(self, at: float, count: int) -> DataProblem:
        return DataProblem(
            time=at,
            decided=at if self._next is None else max(at, self._next),
            kind="late_rows",
            count=count,
            detail=f"rows delivered after later ones: {count} (all put in their places)",
        )

    def _hold(self, stamps: FloatArray, rows: FloatArray) -> None:
        self._held_stamps, self._held_rows = stamps, rows

    def _on_grid(self, stamps: FloatArray) -> bool:
        """Whether the stamps are the grid themselves, as in most files."""
        rate = self.clock.rate
        if self._next is not None and len(stamps):
            lag = (stamps[0] - self._next) * rate
            if not abs(lag) < max(0.25, self.exact):
                return False
        return bool((np.abs(np.diff(stamps) * rate - 1) < self.exact).all()) and bool(
            np.isfinite(stamps[:1]).all()
        )

    def _place(
        self, stamps: FloatArray, rows: FloatArray, ready: int
    ) -> Iterator[Placed | DataProblem]:
        """Place the first `ready` rows; the others are only looked at."""
        start = 0
        while start < ready:
            trust = judge_stamps(
                stamps[start:] + self._shift,
                ready - start,
                last=self._last,
                tolerance=self.clock.jitter if self.clock.bursty else 0.0,
            )
            end = start + len(trust.trusted)
            if end > start:
                shifted = stamps[start:end] + self._shift
                ahead = stamps[end:] if trust.jump is None else stamps[:0]
                yield from self._place_stretch(shifted, rows[start:end], trust, ahead)
            if trust.jump is not None:
                yield self._follow_jump(stamps[end], trust.jump)
            start = end

    def _follow_jump(self, stamp: float, jump: float) -> DataProblem:
        """Put the row that comes after a jump of the file's clock right after the one before it."""
        at = float(stamp) if self._next is None else self._next
        self._shift = at - float(stamp)
        self._last = -np.inf
        way = "back" if jump < 0 else "forward"
        return DataProblem(
            time=at,
            decided=at,
            kind="clock_jump",
            count=1,
            detail=f"the clock of the file jumps {way} by {abs(jump):.6g} s at {at:.3f} s; "
            "the rows after it are placed right after those before it",
        )

    def _place_stretch(
        self, stamps: FloatArray, rows: FloatArray, trust: Trust, ahead: FloatArray
    ) -> Iterator[Placed | DataProblem]:
        """Place rows between two jumps of the clock; `ahead` are the stamps that follow them."""
        rate = self._local_rate(stamps[trust.trusted])
        good = np.flatnonzero(trust.trusted)
        if self._next is None or self._last == -np.inf:
            stamps = stamps + self._anchor(stamps[good], rate)
        assert self._next is not None  # noqa: S101 - set by the anchor
        coming = ahead[np.isfinite(ahead)] + self._shift
        slots, left_out = self._slots(stamps[good], coming, rate)
        crowding = rate_problems(stamps[good], slots, left_out, self.clock.rate)
        good, stamps_good = good[~left_out], stamps[good[~left_out]]
        slots = slots[~left_out]
        filled, unplaced = _fill(trust, slots, good, rows, self._last_row)
        places = np.concatenate([slots, filled[:, 1]])
        source = np.concatenate([good, filled[:, 0]])
        order = np.argsort(places, kind="stable")
        places, source = places[order], source[order]
        begin = self._next
        length = int(places[-1]) + 1 if len(places) else 0
        for first in range(0, length, BLOCK_ROWS):
            yield _piece(begin, rate, first, min(first + BLOCK_ROWS, length), places, rows, source)
        if len(good):
            self._last = max(self._last, float(stamps_good.max()))
            delay = float(np.quantile(stamps_good - (begin + slots / rate), 0.02))
        else:
            delay = 0.0
        self._last_row = rows[-1]
        # The grid follows the clock of the file, by at most half a sample at a time.
        follow = np.clip(delay, -0.5 / rate, 0.5 / rate) if abs(delay) * rate > EXACT else 0.0
        self._next = begin + length / rate + float(follow)
        row_slots = np.zeros(len(stamps))
        if len(good):
            row_slots = np.interp(np.arange(len(stamps)), good, slots)
        yield from self._problems(trust, unplaced, begin + row_slots / rate)
        yield from crowding

    def _local_rate(self, stamps: FloatArray) -> float:
        """The rate of this stretch while it is the nominal one but for drift; else the nominal."""
        nominal = self.clock.rate
        if len(stamps) <= 4 * CHUNK_ROWS:
            return nominal
        try:
            local = estimate_clock(stamps).rate
        except ValueError:  # a clock that stands still
            return nominal
        return local if abs(local / nominal - 1) < RATE_TOLERANCE else nominal

    def _anchor(self, stamps: FloatArray, rate: float) -> float:
        """Let the grid begin so that the promptest of the first rows is on time.

        After a jump of the clock the grid goes on, and what is returned is to be added to stamps.
        """
        first = stamps[: 4 * CHUNK_ROWS]
        begin = float((first - np.arange(len(first)) / rate).min()) if len(first) else 0.0
        if self._next is None:
            self._next = begin
            return 0.0
        self._shift += self._next - begin
        return self._next - begin

    def _slots(
        self, stamps: FloatArray, ahead: FloatArray, rate: float
    ) -> tuple[IntArray, NDArray[np.bool_]]:
        """The place of each row, 0 for the next free one, and which rows find none.

        A row follows the one before it, unless it and all rows of the next `AHEAD_ROWS` are late:
        then rows were lost before it. Rows that only were delivered late are made up for by those
        that come fast behind them. A row that comes far too early for its place finds none.
        """
        assert self._next is not None  # noqa: S101 - set by the anchor
        count = len(stamps)
        slots, left_out = np.zeros(count, np.int64), np.zeros(count, bool)
        if not count:
            return slots, left_out
        position = (np.concatenate([stamps, ahead]) - self._next) * rate
        late = np.append(position - np.arange(len(position)), np.full(AHEAD_ROWS, np.inf))
        promptest = sliding_window_view(late, AHEAD_ROWS)[:count].min(axis=1)
        bear = min(self.clock.jitter, LATENESS_BORNE) * rate
        lost = np.floor(promptest - bear + 0.5).astype(np.int64)
        lost = np.maximum.accumulate(np.maximum(lost, 0))
        early = (EARLIEST + 2 * self.clock.jitter) * rate
        slots = np.arange(count) + lost
        if (lost - late[:count]).max() <= early:
            return slots, left_out
        free = 0
        for row in range(count):
            if free - position[row] > early:
                left_out[row] = True
                slots[row] = free - 1
                continue
            free = max(free, int(np.floor(position[row] - bear + 0.5)))
            slots[row] = free
            free += 1
        return slots, left_out

    def _problems(
        self, trust: Trust, unplaced: IntArray, times: FloatArray
    ) -> Iterator[DataProblem]:
        """What was wrong with the stamps of rows that have these `times` (n,) on the grid, s."""
        now = float(times[-1])
        if self.clock.bursty and not self._told_bursty:
            self._told_bursty = True
            yield DataProblem(
                time=float(times[0]),
                decided=now,
                kind="bursty_time",
                count=len(trust.trusted),
                detail=f"time stamps stray by {self.clock.jitter:.3f} s, as rows delivered in "
                f"bursts do; the rows are spread evenly at {self.clock.rate:.6g} Hz",
            )
        for kind, words, rows in (
            ("repeated_time", "the time of the row before", trust.repeated),
            ("backward_time", "a time before that of the row before", trust.backward),
            ("no_time", "no time", trust.unknown),
        ):
            count = int(rows.sum())
            if count:
                left = int(rows[unplaced].sum())
                yield DataProblem(
                    time=float(times[np.argmax(rows)]),
                    decided=now,
                    kind=kind,
                    count=count,
                    detail=f"rows with {words}: {count} (left out: {left})",
                )


def _fill(
    trust: Trust, slots: IntArray, good: IntArray, rows: FloatArray, before: FloatArray | None
) -> tuple[IntArray, IntArray]:
    """Find free places for rows without a trusted stamp: after their predecessor, before the next.

    Returns (n, 2) pairs of row and slot, and the rows that found no place. A row with the same
    values as the one before it is the same row twice, and gets none.
    """
    pairs: list[tuple[int, int]] = []
    unplaced: list[int] = []
    taken_until = -1
    for row in np.flatnonzero(~trust.trusted).tolist():
        after = int(np.searchsorted(good, row))
        previous = int(slots[after - 1]) if after else -1
        following = int(slots[after]) if after < len(slots) else 0
        place = max(previous, taken_until) + 1
        values_before = rows[row - 1] if row else before
        twice = values_before is not None and np.array_equal(
            rows[row], values_before, equal_nan=True
        )
        if place < following and not (twice and trust.repeated[row]):
            pairs.append((row, place))
            taken_until = place
        else:
            unplaced.append(row)
    return np.array(pairs, np.int64).reshape(-1, 2), np.array(unplaced, np.int64)


def _piece(
    begin: float,
    rate: float,
    first: int,
    last: int,
    places: IntArray,
    rows: FloatArray,
    source: IntArray,
) -> Placed:
    """Grid rows `first` to `last`, with the rows that have their place there."""
    values = np.full((last - first, rows.shape[1]), np.nan)
    low, high = np.searchsorted(places, [first, last])
    values[places[low:high] - first] = rows[source[low:high]]
    return Placed(begin + np.arange(first, last) / rate, values)
