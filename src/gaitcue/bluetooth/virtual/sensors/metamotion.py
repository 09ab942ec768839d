"""Virtual MbientLab MetaMotion R, with a BMI160."""

import numpy as np

from gaitcue.bluetooth.devices.metamotion import (
    ACC,
    ACC_LSB_PER_G,
    ACC_RANGE,
    BATTERY_STATE,
    BMI160,
    COMMAND,
    CONFIG,
    GYRO,
    GYRO_LSB_PER_DPS,
    GYRO_RANGE,
    INFO,
    NOTIFY,
    POWER,
    READ,
    SERVICE,
    SETTINGS,
    MetaMotion,
)
from gaitcue.bluetooth.virtual.sensor import Attribute, Property, Values, VirtualSensor, counts
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

ANSWERS = {(ACC, INFO): b"\x01\x01", (GYRO, INFO): b"\x00\x01"}
"""The chip and its revision, as a BMI160 tells them."""
BATTERY_VOLTAGE = (3900).to_bytes(2, "little")
"""mV."""
NEEDED = {
    bytes([ACC, CONFIG]) + BMI160.acc_config,
    bytes([GYRO, CONFIG]) + BMI160.gyro_config,
    bytes([ACC, BMI160.acc_packed, 1]),
    bytes([GYRO, BMI160.gyro_packed, 1]),
    bytes([ACC, POWER, 1]),
    bytes([GYRO, POWER, 1]),
}
"""Commands without which there is nothing to send."""


class VirtualMetaMotion(VirtualSensor):
    """Sends acceleration and angular rate apart, three samples each, with no stamps."""

    device = MetaMotion
    local_name = "MetaWear"
    services = (SERVICE,)
    attributes = (
        Attribute(SERVICE, COMMAND, Property.WRITE | Property.WRITE_WITHOUT_RESPONSE),
        Attribute(SERVICE, NOTIFY, Property.NOTIFY),
    )
    rows = 3

    def __init__(self) -> None:
        super().__init__()
        self._commands: dict[bytes, bytes] = {}
        """The latest command to each register of a module."""

    def write(self, characteristic: str, value: bytes) -> Values:
        """Take a command, or answer a question."""
        if characteristic != COMMAND or len(value) < 2:
            return []
        if not value[1] & READ:
            self._commands[value[:2]] = value
            self.streaming = set(self._commands.values()) >= NEEDED
            return []
        if tuple(value) == (SETTINGS, BATTERY_STATE):
            return [(NOTIFY, value + bytes([self.charge]) + BATTERY_VOLTAGE)]
        return [(NOTIFY, value + ANSWERS.get((value[0], value[1]), b""))]

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:  # noqa: ARG002
        """Packed samples; a last one or two that fill no packet are not sent."""
        if len(acc) < self.rows:
            return []
        moving = counts(acc, STANDARD_GRAVITY / ACC_LSB_PER_G[ACC_RANGE]).astype("<i2")
        turning = counts(np.degrees(gyr), 1 / GYRO_LSB_PER_DPS[GYRO_RANGE]).astype("<i2")
        return [
            (NOTIFY, bytes([ACC, BMI160.acc_packed]) + moving.tobytes()),
            (NOTIFY, bytes([GYRO, BMI160.gyro_packed]) + turning.tobytes()),
        ]
