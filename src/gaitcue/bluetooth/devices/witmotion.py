"""WitMotion WT901BLE, WT9011DCL and their kin.

Source: github.com/WITMOTION/WitBluetooth_BWT901BLE5_0 (its Python example) and, for the registers,
REG.h of github.com/WITMOTION/WitStandardProtocol_JY901. The protocol has no stamp, no counter and
no check, so a lost sample can only be told from the time that passes.
"""

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    DecodeError,
    Decoder,
    Device,
    Frame,
    Link,
    Message,
    Notice,
    Timing,
)
from gaitcue.imu import STANDARD_GRAVITY

# Not on the Bluetooth SIG's base: it ends in 9a34fb, not 9b34fb.
SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE = "0000ffe9-0000-1000-8000-00805f9a34fb"

FRAME_BYTES = 20
MOTION = b"\x55\x61"
"""Begins a frame of acc, gyr and angles, int16 each."""
REGISTERS = b"\x55\x71"
"""Begins a frame that answers a question about registers."""
ACC_RANGE = 16 * STANDARD_GRAVITY
"""m/s² at 32768 counts."""
GYR_RANGE = float(np.radians(2000.0))
"""rad/s at 32768 counts."""

UNLOCK = bytes.fromhex("ffaa6988b5")
SET_RATE = bytes.fromhex("ffaa030900")
"""Register 03, 09: 100 Hz. It is not saved, so the sensor keeps its owner's setting."""
RATE = 100.0


class WitMotionDecoder:
    """Cuts the stream of one connection into frames; keeps the beginning of an unfinished one."""

    def __init__(self) -> None:
        self._rest = b""

    def __call__(self, characteristic: str, value: bytes) -> list[Message]:
        """Messages in `value`; raises DecodeError when nothing in it is of use."""
        if characteristic != NOTIFY:
            return []
        stream, at, skipped = self._rest + value, 0, 0
        rows: list[bytes] = []
        while len(stream) - at >= FRAME_BYTES:
            end = at + FRAME_BYTES
            # The mark may also stand inside a sample, and a frame may be cut short: so it must be
            # followed by another frame, or end with the notification.
            if _mark(stream[at : at + 2]) and _mark(stream[end : end + 2]):
                if stream[at : at + 2] == MOTION:
                    rows.append(stream[at + 2 : at + 14])
                at = end
            else:
                at += 1
                skipped += 1
        while at < len(stream) and not _mark(stream[at : at + 2]):
            at += 1
            skipped += 1
        self._rest = stream[at:]
        if skipped and not rows:
            raise DecodeError(f"{skipped} bytes are no frame of a WitMotion sensor")
        messages: list[Message] = []
        if rows:
            counts = np.frombuffer(b"".join(rows), "<i2").reshape(-1, 2, 3) / 32768
            messages.append(Frame(acc=counts[:, 0] * ACC_RANGE, gyr=counts[:, 1] * GYR_RANGE))
        if skipped:
            messages.append(Notice(text=f"{skipped} bytes from the sensor were damaged"))
        return messages


def _mark(two: bytes) -> bool:
    """Whether a frame may begin with `two`, which may be cut short by the end of the bytes."""
    return MOTION.startswith(two) or REGISTERS.startswith(two)


class WitMotion(Device):
    """Acceleration within ±16 g and angular rate at 100 Hz, without any stamp."""

    name = "witmotion"
    title = "WitMotion WT901BLE"

    @property
    def timing(self) -> Timing:
        """Neither stamped nor counted."""
        return Timing(rate=RATE)

    @property
    def gyroscope(self) -> bool:
        """It has one."""
        return True

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By its service, or by its name where the service is not advertised."""
        name = advertisement.name.upper()
        return SERVICE in advertisement.services or name.startswith(("WT901", "WT9011"))

    def decoder(self) -> Decoder:
        """A decoder for one connection."""
        return WitMotionDecoder()

    async def start(self, link: Link) -> None:
        """Set 100 Hz; it streams as soon as it is listened to."""
        await link.subscribe(NOTIFY)
        await link.write(WRITE, UNLOCK)
        await link.write(WRITE, SET_RATE)

    async def stop(self, link: Link) -> None:
        """It has no command for that: it stops when the connection ends."""

    async def battery(self, link: Link) -> int | None:  # noqa: ARG002
        """It does not tell the percentage."""
        return None
