"""Virtual Bangle.js 2: not a watch that runs scripts, but one that knows what ours does."""

import zlib

import numpy as np

from gaitcue.bluetooth.devices.bangle import (
    COUNTS,
    LAYOUT,
    MARK,
    NOTIFY,
    QUIET,
    ROWS,
    START,
    STOP,
    TICK,
    WRITE,
    BangleJs2,
)
from gaitcue.bluetooth.virtual.sensor import Attribute, Property, Values, VirtualSensor, counts
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

UART = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
"""Nordic UART service."""
RANGE = 8 * COUNTS - 1
"""Largest count."""
STILL = np.tile([0.0, 0.0, STANDARD_GRAVITY], (ROWS, 1))
"""m/s²: a watch that lies on a table."""


class VirtualBangleJs2(VirtualSensor):
    """Takes the script, and sends the frames that it would write.

    The first one, which the host waits for, is of a watch that does not move.
    """

    device = BangleJs2
    local_name = "Bangle.js cafe"
    attributes = (
        Attribute(UART, WRITE, Property.WRITE | Property.WRITE_WITHOUT_RESPONSE),
        Attribute(UART, NOTIFY, Property.NOTIFY),
    )
    rows = ROWS

    def __init__(self) -> None:
        super().__init__()
        self._line = b""
        self._begin: int | None = None
        """Row at which the script counts from 0."""

    def disconnected(self) -> None:
        """The script ends."""
        self._line = b""
        super().disconnected()

    def write(self, characteristic: str, value: bytes) -> Values:
        """Take a piece of a line; a whole one is run."""
        if characteristic != WRITE:
            return []
        *lines, self._line = (self._line + value).split(b"\n")
        return [each for line in lines for each in self._run(line.removeprefix(QUIET).decode())]

    def _run(self, script: str) -> Values:
        if script == STOP:
            self.streaming = False
        if script != START:
            return []
        self._begin, self.streaming = None, True
        return self._frame(STILL, 0)

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:  # noqa: ARG002
        """A frame; a last one that is not full is not sent."""
        if len(acc) < ROWS:
            return []
        self._begin = row - ROWS if self._begin is None else self._begin
        return self._frame(acc, row - self._begin)

    def _frame(self, acc: FloatArray, number: int) -> Values:
        ticks = round(number / self.timing.rate / TICK) % 2**32
        whole = counts(acc, STANDARD_GRAVITY / COUNTS, RANGE).astype(int).ravel()
        unchecked = LAYOUT.pack(MARK, number % 2**16, ticks, self.charge, *whole, 0)[:-4]
        return [(NOTIFY, unchecked + zlib.crc32(unchecked).to_bytes(4, "little"))]
