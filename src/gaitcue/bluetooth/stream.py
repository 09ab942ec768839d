"""From notifications to samples: the same notifications always give the same blocks.

The `Assembler` looks at no clock. What it gives depends on nothing but connections, arrival times
and bytes, so that a log of them gives again what the live walk had.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gaitcue.bluetooth.device import (
    Battery,
    ClockAnswer,
    DecodeError,
    Decoder,
    Frame,
    Notice,
    Timing,
)
from gaitcue.bluetooth.latency import PATIENCE, Latency
from gaitcue.bluetooth.numbering import BACK, Numbering
from gaitcue.bluetooth.rows import Beat, Rows
from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray, Placement, Samples, Side

HOLD = 0.25
"""s of samples (or the longest notification, if that is longer) that are waited for a lost one: it
may only have changed places, or its angular rate may come in a notification of its own."""

SETTLE = 0.5
"""s of arrivals at the start of a connection that are waited for, to know the least delay."""

TELL_EVERY = 10.0
"""s; what goes wrong again and again is counted and told this often."""

LARGEST_BLOCK = 8192
"""Rows; a block of lost samples holds no more, so that a long silence is no burden."""

Item = Samples | DataProblem | Battery | Notice | Latency


@dataclass(slots=True)
class _Fault:
    time: float
    count: int
    detail: str


class Assembler:
    """Makes uniform samples of one sensor out of its notifications.

    A row leaves with the notification that makes it whole, without delay. Behind a lost row those
    after it wait for `HOLD` s of samples; the lost one then leaves as NaN. The first rows of a
    connection wait for `SETTLE` s.

    Parameters
    ----------
    rate
        As the device is set to, Hz: the `Samples.rate` of every block. The times of a block step
        by the true period, which differs from ``1 / rate`` as the device's clock does.
    gyroscope
        Whether rows need angular rate to be whole.
    """

    def __init__(
        self,
        *,
        rate: float,
        gyroscope: bool,
        placement: Placement | None,
        side: Side = Side.NONE,
    ) -> None:
        self._rate = rate
        self._gyroscope = gyroscope
        self._placement = placement
        self._side = side
        self._timing = Timing(rate=rate)
        self._decoder: Decoder | None = None
        self._beat = Beat()
        self._period = 1 / rate
        self._numbering = Numbering(self._timing, self._period)
        self._arrival = 0.0
        self._faults: dict[str, _Fault] = {}
        self._told = -math.inf
        self._questions: dict[int, float] = {}
        """When each was asked that is not answered yet, s, by token."""
        self._answers: list[tuple[float, ClockAnswer, float]] = []
        """When each question was sent, its answer, and when that came."""
        self._begin()

    def connected(self, timing: Timing, decoder: Decoder) -> list[Item]:
        """A connection begins, and so does the count of its samples."""
        items = self.disconnected()
        self._timing, self._decoder = timing, decoder
        if timing.rate != self._rate:
            self._period = 1 / timing.rate
        self._begin()
        return items

    def asked(self, time: float, token: int) -> None:
        """The sensor was asked at `time` s for its clock; its answer comes as a value."""
        self._questions[token] = time

    def value(self, arrival: float, characteristic: str, value: bytes) -> list[Item]:
        """A characteristic's value came at `arrival` s; what is known by it."""
        self._arrival = max(self._arrival, arrival)
        if self._decoder is None:
            return []
        items: list[Item] = []
        try:
            for message in self._decoder(characteristic, value):
                if isinstance(message, Frame):
                    items += self._frame(message)
                elif isinstance(message, ClockAnswer):
                    self._answered(message, arrival)
                else:
                    items.append(message)
        except DecodeError as error:
            self._fault("undecodable", 1, f"bytes that are none of this sensor's: {error}")
        items += self._release(self._hold)
        if self._answers:
            items += self._latency()
        if self._faults:
            items += self._tell(every=TELL_EVERY)
        return items

    def disconnected(self) -> list[Item]:
        """The connection, or the walk, has ended: what still waits is given out."""
        items: list[Item] = [*self._release(0, ending=True), *self._tell(every=0.0)]
        self._decoder = None
        self._questions.clear()
        self._answers.clear()
        self._begin()
        return items

    def _begin(self) -> None:
        """Begin to number rows anew; the sensor's crystal stays the same."""
        self._numbering = Numbering(self._timing, self._period, self._numbering.skew)
        self._rows = Rows(self._width, math.ceil(BACK / self._period) + 1)
        self._since: float | None = None
        self._hold = math.ceil(HOLD / self._period)

    def _frame(self, frame: Frame) -> Iterator[Item]:
        parts = [p for p in (frame.acc, frame.gyr) if p is not None]
        rows = len(parts[0]) if parts else 0
        if rows == 0:
            return
        first = self._numbering.place(self._arrival, frame, rows)
        if first is None:
            yield from self._release(0, ending=True)
            self._begin()
            self._fault(
                "clock_jump",
                1,
                "the sensor's clock or its count of samples jumped; the samples after it are "
                "timed by their arrival anew",
            )
            first = self._numbering.place(self._arrival, frame, rows) or 0
        if self._since is None:
            self._since = self._arrival
        self._hold = max(self._hold, rows)
        gyr = frame.gyr if self._gyroscope else None
        repeated = late = 0
        if frame.acc is not None or gyr is not None:
            repeated, late = self._rows.put(first, frame.acc, gyr)
        if repeated or late:
            self._fault("repeated_samples", repeated, "samples that had come before")
            self._fault("late_samples", late, "samples that came too late for their place")
        if not self._numbering.uncounted:
            return
        uncounted, self._numbering.uncounted = self._numbering.uncounted, 0
        self._fault(
            "uncounted_loss",
            uncounted,
            "samples are missing, by the arrivals of those after them; the sensor does not count "
            "them, so where they are missing is known to a few seconds only",
        )

    def _answered(self, answer: ClockAnswer, arrival: float) -> None:
        sent = self._questions.pop(answer.token, None)
        if sent is not None:
            self._answers.append((sent, answer, arrival))

    def _latency(self) -> Iterator[Latency]:
        """Once for each connection, when the last answer is well behind."""
        if self._numbering.settled and self._arrival >= self._answers[-1][2] + 2 * PATIENCE:
            found = self._numbering.latency(self._answers)
            self._answers.clear()
            if found is not None:
                yield found

    def _release(self, hold: int, *, ending: bool = False) -> Iterator[Item]:
        """Give out the rows that are due."""
        numbering = self._numbering
        if self._since is None or not (ending or self._arrival >= self._since + SETTLE):
            return
        self._period = numbering.period
        if not numbering.settled:
            numbering.settled = True
            lost = self._beat.resume(numbering.time(self._rows.next), self._period)
            for start in range(0, len(lost), LARGEST_BLOCK):
                times = lost[start : start + LARGEST_BLOCK]
                yield self._samples(times, np.full((len(times), self._width), np.nan))
        values = self._rows.take(hold)
        if len(values):
            end = numbering.time(self._rows.next - 1)
            yield self._samples(self._beat.times(len(values), end, self._period), values)

    @property
    def _width(self) -> int:
        return 6 if self._gyroscope else 3

    def _samples(self, times: FloatArray, values: FloatArray) -> Samples:
        return Samples(
            time=times,
            acc=values[:, :3],
            gyr=values[:, 3:] if self._gyroscope else None,
            placement=self._placement,
            rate=self._rate,
            side=self._side,
        )

    def _now(self) -> float:
        """Time of the last row given out, s: so far is the walk known."""
        return self._arrival if self._beat.last is None else self._beat.last

    def _fault(self, kind: str, count: int, detail: str) -> None:
        if count == 0:
            return
        fault = self._faults.setdefault(kind, _Fault(self._now(), 0, detail))
        fault.count += count

    def _tell(self, every: float) -> Iterator[DataProblem]:
        now = self._now()
        if not self._faults or now < self._told + every:
            return
        self._told = now
        for kind, fault in self._faults.items():
            yield DataProblem(
                time=min(fault.time, now),
                decided=now,
                kind=kind,
                count=fault.count,
                detail=f"{fault.detail} ({fault.count})" if fault.count > 1 else fault.detail,
            )
        self._faults.clear()
