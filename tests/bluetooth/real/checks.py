"""Sensors on the real bluetoothd and the kernel's own Bluetooth; `run` starts it where those are.

One adapter for all of it: bluetoothd 5.66 now and then crashes when one is taken away.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from radio import FREE_TIMEOUT, Radio, Worn

from gaitcue.bluetooth import link as linking
from gaitcue.bluetooth.devices import recognise
from gaitcue.bluetooth.devices.gaitcue_sensor import CONTROL, MOTION, STOP
from gaitcue.bluetooth.link import Connected, Item, Lost, Notification, Streaming, stay_connected
from gaitcue.bluetooth.scan import Nearby, choose, look, scan
from gaitcue.bluetooth.virtual.faults import Faults
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.imu import Samples

SCAN_TIME = 1.5
"""s; the sensors advertise ten times a second."""
LOOKED_AT = "gaitcue", "polar-h10"
"""Two that tell their battery; each takes two seconds."""
ATTEMPTS = 5
"""To connect: on a busy machine one may fail, as on any radio, but not each."""
TIME_LIMIT = 200.0
"""For one check, s; 15 are enough for the longest if the machine is not busy."""
STOP_TIME = 30.0
"""For stopping all links of a check, and for telling one sensor to stop, s."""
SILENCE = 20.0
"""After which a sensor is taken for lost, s: on a busy machine notifications may be held up."""

Scenario = Callable[[Radio], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def radio(runner: asyncio.Runner) -> Iterator[Radio]:
    radio = Radio()
    runner.run(radio.plug_in())
    yield radio
    runner.run(radio.unplug())


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "SILENCE", SILENCE)
    monkeypatch.setattr(linking, "STOP_TIMEOUT", STOP_TIME)


@pytest.fixture
def on_air(runner: asyncio.Runner, radio: Radio) -> Callable[[Scenario], None]:
    """Run a scenario; a hung one fails."""

    def run(scenario: Scenario) -> None:
        async def main() -> None:
            async with asyncio.timeout(TIME_LIMIT):
                await scenario(radio)

        runner.run(main())

    return run


def walk(seconds: float) -> Samples:
    """Acceleration that is never the same twice."""
    time = np.arange(round(seconds * 100)) / 100
    acc = np.column_stack([9.8 * np.sin(time), 9.8 * np.cos(time), time % 9.8])
    return Samples(time=time, acc=acc, gyr=acc / 9.8, placement=None, rate=100.0)


class Stored:
    """What a link stored."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._changed = asyncio.Event()

    def __call__(self, item: Item) -> None:
        self.items.append(item)
        self._changed.set()

    async def until(self, enough: Callable[[list[Item]], bool]) -> None:
        while not enough(self.items):
            self._changed.clear()
            await self._changed.wait()

    def of(self, worn: Worn) -> list[tuple[str, bytes]]:
        """The notified samples."""
        sent = set(worn.sent)
        values = [(i.characteristic, i.value) for i in self.items if isinstance(i, Notification)]
        return [value for value in values if value in sent]


async def scanned(*wanted: Worn) -> list[Nearby]:
    """What is near, as soon as all of these are: a busy machine may need more than one scan."""
    addresses = {worn.address for worn in wanted}
    while True:
        found = await scan(recognise, SCAN_TIME)
        if addresses <= {near.advertisement.address for near in found}:
            return found


async def looked_at(near: Nearby) -> Nearby:
    """The sensor, as soon as a look at it has connected."""
    for _ in range(ATTEMPTS):
        looked = await anext(look([near]))
        if not looked.problem:
            break
    return looked


@asynccontextmanager
async def linked(*sensors: Worn) -> AsyncIterator[list[Stored]]:
    """Scan, and stay connected to these sensors; at the end all of it is stopped."""
    found = await scanned(*sensors)
    connecting, stores, tasks = asyncio.Lock(), [], []
    for worn in sensors:
        near = choose(found, worn.address)
        stores.append(Stored())
        link = stay_connected(near.device, near.handle, stores[-1], connecting=connecting)
        tasks.append(asyncio.create_task(link))
    try:
        yield stores
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_TIME)


def test_a_scan_knows_every_kind_and_a_look_connects(
    on_air: Callable[[Scenario], None],
) -> None:
    async def scenario(radio: Radio) -> None:
        async with radio.wear(*VIRTUAL_SENSORS, walk=walk(300)) as sensors:
            found = await scanned(*sensors)
            kinds = {near.advertisement.address: near.device.name for near in found}
            assert kinds == {worn.address: worn.sensor.device.name for worn in sensors}
            some = [near for near in found if near.device.name in LOOKED_AT]
            looked = [await looked_at(near) for near in some]
            assert [(near.problem, near.battery) for near in looked] == [("", 100)] * 2

    on_air(scenario)


def test_notifications_arrive_in_order_and_none_is_lost(
    on_air: Callable[[Scenario], None],
) -> None:
    async def scenario(radio: Radio) -> None:
        async with radio.wear("gaitcue", walk=walk(300)) as (worn,):
            async with linked(worn) as (stored,):
                await stored.until(lambda _: len(stored.of(worn)) >= 15)
            received = stored.of(worn)
            assert received == worn.sent[: len(received)]
            # An attempt to connect may fail; what streams must not be lost.
            streams = [isinstance(item, Streaming) for item in stored.items].index(True)
            assert not any(isinstance(item, Lost) for item in stored.items[streams:])

    on_air(scenario)


def test_a_lost_connection_is_made_again_and_nothing_is_doubled(
    on_air: Callable[[Scenario], None],
) -> None:
    async def scenario(radio: Radio) -> None:
        faults = Faults(disconnects=3600, longest_outage=0.5)
        async with (
            radio.wear("gaitcue", walk=walk(300), faults=faults) as (worn,),
            linked(worn) as (stored,),
        ):
            await stored.until(lambda items: sum(isinstance(i, Streaming) for i in items) == 4)
            count = len(stored.of(worn))
            await stored.until(lambda _: len(stored.of(worn)) >= count + 5)
        received = stored.of(worn)
        assert received == [each for each in worn.sent if each in set(received)]
        epochs: list[list[int]] = []
        for item in stored.items:
            if isinstance(item, Connected):
                epochs.append([])
            elif isinstance(item, Notification) and item.characteristic == MOTION:
                epochs[-1].append(struct.unpack_from("<H", item.value, 2)[0])
        for indices in epochs:  # counted in samples from each start, 5 in a notification
            assert indices == [5 * n for n in range(len(indices))]
        assert sum(map(len, epochs)) == len(received)
        assert sum(bool(indices) for indices in epochs) >= 4

    on_air(scenario)


def test_a_stopped_link_leaves_the_sensor_stopped_and_free(
    on_air: Callable[[Scenario], None],
) -> None:
    async def scenario(radio: Radio) -> None:
        async with radio.wear("gaitcue", walk=walk(300)) as (worn,):
            for _ in range(2):
                async with linked(worn) as (stored,):
                    await stored.until(lambda _, s=stored: len(s.of(worn)) >= 5)
                    assert not worn.free.is_set()
                assert worn.written[-1] == (CONTROL, bytes([STOP]))
                async with asyncio.timeout(FREE_TIMEOUT):
                    await worn.free.wait()

    on_air(scenario)
