"""Recording, with bleak's own BlueZ backend against a fake BlueZ."""

import asyncio
import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_bluez import FakeBluez, Peripheral
from plain_sensor import ManualClock

from gaitcue.app.console import parse_sensor
from gaitcue.app.recorder import Worn, record
from gaitcue.app.stopping import stopped_by_signals
from gaitcue.bluetooth.device import BATTERY_LEVEL
from gaitcue.bluetooth.devices import gaitcue_sensor, recognise
from gaitcue.bluetooth.devices.gaitcue_protocol import FIRMWARE, FIRMWARE_REVISION
from gaitcue.bluetooth.devices.witmotion import NOTIFY, SERVICE, WRITE
from gaitcue.bluetooth.latency import EXCHANGES, Latency
from gaitcue.bluetooth.scan import scan
from gaitcue.bluetooth.virtual.sensor import BATTERY_SERVICE
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.errors import InputError
from gaitcue.imu import STANDARD_GRAVITY, Placement, Samples, Side
from gaitcue.recording import open_recordings
from gaitcue.recording.live import Player
from gaitcue.recording.raw import Record, RecordKind, read_raw

Run = Callable[..., None]
SHORT = 0.1


def frame(number: int) -> bytes:
    """Acceleration of `number` counts upward."""
    return b"\x55\x61" + struct.pack("<9h", 0, 0, number, *[0] * 6)


def sensor(number: int = 1) -> Peripheral:
    services = {SERVICE: {NOTIFY: ["notify"], WRITE: ["write"]}}
    return Peripheral(
        address=f"D0:00:00:00:00:{number:02X}", name=f"WT901 {number}", services=services
    )


async def worn(*placements: Placement) -> list[Worn]:
    found = sorted(await scan(recognise, SHORT), key=lambda near: near.name)
    return [
        Worn(name=str(placement), near=near, placement=placement)
        for near, placement in zip(found, placements, strict=True)
    ]


class Told:
    """What the person is told, to be waited for."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str] = asyncio.Queue()

    def __call__(self, text: str) -> None:
        self._queue.put_nowait(text)

    async def until(self, words: str) -> None:
        while words not in await self._queue.get():
            pass


def records(folder: Path) -> list[Record]:
    found = list(read_raw(folder / "raw.bin"))
    assert all(isinstance(record, Record) for record in found)
    return found


def values(folder: Path, number: int) -> list[bytes]:
    return [r.data for r in records(folder) if r.kind is RecordKind.VALUE and r.sensor == number]


def test_a_lost_connection_resumes_the_same_walk_with_the_gap_marked(
    with_bluez: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "walk"

    async def scenario(bluez: FakeBluez) -> None:
        wit, clock, told, stop = sensor(), ManualClock(), Told(), asyncio.Event()
        bluez.add(wit)

        async def send(first: int) -> None:
            for number in range(first, first + 100):
                await clock.advance(0.01)
                bluez.notify(wit, NOTIFY, frame(number))
                await clock.asleep()
                await asyncio.sleep(0.001)  # through the sockets, before the clock moves on

        running = asyncio.create_task(
            record(await worn(Placement.SHANK), folder, tell=told, stop=stop, clock=clock)
        )
        await told.until("connected")
        await send(1)
        bluez.drop(wit)
        await told.until("shank: the connection was lost; trying again")
        await clock.asleep()
        await clock.advance(3.0)
        await told.until("connected")
        await send(101)
        stop.set()
        await running
        assert not bluez.connected(wit)

    with_bluez(scenario)
    kinds = [r.kind for r in records(folder) if r.kind is not RecordKind.VALUE]
    assert kinds == [
        RecordKind.SENSOR,
        RecordKind.CONNECTED,
        RecordKind.DISCONNECTED,
        RecordKind.CONNECTED,
        RecordKind.END,
    ]
    assert values(folder, 0) == [frame(number) for number in range(1, 201)]

    (recording,) = open_recordings(folder)
    (replayed,) = recording.sensors
    assert (replayed.name, replayed.placement, replayed.rate) == ("shank", Placement.SHANK, 100.0)
    blocks = [item for item in replayed.read() if isinstance(item, Samples)]
    missing = np.concatenate([block.missing for block in blocks])
    assert (~missing).sum() == 200
    assert missing[100:-100].all()
    assert 290 <= missing.sum() <= 310


class Gaitcue:
    """A gaitcue sensor on the fake BlueZ, of which the clock runs with the test's."""

    def __init__(self, bluez: FakeBluez, clock: ManualClock, *, gyroscope: bool = True) -> None:
        self.virtual = VIRTUAL_SENSORS["gaitcue"]()
        self.virtual.largest_notification = 244
        self._bluez, self._clock, self._gyroscope = bluez, clock, gyroscope
        self.virtual.clock = clock.now
        features = self.virtual.read(gaitcue_sensor.FEATURE)
        if not gyroscope:
            features = features[:2] + b"\x01\x00" + features[4:11] + bytes(4)
        self.peripheral = Peripheral(
            address="D0:00:00:00:00:09",
            name="gaitcue-CAFE",
            services={
                gaitcue_sensor.SERVICE: {
                    gaitcue_sensor.MOTION: ["notify"],
                    gaitcue_sensor.CONTROL: ["write", "indicate"],
                    gaitcue_sensor.STATUS: ["read", "notify"],
                    gaitcue_sensor.FEATURE: ["read"],
                },
                BATTERY_SERVICE: {BATTERY_LEVEL: ["read"], FIRMWARE_REVISION: ["read"]},
            },
            values={
                gaitcue_sensor.FEATURE: features,
                BATTERY_LEVEL: b"\x57",
                FIRMWARE_REVISION: FIRMWARE.encode(),
            },
            on_write=self._answer,
        )

    def _answer(self, characteristic: str, value: bytes) -> None:
        if value[0] == gaitcue_sensor.START and not self._gyroscope:
            answers = [(characteristic, bytes.fromhex("800101f401010500000000"))]  # 50 Hz, acc
        else:
            answers = self.virtual.write(characteristic, value)
        for source, answer in answers:
            self._bluez.notify(self.peripheral, source, answer)

    async def walk(self, seconds: float, rate: float = 100.0) -> None:
        """Send samples, each 5 on arrival 30 ms after the last of them was taken."""
        for row in range(0, int(seconds * rate), 5):
            await self._clock.advance(5 / rate)
            ticks = round((self._clock.now() - 0.030 - 4 / rate) * 1e6)
            axes = 6 if self._gyroscope else 3
            counts = np.arange(5 * axes, dtype="<i2").tobytes()
            head = struct.pack("<BBHI", axes // 3, 5, row % 65536, ticks)
            self._bluez.notify(self.peripheral, gaitcue_sensor.MOTION, head + counts)
            await self._clock.asleep()
            await asyncio.sleep(0.001)  # through the sockets, before the clock moves on


def test_the_latency_is_told_and_kept_with_the_walk_and_its_log(
    with_bluez: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "walk"

    async def scenario(bluez: FakeBluez) -> None:
        clock, told, stop = ManualClock(), Told(), asyncio.Event()
        sensor = Gaitcue(bluez, clock)
        bluez.add(sensor.peripheral)
        running = asyncio.create_task(
            record(await worn(Placement.SHANK), folder, tell=told, stop=stop, clock=clock)
        )
        await told.until("connected")
        await sensor.walk(3.0)
        # No time passes on the way of a question, so that nothing is unsure but rounding.
        await told.until("shank: latency about 30 ms, give or take 1 ms")
        stop.set()
        await running

    with_bluez(scenario)
    (recording,) = open_recordings(folder)
    latency = recording.sensors[0].latency
    assert latency is not None
    assert latency.delay == pytest.approx(0.030, abs=1e-3)
    assert latency.error == pytest.approx(0.001, abs=1e-4)
    assert sum(r.kind is RecordKind.ASKED for r in records(folder)) == EXCHANGES
    player = Player(recording.sensors[0])
    replayed = [item for record in records(folder) for item in player.take(record)]
    assert [item for item in replayed if isinstance(item, Latency)] == [latency]


def test_a_sensor_known_only_after_its_start_is_described_as_it_delivers(
    with_bluez: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "walk"

    async def scenario(bluez: FakeBluez) -> None:
        clock, told, stop = ManualClock(), Told(), asyncio.Event()
        sensor = Gaitcue(bluez, clock, gyroscope=False)
        bluez.add(sensor.peripheral)
        running = asyncio.create_task(
            record(await worn(Placement.SHANK), folder, tell=told, stop=stop, clock=clock)
        )
        await told.until("connected")
        await sensor.walk(2.0, rate=50.0)
        stop.set()
        await running

    with_bluez(scenario)
    (described,) = json.loads((folder / "walk.json").read_text())["sensors"]
    assert (described["rate"], described["gyroscope"]) == (50.0, False)
    (connected,) = (r for r in records(folder) if r.kind is RecordKind.CONNECTED)
    assert json.loads(connected.payload)["rate"] == 50.0
    (recording,) = open_recordings(folder)
    blocks = [item for item in recording.sensors[0].read() if isinstance(item, Samples)]
    assert {(block.rate, block.gyr is None) for block in blocks} == {(50.0, True)}
    assert sum(len(block) for block in blocks) == 100
    assert not any(block.missing.any() for block in blocks)


def test_several_sensors_go_into_one_walk(with_bluez: Run, tmp_path: Path) -> None:
    folder = tmp_path / "walk"

    async def scenario(bluez: FakeBluez) -> None:
        sensors, told, stop = [sensor(1), sensor(2), sensor(3)], Told(), asyncio.Event()
        bluez.add(*sensors)
        chosen = await worn(Placement.SHANK, Placement.THIGH, Placement.CHEST)
        running = asyncio.create_task(
            record(chosen, folder, tell=told, stop=stop, clock=ManualClock())
        )
        for _ in sensors:
            await told.until("connected")
        for number, one in enumerate(sensors):
            for n in range(10):
                bluez.notify(one, NOTIFY, frame(100 * number + n))
        while any(
            (folder / "raw.bin").read_bytes().count(frame(100 * n + 9)) == 0 for n in range(3)
        ):
            await asyncio.sleep(0.001)
        stop.set()
        await running

    with_bluez(scenario)
    for number in range(3):
        assert values(folder, number) == [frame(100 * number + n) for n in range(10)]
    walk = json.loads((folder / "walk.json").read_text())
    assert [entry["name"] for entry in walk["sensors"]] == ["shank", "thigh", "chest"]
    assert {entry["file"] for entry in walk["sensors"]} == {"raw.bin"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_walk_in_order(
    with_bluez: Run, tmp_path: Path, number: signal.Signals
) -> None:
    before = signal.signal(number, signal.default_int_handler)  # `nohup` has one ignored

    async def scenario(bluez: FakeBluez) -> None:
        wit, told = sensor(), Told()
        bluez.add(wit)
        chosen = await worn(Placement.SHANK)
        with stopped_by_signals() as stop:
            running = asyncio.create_task(
                record(chosen, tmp_path / "walk", tell=told, stop=stop, clock=ManualClock())
            )
            await told.until("connected")
            for _ in range(3):  # the impatient press again
                signal.raise_signal(number)
            await running
        assert not bluez.connected(wit)
        await bluez.only(1)

    with_bluez(scenario)
    assert [r.kind for r in records(tmp_path / "walk")][:2] == [
        RecordKind.SENSOR,
        RecordKind.CONNECTED,
    ]
    assert signal.signal(number, before) is signal.default_int_handler


def test_a_disk_that_takes_no_more_ends_the_walk_with_its_reason(
    with_bluez: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise InputError("cannot write raw.bin: No space left on device")

    async def scenario(bluez: FakeBluez) -> None:
        wit, told = sensor(), Told()
        bluez.add(wit)
        chosen = await worn(Placement.SHANK)
        monkeypatch.setattr("gaitcue.recording.raw.RawWriter.append", full)
        with pytest.raises(InputError, match="No space left"):
            await record(
                chosen, tmp_path / "walk", tell=told, stop=asyncio.Event(), clock=ManualClock()
            )
        assert not bluez.connected(wit)

    with_bluez(scenario)


def test_nothing_is_overwritten(with_bluez: Run, tmp_path: Path) -> None:
    (tmp_path / "walk").mkdir()
    (tmp_path / "walk" / "note.txt").write_text("mine")

    async def scenario(bluez: FakeBluez) -> None:
        bluez.add(sensor())
        chosen = await worn(Placement.SHANK)
        with pytest.raises(InputError, match="is there already"):
            await record(chosen, tmp_path / "walk", tell=Told(), stop=asyncio.Event())

    with_bluez(scenario)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", ("", None, Side.NONE)),
        ("movella-dot", ("movella-dot", None, Side.NONE)),
        ("@lower_back", ("", Placement.LOWER_BACK, Side.NONE)),
        ("D4:22:CD:00:00:01@shank:left", ("D4:22:CD:00:00:01", Placement.SHANK, Side.LEFT)),
    ],
)
def test_a_sensor_is_said_by_what_it_is_and_where(text: str, parsed: object) -> None:
    assert parse_sensor(text) == parsed


@pytest.mark.parametrize("text", ["@knee", "a@shank:up"])
def test_an_unknown_place_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected"):
        parse_sensor(text)


COMMAND = """
import sys
import gaitcue.app.console as console
from gaitcue.cli import main
console.SCAN_TIME = 0.1
sys.exit(main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_command_keeps_what_came_before_it_was_stopped(
    with_bluez: Run, tmp_path: Path, number: signal.Signals
) -> None:
    folder = tmp_path / "walk"
    killed = number == signal.SIGKILL

    async def scenario(bluez: FakeBluez) -> None:
        wit = sensor()
        bluez.add(wit)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", COMMAND),
            *("record", "--sensor", "@shank:left", "-o", str(folder)),
            env=os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": bluez.address},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        while b"connected" not in await process.stderr.readline():
            pass
        bluez.notify(wit, NOTIFY, frame(7))
        while not (folder / "raw.bin").read_bytes().count(frame(7)):
            await asyncio.sleep(0.01)
        process.send_signal(number)
        out, errors = await process.communicate()
        assert process.returncode == (-signal.SIGKILL if killed else 0)
        assert out.decode().split() == ([] if killed else [str(folder)])
        assert b"Traceback" not in errors
        assert bluez.connected(wit) == killed

    with_bluez(scenario)
    assert values(folder, 0) == [frame(7)]
    (recording,) = open_recordings(folder)
    (block,) = [item for item in recording.sensors[0].read() if isinstance(item, Samples)]
    assert recording.sensors[0].name == "left_shank"
    assert block.acc == pytest.approx(np.array([[0, 0, 7 / 32768 * 16 * STANDARD_GRAVITY]]))
