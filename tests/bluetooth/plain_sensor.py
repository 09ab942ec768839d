"""A sensor of no real kind, and a clock that goes only when it is told to."""

import asyncio
from typing import Any, ClassVar

import numpy as np
from fake_bluez import Peripheral

from gaitcue.bluetooth.device import (
    BATTERY_LEVEL,
    Advertisement,
    Decoder,
    Device,
    Frame,
    Link,
    Message,
    Timing,
)

SERVICE = "f0001000-0000-4000-8000-000000000000"
DATA = "f0001001-0000-4000-8000-000000000000"
CONTROL = "f0001002-0000-4000-8000-000000000000"


class Plain(Device):
    """Sends counted bytes; starts with a written 1 and stops with a written 0."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain sensor"
    timing = Timing(rate=100.0, index_modulus=256)
    gyroscope = False

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        return SERVICE in advertisement.services

    async def start(self, link: Link) -> None:
        await link.subscribe(DATA)
        await link.write(CONTROL, b"\x01")

    async def stop(self, link: Link) -> None:
        await link.write(CONTROL, b"\x00")

    def decoder(self) -> Decoder:
        def decode(_: str, value: bytes) -> list[Message]:
            return [Frame(acc=np.zeros((1, 3)), gyr=None, index=value[0])]

        return decode


class Refused(Plain):
    name: ClassVar[str] = "slow"
    title: ClassVar[str] = "Slow watch"
    refused: ClassVar[str] = "it measures 10 times a second, and 50 are needed"

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        return advertisement.name == "slow"


def peripheral(number: int = 1, **more: Any) -> Peripheral:
    services = {
        SERVICE: {DATA: ["notify"], CONTROL: ["write"]},
        "0000180f-0000-1000-8000-00805f9b34fb": {BATTERY_LEVEL: ["read"]},
    }
    more = {"values": {BATTERY_LEVEL: b"\x57"}, "services": services} | more
    return Peripheral(address=f"C0:00:00:00:00:{number:02X}", name=f"plain {number}", **more)


class ManualClock:
    """Stands still; `advance` is the only way for time to pass."""

    def __init__(self) -> None:
        self._now = 100.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._changed = asyncio.Condition()

    def now(self) -> float:
        return self._now

    async def sleep(self, duration: float) -> None:
        sleeper = (self._now + duration, asyncio.get_running_loop().create_future())
        self._sleepers.append(sleeper)
        async with self._changed:
            self._changed.notify_all()
        try:
            await sleeper[1]
        finally:
            self._sleepers.remove(sleeper)

    async def asleep(self, count: int = 1) -> list[float]:
        """Wait until `count` tasks sleep; for how long each."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._sleepers) >= count)
        return [due - self._now for due, _ in self._sleepers]

    async def advance(self, duration: float) -> None:
        self._now += duration
        for due, future in list(self._sleepers):
            if due <= self._now + 1e-9 and not future.done():
                future.set_result(None)
        for _ in range(5):  # the woken leave the list
            await asyncio.sleep(0)
