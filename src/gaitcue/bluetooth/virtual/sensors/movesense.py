"""Virtual Movesense sensor with GATT SensorData firmware."""

import struct

import numpy as np

from gaitcue.bluetooth.devices.movesense import (
    ANSWER,
    BATTERY_PATH,
    COMMAND,
    DATA,
    GET,
    IMU_PATH,
    NOTIFY,
    OK,
    SERVICE,
    SUBSCRIBE,
    UNSUBSCRIBE,
    Movesense,
)
from gaitcue.bluetooth.virtual.sensor import Attribute, Property, Values, VirtualSensor
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

NOT_FOUND, NOT_IMPLEMENTED = 404, 501
"""Statuses, as in HTTP."""

ACC_RANGE = 8 * STANDARD_GRAVITY
"""m/s²."""
GYR_RANGE = 2000.0
"""deg/s."""


class VirtualMovesense(VirtualSensor):
    """Sends four samples a notification, stamped in milliseconds."""

    device = Movesense
    local_name = "Movesense 000000000000"
    services = (SERVICE,)
    attributes = (
        Attribute(SERVICE, COMMAND, Property.WRITE),
        Attribute(SERVICE, NOTIFY, Property.NOTIFY),
    )
    rows = 4

    def __init__(self) -> None:
        super().__init__()
        self._reference: int | None = None
        """The host's name for its subscription."""

    def disconnected(self) -> None:
        """The subscription ends."""
        self._reference = None
        super().disconnected()

    def write(self, characteristic: str, value: bytes) -> Values:
        """Take a command, and answer it."""
        if characteristic != COMMAND or len(value) < 2:
            return []
        status, data = self._obey(value[0], value[1], value[2:].rstrip(b"\0").decode("latin-1"))
        return [(NOTIFY, struct.pack("<BBH", ANSWER, value[1], status) + data)]

    def _obey(self, command: int, reference: int, path: str) -> tuple[int, bytes]:
        if command == SUBSCRIBE and path == IMU_PATH:
            self._reference, self.streaming = reference, True
            return OK, b""
        if command == UNSUBSCRIBE and reference == self._reference:
            self._reference, self.streaming = None, False
            return OK, b""
        if command == GET and path == BATTERY_PATH:
            return OK, bytes([self.charge])
        return (NOT_FOUND if command in (SUBSCRIBE, UNSUBSCRIBE, GET) else NOT_IMPLEMENTED), b""

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:
        """A packet, stamped with the time of its first sample."""
        stamp = round(row / self.timing.rate * 1e3) % 2**32
        turning = np.clip(np.degrees(gyr), -GYR_RANGE, GYR_RANGE).astype("<f4")
        moving = np.clip(acc, -ACC_RANGE, ACC_RANGE).astype("<f4")
        head = struct.pack("<BBI", DATA, self._reference or 0, stamp)
        return [(NOTIFY, head + moving.tobytes() + turning.tobytes())]
