"""Which sensors are near, with bleak's own BlueZ backend against a fake BlueZ."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_bluez import FakeBluez
from plain_sensor import DATA, SERVICE, Plain, Refused, peripheral

from gaitcue.bluetooth.device import BATTERY_LEVEL, Advertisement, Device
from gaitcue.bluetooth.scan import Nearby, choose, look, scan
from gaitcue.errors import InputError

Run = Callable[..., None]
SHORT = 0.1


def recognise(advertisement: Advertisement) -> Device | None:
    return next((d() for d in (Refused, Plain) if d.recognises(advertisement)), None)


async def near() -> dict[str, Nearby]:
    return {n.name: n async for n in look(await scan(recognise, SHORT))}


def test_tells_kind_signal_battery_and_what_cannot_be_used(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        slow, unknown = peripheral(2), peripheral(3, services={DATA: {}})
        slow.name = "slow"
        unpaired = peripheral(4)
        unpaired.errors[BATTERY_LEVEL] = ("org.bluez.Error.NotAuthorized", "")
        bluez.add(peripheral(1), slow, unknown, unpaired)
        found = await near()
        assert sorted(found) == ["plain 1", "plain 4", "slow"]
        assert found["plain 1"].as_json() == {
            "name": "plain 1",
            "address": "C0:00:00:00:00:01",
            "kind": "plain",
            "title": "Plain sensor",
            "usable": True,
            "problem": "",
            "rate": 100.0,
            "gyroscope": False,
            "signal": -50,
            "battery": 0x57,
        }
        assert found["slow"].problem == Refused.refused
        assert found["plain 4"].problem.startswith("it is not paired")
        assert not any(bluez.connected(p) for p in (slow, unpaired))
        assert slow.attempts == 0
        await bluez.only(1)

    with_bluez(scenario)


def test_a_sensor_without_battery_level_is_usable(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        bluez.add(peripheral(1, services={SERVICE: {DATA: ["notify"]}}))
        found = (await near())["plain 1"]
        assert (found.problem, found.battery) == ("", None)

    with_bluez(scenario)


def test_a_sensor_that_cannot_be_connected_is_told(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        bluez.add(peripheral(1, connects=["org.bluez.Error.AuthenticationFailed"]))
        assert (await near())["plain 1"].problem.startswith("it is not paired")

    with_bluez(scenario)


@pytest.mark.parametrize(
    ("options", "words"),
    [({"powered": False}, "Bluetooth is off"), ({"running": False}, "BlueZ) is not running")],
)
def test_says_why_bluetooth_cannot_be_used(
    with_bluez: Run, options: dict[str, bool], words: str
) -> None:
    async def scenario(_: FakeBluez) -> None:
        with pytest.raises(InputError) as raised:
            await scan(recognise, SHORT)
        assert words in str(raised.value)

    with_bluez(scenario, **options)


def test_says_that_there_is_no_adapter(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        bluez.remove_adapter()
        with pytest.raises(InputError, match="no Bluetooth adapter"):
            await scan(recognise, SHORT)

    with_bluez(scenario)


def test_says_that_there_is_no_message_bus(
    with_bluez: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(_: FakeBluez) -> None:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")
        with pytest.raises(InputError, match="D-Bus"):
            await scan(recognise, SHORT)

    with_bluez(scenario)


def test_chooses_by_address_name_or_kind(with_bluez: Run) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        bluez.add(peripheral(1), peripheral(2))
        found = await scan(recognise, SHORT)
        assert choose(found, "plain 2").name == "plain 2"
        assert choose(found, "c0:00:00:00:00:01").name == "plain 1"
        assert choose(found[:1], "plain") == found[0]
        assert choose(found[:1], "") == found[0]
        with pytest.raises(InputError, match="more than one"):
            choose(found, "")
        with pytest.raises(InputError, match=r"no sensor 'nine' near.*plain 1"):
            choose(found, "nine")
        bad = replace(found[0], problem="it is broken")
        with pytest.raises(InputError, match="cannot be used: it is broken"):
            choose([bad], bad.name)
        with pytest.raises(InputError, match="no usable sensor"):
            choose([bad], "")

    with_bluez(scenario)
