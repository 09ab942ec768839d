"""Arduino Nano 33 BLE Sense with the sketch that many projects share.

Its service, 19b10000-0000-537e-4f6c-d104768a1214, holds acceleration and angular rate as three
float32 each, in g and deg/s as Arduino's sensor libraries give them. Other sketches use the same
service for other things (a Nicla Sense ME for raw counts, or for acceleration without gravity), so
the name must be a Nano's as well.
"""

import struct
from math import isfinite

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    DecodeError,
    Decoder,
    Device,
    Frame,
    Link,
    Message,
    Timing,
)
from gaitcue.imu import STANDARD_GRAVITY

SERVICE = "19b10000-0000-537e-4f6c-d104768a1214"
ACC = "19b10000-5001-537e-4f6c-d104768a1214"
GYR = "19b10000-6001-537e-4f6c-d104768a1214"
NAMES = ("arduino", "nano")
"""Beginnings of names that sketches for a Nano 33 BLE Sense give it; the first is the default."""

RATE = 100.0
"""Hz that the sketch is to send; the board's chips measure at 100 to 119 Hz."""


def decode(characteristic: str, value: bytes) -> list[Message]:
    """Messages in `value`; raises DecodeError. A notification is whole, nothing need be kept."""
    if characteristic not in (ACC, GYR):
        return []
    if len(value) != 12:
        raise DecodeError(f"three numbers have 12 bytes, these have {len(value)}")
    row = struct.unpack("<3f", value)
    if not all(map(isfinite, row)):
        raise DecodeError("a sample holds values that are no numbers")
    motion = np.array([row])
    if characteristic == ACC:
        return [Frame(acc=motion * STANDARD_GRAVITY, gyr=None)]
    return [Frame(acc=None, gyr=np.radians(motion))]


class ArduinoNano(Device):
    """Acceleration and angular rate apart, one sample a notification, without any stamp."""

    name = "arduino"
    title = "Arduino Nano 33 BLE Sense"

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
        """By name and service, neither of which is enough."""
        name = advertisement.name.lower()
        return SERVICE in advertisement.services and name.startswith(NAMES)

    def decoder(self) -> Decoder:
        """A decoder for one connection."""
        return decode

    async def start(self, link: Link) -> None:
        """Listen: the sketch sends by itself."""
        for characteristic in (ACC, GYR):
            await link.subscribe(characteristic)

    async def stop(self, link: Link) -> None:
        """The sketch sends as long as it is listened to: it stops when the connection ends."""

    async def battery(self, link: Link) -> int | None:  # noqa: ARG002
        """The sketch does not tell."""
        return None
