"""Virtual WitMotion WT901BLE."""

import numpy as np

from gaitcue.bluetooth.devices.witmotion import (
    ACC_RANGE,
    GYR_RANGE,
    MOTION,
    NOTIFY,
    SERVICE,
    WRITE,
    WitMotion,
)
from gaitcue.bluetooth.virtual.sensor import Attribute, Property, Values, VirtualSensor, counts
from gaitcue.imu import FloatArray

ANGLES = bytes(6)
"""Roll, pitch and yaw, which nobody here looks at."""


class VirtualWitMotion(VirtualSensor):
    """Sends as soon as it is listened to, with no stamps, several frames at a time."""

    device = WitMotion
    local_name = "WT901BLE68"
    services = (SERVICE,)
    attributes = (
        Attribute(SERVICE, NOTIFY, Property.NOTIFY),
        Attribute(SERVICE, WRITE, Property.WRITE | Property.WRITE_WITHOUT_RESPONSE),
    )
    rows = 5

    def subscribed(self, characteristic: str, *, on: bool) -> Values:
        """Send from now on, or no longer."""
        if characteristic == NOTIFY:
            self.streaming = on
        return []

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:  # noqa: ARG002
        """One frame a sample."""
        moving, turning = counts(acc, ACC_RANGE / 32768), counts(gyr, GYR_RANGE / 32768)
        frames = np.hstack([moving, turning]).astype("<i2")
        return [(NOTIFY, b"".join(MOTION + frame.tobytes() + ANGLES for frame in frames))]
