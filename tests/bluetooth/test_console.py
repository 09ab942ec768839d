"""The verb ``sensors``, with bleak's own BlueZ backend against a fake BlueZ."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_bluez import FakeBluez, Peripheral

from gaitcue.bluetooth.devices.pinetime import PineTime
from gaitcue.bluetooth.devices.witmotion import NOTIFY, SERVICE
from gaitcue.cli import main

Run = Callable[..., None]


@pytest.fixture(autouse=True)
def short_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitcue.app.console.SCAN_TIME", 0.1)


def add_three(bluez: FakeBluez) -> None:
    bluez.add(
        Peripheral("D0:00:00:00:00:01", "WT901BLE67", {SERVICE: {NOTIFY: ["notify"]}}),
        Peripheral("D0:00:00:00:00:02", "InfiniTime", {}),
        Peripheral("D0:00:00:00:00:03", "somebody's lamp", {}),
    )


def test_tells_people_what_is_near(with_bluez: Run, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        add_three(bluez)
        assert await asyncio.to_thread(main, ["sensors"]) == 0

    with_bluez(scenario)
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("WT901BLE67 ("))
    assert lines[at + 1] == "  can be used: acceleration and rotation, 100 Hz"
    assert lines[at + 2] == "  signal -50 dBm (strong), battery unknown"
    assert f"  cannot be used: {PineTime.refused}" in lines
    assert not any("lamp" in line for line in lines)


def test_tells_programs_what_is_near(with_bluez: Run, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(bluez: FakeBluez) -> None:
        add_three(bluez)
        assert await asyncio.to_thread(main, ["sensors", "--json"]) == 0

    with_bluez(scenario)
    near = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(one["kind"], one["usable"]) for one in near} == {
        ("witmotion", True),
        ("pinetime", False),
    }


def test_nothing_near_is_said(with_bluez: Run, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(_: FakeBluez) -> None:
        assert await asyncio.to_thread(main, ["sensors"]) == 1

    with_bluez(scenario)
    told = capsys.readouterr()
    assert told.out == ""
    assert "no sensor of a known kind" in told.err


def test_bluetooth_off_is_bad_input(with_bluez: Run, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(_: FakeBluez) -> None:
        assert await asyncio.to_thread(main, ["sensors"]) == 2

    with_bluez(scenario, powered=False)
    assert "Bluetooth is off" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sensors", "words"),
    [
        (["@shank", "@thigh"], "the same sensor is given twice"),
        (["lamp"], "no sensor 'lamp' near"),
        (["InfiniTime"], "cannot be used"),
    ],
)
def test_nothing_is_recorded_of_a_sensor_that_cannot_be(
    with_bluez: Run,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    sensors: list[str],
    words: str,
) -> None:
    folder = tmp_path / "walk"
    flags = [part for sensor in sensors for part in ("--sensor", sensor)]

    async def scenario(bluez: FakeBluez) -> None:
        add_three(bluez)
        assert await asyncio.to_thread(main, ["record", "-o", str(folder), *flags]) == 2

    with_bluez(scenario)
    assert words in capsys.readouterr().err
    assert not folder.exists()
