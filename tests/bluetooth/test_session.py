"""What a device gets of its link, with bleak's own BlueZ backend against a fake BlueZ."""

import asyncio
from collections.abc import Callable

from fake_bluez import FakeBluez
from links import linked
from plain_sensor import CONTROL, DATA, Plain, peripheral

from gaitcue.bluetooth.device import BATTERY_LEVEL, Link, SensorRefusedError
from gaitcue.bluetooth.link import (
    Lost,
    Notification,
    Streaming,
)

Run = Callable[..., None]


def test_a_device_gets_its_answers(with_bluez: Run) -> None:
    class Asking(Plain):
        answer = b""
        room = 0

        async def start(self, link: Link) -> None:
            await link.subscribe(DATA)
            asked = asyncio.create_task(link.reply(DATA, lambda v: v[:1] == b"A", 5))
            await link.write(CONTROL, b"ask")
            self.answer = await asked
            self.room = link.largest_notification

    async def scenario(bluez: FakeBluez) -> None:
        def on_write(_: str, value: bytes) -> None:
            if value == b"ask":
                bluez.notify(sensor, DATA, b"B no answer")
                bluez.notify(sensor, DATA, b"Answer")

        sensor = peripheral(on_write=on_write)
        bluez.add(sensor)
        device = Asking()
        async with linked(sensor, device=device) as ((stored,), _, _):
            await stored.next(Streaming)
        assert device.answer == b"Answer"
        assert device.room == 244
        assert stored.values == [b"B no answer", b"Answer"]

    with_bluez(scenario)


def test_no_battery_level_is_no_obstacle(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        sensor.errors[BATTERY_LEVEL] = ("org.bluez.Error.Failed", "Not supported")
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), _, _):
            assert (await stored.next(Streaming)).battery is None

    with_bluez(scenario)


def test_a_refusal_is_told_and_asked_again_seldom(with_bluez: Run) -> None:
    class Charging(Plain):
        async def start(self, link: Link) -> None:  # noqa: ARG002
            raise SensorRefusedError("take it off the charger")

    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor, device=Charging()) as ((stored,), clock, _):
            assert (await stored.next(Lost)).reason == "take it off the charger"
            assert await clock.asleep() == [8.0]
            assert not bluez.connected(sensor)

    with_bluez(scenario)


def test_subscribing_twice_stores_once(with_bluez: Run) -> None:
    class Twice(Plain):
        async def start(self, link: Link) -> None:
            await link.subscribe(DATA)
            await link.subscribe(DATA.upper())

    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor, device=Twice()) as ((stored,), _, _):
            await stored.next(Streaming)
            bluez.notify(sensor, DATA, b"1")
            bluez.notify(sensor, DATA, b"2")
            while stored.values[-1:] != [b"2"]:
                await stored.next(Notification)
            assert stored.values == [b"1", b"2"]

    with_bluez(scenario)
