"""Virtual Movella DOT."""

import struct

import numpy as np

from gaitcue.bluetooth.devices.movella_dot import (
    BATTERY,
    COMPANY,
    DEVICE_CONTROL,
    DEVICE_CONTROL_BYTES,
    DEVICE_REPORT,
    MEASUREMENT_CONTROL,
    MEDIUM_PAYLOAD,
    OUTPUT_RATE_AT,
    OUTPUT_RATE_BIT,
    RATE_QUANTITIES,
    START,
    STOP,
    MovellaDot,
)
from gaitcue.bluetooth.virtual.sensor import Attribute, Property, Values, VirtualSensor
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

CONFIGURATION, MEASUREMENT, CHARGE = (
    f"1517{short:04x}-4947-11e9-8646-d663bd873d93" for short in (0x1000, 0x2000, 0x3000)
)
"""Services (section 1.1)."""

ACC_RANGE = 16 * STANDARD_GRAVITY
"""m/s²."""
GYR_RANGE = 2000.0
"""deg/s."""

_CHANGING = Property.READ | Property.WRITE


class VirtualMovellaDot(VirtualSensor):
    """Sends one sample a notification, stamped in microseconds."""

    device = MovellaDot
    local_name = "Movella DOT"
    manufacturer = {COMPANY: bytes(6)}  # noqa: RUF012 - never changed
    attributes = (
        Attribute(CONFIGURATION, DEVICE_CONTROL, _CHANGING),
        Attribute(CONFIGURATION, DEVICE_REPORT, Property.NOTIFY),
        Attribute(MEASUREMENT, MEASUREMENT_CONTROL, _CHANGING),
        Attribute(MEASUREMENT, MEDIUM_PAYLOAD, Property.NOTIFY),
        Attribute(CHARGE, BATTERY, Property.READ | Property.NOTIFY),
    )
    rows = 1

    def __init__(self) -> None:
        super().__init__()
        self._control = bytes(DEVICE_CONTROL_BYTES)
        self._set_rate(4)  # unlike the one that is asked for, so that it must be set
        self._measuring = bytes([1, STOP, RATE_QUANTITIES])

    def _set_rate(self, rate: int) -> None:
        before, after = self._control[:OUTPUT_RATE_AT], self._control[OUTPUT_RATE_AT + 2 :]
        self._control = before + rate.to_bytes(2, "little") + after

    def read(self, characteristic: str) -> bytes:
        """Settings, whether it measures, and the battery's charge (not charging)."""
        if characteristic == DEVICE_CONTROL:
            return self._control
        if characteristic == MEASUREMENT_CONTROL:
            return self._measuring
        return bytes([self.charge, 0])

    def write(self, characteristic: str, value: bytes) -> Values:
        """Take the rate, or start or stop; what does not fit is ignored."""
        if characteristic == DEVICE_CONTROL and len(value) == DEVICE_CONTROL_BYTES:
            if value[0] & OUTPUT_RATE_BIT and not self.streaming:
                self._set_rate(int.from_bytes(value[OUTPUT_RATE_AT:][:2], "little"))
        elif characteristic == MEASUREMENT_CONTROL and value[1:] in (
            bytes([START, RATE_QUANTITIES]),
            bytes([STOP, RATE_QUANTITIES]),
        ):
            rate = int.from_bytes(self._control[OUTPUT_RATE_AT:][:2], "little")
            if value[1] == STOP or rate == self.timing.rate:
                self._measuring = value
                self.streaming = value[1] == START
        return []

    def battery(self) -> Values:
        """On a characteristic of its own."""
        return [(BATTERY, self.read(BATTERY))]

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:
        """Rate quantities."""
        stamp = round(row / self.timing.rate * 1e6) % 2**32
        turning = np.clip(np.degrees(gyr[0]), -GYR_RANGE, GYR_RANGE)
        values = (*np.clip(acc[0], -ACC_RANGE, ACC_RANGE), *turning)
        return [(MEDIUM_PAYLOAD, struct.pack("<I6f", stamp, *values))]
