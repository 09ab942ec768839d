"""MbientLab MetaMotion R, RL and C (with a BMI160 inside) and S (with a BMI270).

Source: MetaWear C++ SDK (github.com/mbientlab/MetaWear-SDK-Cpp): registers and scales in
``src/metawear/sensor``, ``peripheral`` and ``core``, whole byte sequences in ``test``.
"""

from dataclasses import dataclass

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    DecodeError,
    Device,
    Frame,
    Link,
    Message,
    SensorRefusedError,
    Timing,
    ask,
)
from gaitcue.imu import STANDARD_GRAVITY

SERVICE = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY = "326a9006-85cb-9195-d9dd-464cfbbae75a"

ACC, GYRO, HAPTIC, SETTINGS = 0x03, 0x13, 0x08, 0x11
"""Modules: first byte of everything written and notified; the register is the second."""
READ = 0x80
"""Set in a register to read it; the answer comes with the same two bytes."""
INFO = READ | 0
"""Register that tells which chip and revision a module has; nothing follows where it is lacking."""
BATTERY_STATE = READ | 0x0C
"""Register of SETTINGS: percent, then u16 mV."""
POWER, SAMPLING, CONFIG = 0x01, 0x02, 0x03
"""Registers of ACC and GYRO."""
PULSE = 0x01
"""Register of HAPTIC: duty cycle, u16 ms, 0 for a motor."""
FULL_DUTY = 248

RATE = 100
"""Hz, for both; `Chip` has its code."""
ACC_LSB_PER_G = {2: 16384.0, 4: 8192.0, 8: 4096.0, 16: 2048.0}
GYRO_LSB_PER_DPS = {125: 262.4, 250: 131.2, 500: 65.6, 1000: 32.8, 2000: 16.4}
ACC_RANGE, GYRO_RANGE = 16, 2000
"""g and deg/s: a heel strike at the foot passes 8 g."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """What differs between the two motion sensors.

    The two configurations are those for RATE, ACC_RANGE and GYRO_RANGE. The registers are those
    of single samples and of three packed into one notification.
    """

    acc_config: bytes
    acc_single: int = 0x04
    acc_packed: int
    gyro_config: bytes = b"\x28\x00"
    gyro_single: int
    gyro_packed: int


BMI160 = Chip(acc_config=b"\x28\x0c", acc_packed=0x1C, gyro_single=0x05, gyro_packed=0x07)
BMI270 = Chip(acc_config=b"\xa8\x03", acc_packed=0x05, gyro_single=0x04, gyro_packed=0x05)
CHIPS = {(1, 0): BMI160, (4, 1): BMI270}
"""By the implementation that INFO of ACC and of GYRO tells."""

SINGLE_BYTES, PACKED_BYTES = 6, 18
"""Three and nine little-endian int16."""
DATA_BYTES = {
    (ACC, BMI160.acc_single): (SINGLE_BYTES,),
    (ACC, BMI160.acc_packed): (PACKED_BYTES,),
    (ACC, BMI270.acc_packed): (PACKED_BYTES,),
    (GYRO, BMI160.gyro_packed): (PACKED_BYTES,),
    (GYRO, BMI270.gyro_single): (SINGLE_BYTES,),
    # One register for two things: the length tells which chip has sent it.
    (GYRO, BMI160.gyro_single): (SINGLE_BYTES, PACKED_BYTES),
}


@dataclass(frozen=True, slots=True)
class MetaMotionDecoder:
    """Frames of acceleration and of angular rate, which come apart, neither stamped nor counted.

    The ranges, g and deg/s, are those that `MetaMotion.start` sets.
    """

    acc_range: int = ACC_RANGE
    gyro_range: int = GYRO_RANGE

    def __call__(self, characteristic: str, value: bytes) -> list[Message]:
        """Messages in `value`; raises DecodeError."""
        if characteristic != NOTIFY:
            return []
        if len(value) < 2:
            raise DecodeError(f"a MetaMotion notification has 2 bytes or more: {value.hex()!r}")
        sizes = DATA_BYTES.get((value[0], value[1]))
        if sizes is None:  # Answers, and modules that another program has left on.
            return []
        if len(value) - 2 not in sizes:
            raise DecodeError(
                f"a MetaMotion notification of {len(value)} bytes is no whole sample: {value.hex()}"
            )
        rows = np.frombuffer(value, "<i2", offset=2).astype(np.float64).reshape(-1, 3)
        if value[0] == ACC:
            scale = STANDARD_GRAVITY / ACC_LSB_PER_G[self.acc_range]
            return [Frame(acc=rows * scale, gyr=None)]
        return [Frame(acc=None, gyr=np.radians(rows / GYRO_LSB_PER_DPS[self.gyro_range]))]


class MetaMotion(Device):
    """Acceleration and angular rate at 100 Hz, three samples a notification."""

    name = "metamotion"
    title = "MbientLab MetaMotion"

    @property
    def timing(self) -> Timing:
        """Neither stamped nor counted."""
        return Timing(rate=float(RATE))

    @property
    def gyroscope(self) -> bool:
        """It has one."""
        return True

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By the service, or by the names that they are sold with."""
        named = advertisement.name.startswith(("MetaWear", "MetaMotion"))
        return named or SERVICE in advertisement.services

    def decoder(self) -> MetaMotionDecoder:
        """A decoder for one connection."""
        return MetaMotionDecoder()

    async def start(self, link: Link) -> None:
        """Configure for this device's rate and ranges and stream.

        Raises SensorRefusedError, TimeoutError.
        """
        await link.subscribe(NOTIFY)
        acc, gyro = await _read(link, ACC, INFO), await _read(link, GYRO, INFO)
        chip = CHIPS.get((acc[0], gyro[0])) if acc and gyro else None
        if chip is None:
            raise SensorRefusedError(
                f"This {self.title} has a motion sensor that gaitcue does not know "
                f"(it tells {acc.hex() or 'nothing'} and {gyro.hex() or 'nothing'}); "
                "a MetaMotion R, RL, C or S works."
            )
        # It goes on streaming when a connection is lost; what follows needs it at rest.
        await self.stop(link)
        # Old BMI160 firmware, revision 0, sends single samples only.
        packed = chip is BMI270 or min(acc[1:2] + gyro[1:2], default=0) >= 1
        for command in (
            bytes([ACC, CONFIG]) + chip.acc_config,
            bytes([GYRO, CONFIG]) + chip.gyro_config,
            bytes([ACC, chip.acc_packed if packed else chip.acc_single, 1]),
            bytes([GYRO, chip.gyro_packed if packed else chip.gyro_single, 1]),
            bytes([ACC, SAMPLING, 1, 0]),
            bytes([GYRO, SAMPLING, 1, 0]),
            bytes([ACC, POWER, 1]),
            bytes([GYRO, POWER, 1]),
        ):
            await link.write(COMMAND, command)

    async def stop(self, link: Link) -> None:
        """Put both sensors to rest."""
        for module in (ACC, GYRO):
            await link.write(COMMAND, bytes([module, POWER, 0]))
            await link.write(COMMAND, bytes([module, SAMPLING, 0, 1]))

    async def battery(self, link: Link) -> int | None:
        """Charge left in percent."""
        await link.subscribe(NOTIFY)
        state = await _read(link, SETTINGS, BATTERY_STATE)
        return state[0] if state else None

    async def buzz(self, link: Link, *, duration: float) -> bool:
        """Drive the vibration motor for `duration` s, 65 s at most.

        False if the board has no driver for one; whether its case holds a motor it cannot tell.
        """
        await link.subscribe(NOTIFY)
        if not await _read(link, HAPTIC, INFO):
            return False
        width = min(max(round(duration * 1e3), 0), 0xFFFF)
        await link.write(
            COMMAND, bytes([HAPTIC, PULSE, FULL_DUTY]) + width.to_bytes(2, "little") + b"\0"
        )
        return True


async def _read(link: Link, module: int, register: int) -> bytes:
    """What follows the first two bytes of the answer."""
    question = bytes([module, register])
    answer = await ask(
        link,
        question,
        write_to=COMMAND,
        answered_on=NOTIFY,
        matches=lambda value: value[:2] == question,
    )
    return answer[2:]
