"""Staying connected, with bleak's own BlueZ backend against a fake BlueZ."""

import asyncio
from collections.abc import Callable

import pytest
from bleak import BleakClient
from fake_bluez import NO_DISCOVERY, FakeBluez
from links import found, linked, reconnected
from plain_sensor import CONTROL, DATA, peripheral

from gaitcue.bluetooth.device import BATTERY_LEVEL
from gaitcue.bluetooth.link import (
    SILENCE,
    Connected,
    Lost,
    Notification,
    Started,
    Streaming,
)

Run = Callable[..., None]


def test_stores_what_comes_with_its_time(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), clock, _):
            assert (await stored.next(Streaming)).battery == 0x57
            bluez.notify(sensor, DATA, b"one")
            assert await stored.next(Notification) == Notification(100.0, DATA, b"one")
            await clock.advance(1.5)
            bluez.notify(sensor, DATA, b"two")
            assert await stored.next(Notification) == Notification(101.5, DATA, b"two")
        assert sensor.written == [(CONTROL, b"\x01"), (CONTROL, b"\x00")]
        assert stored.items[0] == Connected(100.0)

    with_bluez(scenario)


@pytest.mark.parametrize("again", ["same client", "new client"])
def test_a_naive_reconnect_doubles_notifications(with_bluez: Run, again: str) -> None:
    """What `stay_connected` must avoid; if this fails, bleak has cured it."""

    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        device = await found(sensor)
        values: list[bytes] = []
        lost = asyncio.Event()
        clients = [BleakClient(device, disconnected_callback=lambda _: lost.set())]
        await clients[0].connect()
        await clients[0].start_notify(DATA, lambda _, value: values.append(bytes(value)))
        bluez.drop(sensor)
        await lost.wait()
        if again == "new client":
            clients.append(BleakClient(device))
        await clients[-1].connect()
        await clients[-1].start_notify(DATA, lambda _, value: values.append(bytes(value)))
        bluez.notify(sensor, DATA, b"once")
        await clients[-1].read_gatt_char(BATTERY_LEVEL)  # behind the notification on the bus
        assert values == [b"once"] * 2
        for client in clients:
            await client.disconnect()

    with_bluez(scenario)


def test_no_notification_is_doubled_after_reconnects(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), clock, _):
            await stored.next(Streaming)
            for epoch in range(4):
                for n in range(5):
                    bluez.notify(sensor, DATA, bytes([epoch, n]))
                bluez.drop(sensor)
                await stored.next(Lost)
                await reconnected(stored, clock)
            await bluez.only(2)  # bleak's manager, and the one client in use
        assert stored.values == [bytes([epoch, n]) for epoch in range(4) for n in range(5)]
        assert sum(isinstance(i, Connected) for i in stored.items) == 5

    with_bluez(scenario)


def test_the_gap_is_marked_between_the_epochs(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), clock, _):
            await stored.next(Streaming)
            bluez.notify(sensor, DATA, b"before")
            await stored.next(Notification)
            bluez.drop(sensor)
            await stored.next(Lost)
            await reconnected(stored, clock)
            bluez.notify(sensor, DATA, b"after")
            await stored.next(Notification)
        assert stored.items == [
            Connected(100.0),
            Started(100.0),
            Notification(100.0, BATTERY_LEVEL, b"\x57"),
            Streaming(100.0, 0x57),
            Notification(100.0, DATA, b"before"),
            Lost(100.0, "the connection was lost"),
            Connected(100.25),
            Started(100.25),
            Notification(100.25, BATTERY_LEVEL, b"\x57"),
            Streaming(100.25, 0x57),
            Notification(100.25, DATA, b"after"),
        ]

    with_bluez(scenario)


@pytest.mark.parametrize("outcome", [NO_DISCOVERY, "org.bluez.Error.Failed"])
def test_a_failed_attempt_is_retried_with_back_off(with_bluez: Run, outcome: str) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral(connects=[outcome] * 7)
        bluez.add(sensor)
        waits = []
        async with linked(sensor) as ((stored,), clock, _):
            for _ in range(7):
                await stored.next(Lost)
                (wait,) = await clock.asleep()
                waits.append(round(wait, 6))
                await bluez.only(1)  # no client left over
                await clock.advance(wait)
            await stored.next(Streaming)
        assert waits == [0.25, 0.5, 1, 2, 4, 8, 8]
        assert sensor.attempts == 8

    with_bluez(scenario)


def test_the_back_off_begins_anew_only_when_a_sensor_was_heard(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        waits = []
        async with linked(sensor) as ((stored,), clock, _):
            for heard in (False, False, True, False):
                await stored.next(Streaming)
                if heard:
                    bluez.notify(sensor, DATA, b"heard")
                    while stored.values[-1:] != [b"heard"]:
                        await stored.next(Notification)
                bluez.drop(sensor)
                await stored.next(Lost)
                (wait,) = await clock.asleep()
                waits.append(wait)
                await clock.advance(wait)
        assert waits == pytest.approx([0.25, 0.5, 0.25, 0.5])

    with_bluez(scenario)


def test_a_silent_link_is_left_after_2_s_and_made_again(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), clock, _):
            await stored.next(Streaming)
            await clock.asleep()
            await clock.advance(1.9)
            bluez.notify(sensor, DATA, b"alive")
            await stored.next(Notification)
            await clock.advance(0.1)
            assert await clock.asleep() == [pytest.approx(SILENCE - 0.1)]
            assert bluez.connected(sensor)
            await clock.advance(SILENCE - 0.1)
            assert await stored.next(Lost) == Lost(pytest.approx(103.9), "no data for 2 s")
            assert not bluez.connected(sensor)
            await reconnected(stored, clock)
            bluez.notify(sensor, DATA, b"again")
            assert (await stored.next(Notification)).value == b"again"
        assert stored.values == [b"alive", b"again"]

    with_bluez(scenario)


def test_our_own_standstill_is_no_silence_of_the_link(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), clock, _):
            await stored.next(Streaming)
            await clock.asleep()
            await clock.advance(15.0)
            assert await clock.asleep() == [pytest.approx(SILENCE)]
            assert bluez.connected(sensor)
            await clock.advance(SILENCE)
            await stored.next(Lost)

    with_bluez(scenario)


def test_several_sensors_are_kept_apart(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensors = [peripheral(number) for number in (1, 2, 3, 4)]
        bluez.add(*sensors)
        async with linked(*sensors) as (stores, clock, _):
            for stored in stores:
                await stored.next(Streaming)
            for n in range(20):
                for number, sensor in enumerate(sensors):
                    bluez.notify(sensor, DATA, bytes([number, n]))
            bluez.drop(sensors[1])
            await stores[1].next(Lost)
            waits = await clock.asleep(4)
            await clock.advance(min(waits))
            await stores[1].next(Streaming)
            for number, sensor in enumerate(sensors):
                bluez.notify(sensor, DATA, bytes([number, 20]))
            for stored in stores:
                while stored.values[-1][1] < 20:
                    await stored.next(Notification)
        for number, stored in enumerate(stores):
            assert stored.values == [bytes([number, n]) for n in range(21)]
        assert [sum(isinstance(i, Connected) for i in s.items) for s in stores] == [1, 2, 1, 1]

    with_bluez(scenario)


def test_cancelling_stops_and_disconnects_the_sensor(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), _, (task,)):
            await stored.next(Streaming)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert sensor.written[-1] == (CONTROL, b"\x00")
            assert not bluez.connected(sensor)
            await bluez.only(1)

    with_bluez(scenario)


def test_cancelling_leaves_nothing_behind_whenever_it_comes(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        reached = set()
        for turns in range(0, 300, 7):  # of the event loop, from before D-Bus to streaming
            async with linked(sensor) as ((stored,), _, _):
                for _ in range(turns):
                    await asyncio.sleep(0)
            reached.add(type(stored.items[-1]) if stored.items else None)
            await bluez.only(1)
            assert not bluez.connected(sensor)
        assert {None, Streaming} <= reached

    with_bluez(scenario)


@pytest.mark.parametrize("tells", [True, False])
def test_a_vanished_adapter_is_told_and_its_return_resumes_the_walk(
    with_bluez: Run, tells: bool
) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        sensor = peripheral()
        bluez.add(sensor)
        async with linked(sensor) as ((stored,), clock, _):
            await stored.next(Streaming)
            await clock.asleep()
            bluez.remove_adapter(tells=tells)
            if not tells:
                await clock.advance(SILENCE)
            reason = (await stored.next(Lost)).reason
            assert reason == ("the connection was lost" if tells else "no data for 2 s")
            (wait,) = await clock.asleep()
            await clock.advance(wait)
            reason = (await stored.next(Lost)).reason
            assert reason.startswith("this computer has no Bluetooth adapter")
            bluez.return_adapter()
            for _ in range(2):  # the first finds the sensor anew
                (wait,) = await clock.asleep()
                await clock.advance(wait)
            await stored.next(Streaming)
            bluez.notify(sensor, DATA, b"back")
            assert (await stored.next(Notification)).value == b"back"

    with_bluez(scenario)
