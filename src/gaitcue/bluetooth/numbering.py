"""Which sample of a connection each frame holds, and when it was taken in host time."""

from collections import deque
from dataclasses import dataclass

from gaitcue.bluetooth.clock import ClockMap, CountMap, Skew, unwrap
from gaitcue.bluetooth.device import ClockAnswer, Frame, Timing
from gaitcue.bluetooth.latency import Latency, RoundTrip, latency

FUTURE = 0.25
"""s; nothing arrives before it is measured: a stamp this far ahead means that the clock was set."""

BACK = 1.0
"""s; frames may change places within this; what goes back farther means a clock set back."""

LONGEST_GAP = 60.0
"""s; a connection does not live through a longer silence: more is a counter that was set."""

BASELINE = 1.0
"""s of stamps from which on they tell the rate better than the data sheet."""

BASELINE_MEMORY = 30.0
"""s of stamps that tell the rate, which may drift."""

ANCHOR_SPACING = 0.5
"""s between the stamps that are kept for the rate."""


@dataclass(slots=True)
class _Place:
    """Where one kind of frame (acc, gyr or both together) has got to."""

    following: int
    """Number of the row that should come next."""
    rows: int = 0
    ticks: int = 0
    step: float = 0.0
    index: int = 0
    origin: int = 0
    """Row number of index 0."""


class Numbering:
    """Numbers the rows of one stretch of a connection during which the sensor's clock ran on.

    `period` s and `skew` are what is known beforehand, such as from an earlier connection.
    """

    def __init__(self, timing: Timing, period: float, skew: Skew | None = None) -> None:
        self._timing = timing
        self._period = period
        self._places: dict[tuple[bool, bool], _Place] = {}
        self._leading: tuple[bool, bool] | None = None
        self._map = ClockMap(skew) if timing.tick else None
        self._count = None if timing.tick else CountMap(period)
        self._anchors: deque[tuple[int, float]] = deque()
        self._anchor = (0, 0.0)
        """Row number and device time, s, of the newest stamped row."""
        self.settled = False
        self.uncounted = 0
        """Rows found missing by their lateness alone, since they were last asked for."""

    @property
    def period(self) -> float:
        """From one row to the next, s, as the device's own clock or the arrivals tell."""
        return self._count.period if self._count else self._period

    @property
    def skew(self) -> Skew | None:
        """Of the sensor's clock against ours; None if it has no clock."""
        return self._map.skew if self._map else None

    def time(self, row: int) -> float:
        """Host time of `row`, s."""
        if self._count:
            return self._count.time(row)
        assert self._map is not None  # noqa: S101 - one of the two maps is there
        number, at = self._anchor
        return at + (row - number) * self._period + self._map.offset

    def latency(self, answers: list[tuple[float, ClockAnswer, float]]) -> Latency | None:
        """How late `time` is, from questions: each when sent, the answer, when it came."""
        tick, modulus = self._timing.tick, self._timing.tick_modulus
        if self._map is None or tick is None or not self._anchors:
            return None
        newest = round(self._anchor[1] / tick)
        trips = []
        for sent, answer, came in answers:
            received = self._unwrapped(answer.received, newest, modulus)
            replied = self._unwrapped(answer.replied, newest, modulus)
            assert received is not None and replied is not None  # noqa: S101, PT018 - as answered
            trips.append(RoundTrip(sent, received * tick, replied * tick, came))
        return latency(trips, self._map.offset)

    def place(self, arrival: float, frame: Frame, rows: int) -> int | None:
        """The number of the frame's first row; None where clock or counter have jumped.

        After a jump the numbering must not be used any more.
        """
        kind = (frame.acc is not None, frame.gyr is not None)
        place = self._places.get(kind)
        if place is None:
            place = self._places[kind] = self._first(kind, frame, rows)
            row, ticks, index = place.following, frame.ticks, frame.index
            if abs(row - self._newest()) * self.period > LONGEST_GAP:  # a damaged stamp
                return None
        else:
            ticks = self._unwrapped(frame.ticks, place.ticks, self._timing.tick_modulus)
            index = self._unwrapped(frame.index, place.index, self._timing.index_modulus)
            row = self._row(place, ticks, index)
        if kind != self._leading and frame.index is None and frame.ticks is None:
            row = self._beside_leading(row, rows)
        if self._jumped(place, row, ticks, index, arrival, rows):
            return None
        if row + rows >= place.following:
            place.following, place.rows = row + rows, rows
            place.ticks = 0 if ticks is None else ticks
            place.step = self._step(frame)
            place.index = 0 if index is None else index
        self._observe(kind, row, ticks, frame, arrival, rows)
        return row

    def _first(self, kind: tuple[bool, bool], frame: Frame, rows: int) -> _Place:
        row = 0
        if self._leading is None:
            self._leading = kind
        elif frame.ticks is not None and self._timing.tick:
            number, at = self._anchor
            near = self._unwrapped(
                frame.ticks, round(at / self._timing.tick), self._timing.tick_modulus
            )
            assert near is not None  # noqa: S101 - there are ticks
            row = number + round((near * self._timing.tick - at) / self._period)
        else:
            row = self._places[self._leading].following - rows
        return _Place(
            following=row,
            ticks=frame.ticks or 0,
            index=frame.index or 0,
            origin=row - (frame.index or 0),
        )

    def _newest(self) -> int:
        """Number of the row that should come next from the leading kind of frame."""
        return 0 if self._leading is None else self._places[self._leading].following

    def _beside_leading(self, row: int, rows: int) -> int:
        """The number of an unnumbered frame of the other kind, which comes in turn with ours.

        When one kind is two frames ahead, the other has lost some.
        """
        assert self._leading is not None and self._count is not None  # noqa: S101, PT018
        leader = self._places[self._leading]
        behind = leader.following - (row + rows)
        if behind >= 2 * rows:
            self.uncounted += behind
            return row + behind
        if behind <= -2 * rows:
            leader.following -= behind
            self.uncounted -= behind
            self._count.skip(-behind)
        return row

    @staticmethod
    def _unwrapped(raw: int | None, previous: int, modulus: int | None) -> int | None:
        if raw is None or modulus is None:
            return raw
        return unwrap(raw, previous, modulus)

    def _row(self, place: _Place, ticks: int | None, index: int | None) -> int:
        if index is not None:
            return place.origin + index
        if ticks is None or self._timing.tick is None:
            return place.following
        since = (ticks - place.ticks) * self._timing.tick - place.rows * place.step
        return place.following + round(since / self._period)

    def _step(self, frame: Frame) -> float:
        """From one row of the frame to the next on the device's clock, s."""
        if frame.tick_step is None or self._timing.tick is None:
            return self._period
        return frame.tick_step * self._timing.tick

    def _jumped(
        self,
        place: _Place,
        row: int,
        ticks: int | None,
        index: int | None,
        arrival: float,
        rows: int,
    ) -> bool:
        ahead = (row - place.following) * self.period
        if not -BACK <= ahead <= LONGEST_GAP:
            return True
        if self._count:
            last = self._count.time(row + rows - 1)
            return self.settled and self._count.told and last > arrival + FUTURE
        if ticks is None or self._map is None or self._timing.tick is None:
            return False
        at = ticks * self._timing.tick
        if self.settled and at + self._map.offset > arrival + FUTURE:
            return True
        number, anchor = self._anchor
        expected = anchor + (row - number) * self._period
        return index is not None and bool(self._anchors) and abs(at - expected) > FUTURE

    def _observe(
        self,
        kind: tuple[bool, bool],
        row: int,
        ticks: int | None,
        frame: Frame,
        arrival: float,
        rows: int,
    ) -> None:
        if self._count:
            if kind == self._leading and self._count.observe(arrival, row + rows - 1):
                self._look_for_loss()
        elif ticks is not None and self._map is not None and self._timing.tick:
            at = ticks * self._timing.tick
            self._map.observe(arrival, at + (rows - 1) * self._step(frame))
            if kind == self._leading and (not self._anchors or row > self._anchor[0]):
                self._anchor = (row, at)
                self._learn_period(row, at)

    def _learn_period(self, row: int, at: float) -> None:
        anchors = self._anchors
        if not anchors or at - anchors[-1][1] >= ANCHOR_SPACING:
            anchors.append((row, at))
        while anchors[0][1] < at - BASELINE_MEMORY:
            anchors.popleft()
        first, since = anchors[0]
        if at - since >= BASELINE:
            self._period = (at - since) / (row - first)

    def _look_for_loss(self) -> None:
        """What is only seen from rows that come late and stay late, in steps the counter misses."""
        assert self._count is not None  # noqa: S101 - only asked without a clock
        unseen = self._timing.index_modulus or 1
        lost = self._count.lost() // unseen * unseen
        if lost:
            self._count.skip(lost)
            self.uncounted += lost
            for place in self._places.values():
                place.following += lost
                place.origin += lost
