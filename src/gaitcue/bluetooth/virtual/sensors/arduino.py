"""Virtual Arduino Nano 33 BLE Sense."""

import struct

import numpy as np

from gaitcue.bluetooth.devices.arduino import ACC, GYR, SERVICE, ArduinoNano
from gaitcue.bluetooth.virtual.sensor import Attribute, Property, Values, VirtualSensor
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

ACC_RANGE = 4.0
"""g, as the board's library sets it."""
GYR_RANGE = 2000.0
"""deg/s."""


class VirtualArduinoNano(VirtualSensor):
    """Sends acceleration and angular rate apart, as long as both are listened to."""

    device = ArduinoNano
    local_name = "Arduino"
    services = (SERVICE,)
    attributes = (
        Attribute(SERVICE, ACC, Property.NOTIFY),
        Attribute(SERVICE, GYR, Property.NOTIFY),
    )
    rows = 1

    def __init__(self) -> None:
        super().__init__()
        self._heard: set[str] = set()

    def disconnected(self) -> None:
        """Nobody listens."""
        self._heard.clear()
        super().disconnected()

    def subscribed(self, characteristic: str, *, on: bool) -> Values:
        """Send from now on, or no longer."""
        (self._heard.add if on else self._heard.discard)(characteristic)
        self.streaming = self._heard == {ACC, GYR}
        return []

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:  # noqa: ARG002
        """Three numbers each."""
        moving = np.clip(acc[0] / STANDARD_GRAVITY, -ACC_RANGE, ACC_RANGE)
        turning = np.clip(np.degrees(gyr[0]), -GYR_RANGE, GYR_RANGE)
        return [(ACC, struct.pack("<3f", *moving)), (GYR, struct.pack("<3f", *turning))]
