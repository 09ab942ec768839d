"""A link of the tests' sensor to the fake BlueZ, and what it stored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from fake_bluez import Peripheral
from plain_sensor import DATA, ManualClock, Plain

from gaitcue.bluetooth.device import Device
from gaitcue.bluetooth.link import (
    Item,
    Notification,
    Streaming,
    stay_connected,
)

T = TypeVar("T")


class Stored:
    """What a link stored, to be waited for."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._queue: asyncio.Queue[Item] = asyncio.Queue()

    def __call__(self, item: Item) -> None:
        self.items.append(item)
        self._queue.put_nowait(item)

    async def next(self, kind: type[T]) -> T:
        while not isinstance(item := await self._queue.get(), kind):
            pass
        return item

    @property
    def values(self) -> list[bytes]:
        return [
            item.value
            for item in self.items
            if isinstance(item, Notification) and item.characteristic == DATA
        ]


async def found(sensor: Peripheral) -> BLEDevice:
    device = await BleakScanner.find_device_by_address(sensor.address, 5)
    assert device is not None
    return device


@asynccontextmanager
async def linked(
    *sensors: Peripheral, device: Device | None = None
) -> AsyncIterator[tuple[list[Stored], ManualClock, list[asyncio.Task[None]]]]:
    clock, connecting = ManualClock(), asyncio.Lock()
    stores = [Stored() for _ in sensors]
    tasks = [
        asyncio.create_task(
            stay_connected(
                device or Plain(), await found(sensor), store, connecting=connecting, clock=clock
            )
        )
        for sensor, store in zip(sensors, stores, strict=True)
    ]
    try:
        yield stores, clock, tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def reconnected(stored: Stored, clock: ManualClock) -> Streaming:
    """Let the back-off pass, and wait for the sensor to stream again."""
    (wait,) = await clock.asleep()
    await clock.advance(wait)
    return await stored.next(Streaming)
