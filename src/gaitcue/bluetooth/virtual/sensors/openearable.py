"""Virtual OpenEarable 2, with firmware 2.3."""

import struct

import numpy as np

from gaitcue.bluetooth.devices.openearable import (
    ACC_RANGE,
    CONFIG,
    DATA,
    GYR_RANGE,
    IMU,
    RATE_INDEX,
    SERVICE,
    SYNC_ANSWER,
    SYNC_LAYOUT,
    SYNC_VERSION,
    TIME_SYNC,
    TO_BLUETOOTH,
    OpenEarable,
)
from gaitcue.bluetooth.virtual.sensor import (
    BATTERY,
    Attribute,
    Property,
    Values,
    VirtualSensor,
    counts,
)
from gaitcue.imu import FloatArray

TIME_SYNC_SERVICE = "2e04cbf7-939d-4be5-823e-271838b75259"

FIELD = bytes(12)
"""The magnetic field of a sample, which nobody here looks at."""


class VirtualOpenEarable(VirtualSensor):
    """Sends counts with the time of the first sample and the step between them."""

    device = OpenEarable
    local_name = "OpenEarable-CAFE"
    attributes = (
        Attribute(SERVICE, CONFIG, Property.READ | Property.WRITE),
        Attribute(SERVICE, DATA, Property.NOTIFY),
        Attribute(TIME_SYNC_SERVICE, TIME_SYNC, Property.WRITE | Property.NOTIFY),
        BATTERY,
    )
    rows = 4

    def write(self, characteristic: str, value: bytes) -> Values:
        """Switch the motion sensor on or off, or tell the time."""
        if characteristic == CONFIG and value[:1] == bytes([IMU]):
            self.streaming = value[1:] == bytes([RATE_INDEX, TO_BLUETOOTH])
        if characteristic == TIME_SYNC and len(value) == SYNC_LAYOUT.size and self.clock:
            _, _, token, sent, _, _ = SYNC_LAYOUT.unpack(value)
            now = round(self.clock() * 1e6)
            answer = SYNC_LAYOUT.pack(SYNC_VERSION, SYNC_ANSWER, token, sent, now, now)
            return [(TIME_SYNC, answer)]
        return []

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:
        """The motion sensor's samples."""
        moving, turning = counts(acc, ACC_RANGE / 32768), counts(np.degrees(gyr), GYR_RANGE / 32768)
        samples = np.hstack([moving, turning]).astype("<i2")
        payload = b"".join(sample.tobytes() + FIELD for sample in samples)
        if len(samples) > 1:
            payload += struct.pack("<H", round(1e6 / self.timing.rate))
        stamp = round(row / self.timing.rate * 1e6)
        return [(DATA, struct.pack("<BBQ", IMU, len(payload), stamp) + payload)]
