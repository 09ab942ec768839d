"""Virtual sensor with gaitcue's own firmware."""

import struct

import numpy as np

from gaitcue.bluetooth.devices.gaitcue_protocol import (
    ANSWER,
    CLOCK_MODULUS,
    CONTROL,
    FEATURE,
    FEATURE_FIELDS,
    FIRMWARE,
    FIRMWARE_REVISION,
    HAS_ACC,
    HAS_GYR,
    HEADER_BYTES,
    MAJOR,
    MOTION,
    SERVICE,
    START,
    STATUS,
    STATUS_FIELDS,
    STOP,
    SUCCESS,
    SYNC,
)
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.bluetooth.virtual.sensor import (
    BATTERY,
    Attribute,
    Property,
    Values,
    VirtualSensor,
    counts,
)
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

DEVICE_INFORMATION = "0000180a-0000-1000-8000-00805f9b34fb"
"""The standard service (Bluetooth SIG)."""
UNKNOWN_COMMAND, WRONG_PARAMETER, FAILED = 2, 3, 4
"""Results of a command."""
SIX_AXES = 2
"""Layout of motion data."""
ROW_BYTES = 12
MOST_ROWS = 19
"""What fits into the largest notification of Bluetooth 4.2's data length, 244 bytes."""

ACC_UNIT = 16 / 32768
"""g per count."""
GYR_UNIT = 2000 / 32768
"""deg/s per count."""


class VirtualGaitcueSensor(VirtualSensor):
    """Sends counted and stamped samples, as many at a time as it is asked for."""

    device = GaitcueSensor
    local_name = "gaitcue-CAFE"
    services = (SERVICE,)
    attributes = (
        Attribute(SERVICE, MOTION, Property.NOTIFY),
        Attribute(SERVICE, CONTROL, Property.WRITE | Property.INDICATE),
        Attribute(SERVICE, STATUS, Property.READ | Property.NOTIFY),
        Attribute(SERVICE, FEATURE, Property.READ),
        BATTERY,
        Attribute(DEVICE_INFORMATION, FIRMWARE_REVISION, Property.READ),
    )
    rows = 5

    def __init__(self) -> None:
        super().__init__()
        self._ticks = 0
        self._begin: int | None = None
        """Row at which it was started."""

    def read(self, characteristic: str) -> bytes:
        """What it can do, or how it is."""
        if characteristic == FEATURE:
            rate = round(self.timing.rate * 10)
            head = (MAJOR, 0, HAS_ACC | HAS_GYR, rate, MOST_ROWS)
            return FEATURE_FIELDS.pack(*head, ACC_UNIT, GYR_UNIT)
        if characteristic == STATUS:
            return STATUS_FIELDS.pack(
                self.streaming, 0, 0, 0, self.charge, 0, self._now(), 0, 0, 0, 0
            )
        if characteristic == FIRMWARE_REVISION:
            return FIRMWARE.encode()
        return super().read(characteristic)

    def write(self, characteristic: str, value: bytes) -> Values:
        """Take a command, and indicate how it went."""
        if characteristic != CONTROL or not value:
            return []
        result, parameters = self._obey(value[0], value[1:])
        return [(CONTROL, bytes([ANSWER, value[0], result]) + parameters)]

    def _obey(self, command: int, parameters: bytes) -> tuple[int, bytes]:
        if command == STOP:
            self.streaming = False
            return SUCCESS, b""
        if command == SYNC:
            if self.clock is None:
                return FAILED, b""
            if len(parameters) != 4:
                return WRONG_PARAMETER, b""
            return SUCCESS, parameters + struct.pack("<II", self._now(), self._now())
        if command != START:
            return UNKNOWN_COMMAND, b""
        if len(parameters) != 4 or parameters[2] != SIX_AXES:
            return WRONG_PARAMETER, b""
        fit = (self.largest_notification - HEADER_BYTES) // ROW_BYTES
        self.rows = max(1, min(parameters[3] or type(self).rows, fit, MOST_ROWS))
        self._begin, self.streaming = None, True
        head = (round(self.timing.rate * 10), SIX_AXES, self.rows)
        return SUCCESS, struct.pack("<HBBI", *head, self._now())

    def _now(self) -> int:
        """Its clock, µs; while that is not known, the stamp of what it sent last."""
        return self._ticks if self.clock is None else round(self.clock() * 1e6) % CLOCK_MODULUS

    def battery(self) -> Values:
        """In its own service and in the standard one."""
        return [*super().battery(), (STATUS, self.read(STATUS))]

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:
        """Motion data, counted from the start and stamped with the time of the first sample."""
        self._begin = row if self._begin is None else self._begin
        self._ticks = round(row / self.timing.rate * 1e6) % CLOCK_MODULUS
        index = (row - self._begin) % 2**16
        moving = counts(acc, ACC_UNIT * STANDARD_GRAVITY)
        turning = counts(np.degrees(gyr), GYR_UNIT)
        head = struct.pack("<BBHI", SIX_AXES, len(acc), index, self._ticks)
        return [(MOTION, head + np.hstack([moving, turning]).astype("<i2").tobytes())]
