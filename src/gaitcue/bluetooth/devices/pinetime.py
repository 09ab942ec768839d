"""PineTime with InfiniTime, named so that its owner is told why it cannot serve.

Source: github.com/InfiniTimeOrg/InfiniTime, doc/MotionService.md; src/systemtask/SystemTask.cpp
(the chip is asked every 100 ms).
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
    SensorRefusedError,
    Timing,
)
from gaitcue.imu import STANDARD_GRAVITY

SERVICE = "00030000-78fc-48fe-8e23-433b3a1942d0"
MOTION = "00030002-78fc-48fe-8e23-433b3a1942d0"
COUNTS = 1024
"""Per g."""


def decode(characteristic: str, value: bytes) -> list[Message]:
    """Messages in `value`; raises DecodeError."""
    if characteristic != MOTION:
        return []
    if len(value) != 6:
        raise DecodeError(f"a sample has 6 bytes, this has {len(value)}")
    counts = np.frombuffer(value, "<i2").reshape(1, 3)
    return [Frame(acc=counts * (STANDARD_GRAVITY / COUNTS), gyr=None)]


class PineTime(Device):
    """Refused: 10 samples a second within ±2 g."""

    name = "pinetime"
    title = "PineTime"
    refused = (
        "A PineTime tells its movement 10 times a second and only up to 2 g, "
        "which is too little to see steps or freezing."
    )

    @property
    def timing(self) -> Timing:
        """Neither stamped nor counted."""
        return Timing(rate=10.0)

    @property
    def gyroscope(self) -> bool:
        """It has none."""
        return False

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By name or service."""
        return SERVICE in advertisement.services or advertisement.name.lower().startswith(
            ("infinitime", "pinetime")
        )

    def decoder(self) -> Decoder:
        """A decoder for one connection."""
        return decode

    async def start(self, link: Link) -> None:  # noqa: ARG002
        """Raises SensorRefusedError."""
        raise SensorRefusedError(self.refused)

    async def stop(self, link: Link) -> None:
        """It was never started."""
