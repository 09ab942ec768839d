import asyncio
import json
import struct
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gaitcue.bluetooth.device import Device, Frame, Timing
from gaitcue.bluetooth.devices import device_named
from gaitcue.bluetooth.virtual.direct import DirectLink
from gaitcue.bluetooth.virtual.sensor import transmissions
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.bluetooth.virtual.simulated_time import SimulatedTimeLoop
from gaitcue.cli import main
from gaitcue.errors import InputError
from gaitcue.events import DataProblem, Step, WalkEnd, to_json
from gaitcue.imu import Placement, Samples
from gaitcue.recording import ReadOptions, live, open_recordings
from gaitcue.recording.live import RAW_FILE, Player, announcement, connection
from gaitcue.recording.model import concatenate, read_all
from gaitcue.recording.raw import RawWriter, Record, RecordKind
from gaitcue.replay import replay
from gaitcue.replay.simulator import SCENARIOS, simulate

MOTION = "00000003-0000-1000-8000-00805f9b34fb"
TIMING = Timing(rate=100.0, tick=1e-3, tick_modulus=1 << 32, index_modulus=1 << 16)


def decode(_, value):
    index, ticks = struct.unpack_from("<HI", value)
    values = np.frombuffer(value, "<f4", offset=6).astype(float).reshape(-1, 6)
    return [Frame(acc=values[:, :3], gyr=values[:, 3:], index=index, ticks=ticks)]


class Simple(Device):
    name, title, timing, gyroscope = "simple", "A simple sensor", TIMING, True

    @classmethod
    def recognises(cls, _):
        return False

    async def start(self, link):
        pass

    async def stop(self, link):
        pass

    def decoder(self):
        return decode


@pytest.fixture(autouse=True)
def only_the_simple_sensor(monkeypatch):
    def named(name):
        if name != "simple":
            raise InputError(f"there is no device {name!r}")
        return Simple()

    monkeypatch.setattr(live, "device_named", named)


@cache
def simulated(seed):
    motion, _ = read_all(simulate(SCENARIOS["freezing"], rate=100, seed=seed).sensors[0])
    return motion[:6000]


def walked(number=0, seed=1, lose=0.0, repeat=0.0, away=(20.0, 26.0)):
    """Records of a sensor on a simulated walk: with jitter and losses, and away for a while."""
    motion = simulated(seed)
    values = np.hstack([motion.acc, motion.gyr]).astype("<f4")
    random = np.random.default_rng(seed)
    records = [
        announcement(number, 0, f"sensor {number}"),
        connection(number, 10, "simple", TIMING),
    ]
    newest, gone = 0, False
    for first in range(0, len(values) - 5, 5):
        taken = first / 100
        if away[0] <= taken < away[1]:
            if not gone:
                records.append(Record(RecordKind.DISCONNECTED, number, newest))
            gone = True
            continue
        newest = max(newest + 1, int((taken + 0.07 + 0.05 * random.random() ** 2) * 1e9))
        if gone:
            records.append(connection(number, newest, "simple", TIMING))
            gone = False
        if random.random() < lose:
            continue
        head = struct.pack("<HI", first % 65536, int(taken * 1000) + 77)
        value = head + values[first : first + 5].tobytes()
        times = 2 if random.random() < repeat else 1
        records += [Record.value(number, newest, MOTION, value)] * times
    return records


def write(folder, records, sensors=1, **more):
    folder.mkdir(parents=True, exist_ok=True)
    with RawWriter(folder / RAW_FILE) as log:
        for record in records:
            log.append(record)
    entry = {
        "file": RAW_FILE,
        "placement": "lower_back",
        "rate": 100.0,
        "gyroscope": True,
        "device": "A simple sensor",
        **more,
    }
    walk = {
        "format": "gaitcue walk",
        "version": 1,
        "sensors": [{"name": f"sensor {number}", **entry} for number in range(sensors)],
    }
    (folder / "walk.json").write_text(json.dumps(walk))
    return folder


def opened(folder, **options):
    (recording,) = open_recordings(folder, ReadOptions(**options))
    return recording


def same(a, b):
    assert np.array_equal(a.time, b.time)
    assert np.array_equal(a.acc, b.acc, equal_nan=True)
    assert np.array_equal(a.gyr, b.gyr, equal_nan=True)


def test_a_replayed_log_gives_the_samples_and_events_of_the_live_walk(tmp_path):
    records = walked(lose=0.01, repeat=0.01)
    (sensor,) = opened(write(tmp_path / "walk", records)).sensors
    player = Player(sensor)
    at_once = [item for record in records for item in player.take(record)] + player.finish()
    again = list(sensor.read())
    blocks = [item for item in at_once if isinstance(item, Samples)]
    assert len(blocks) > 900
    same(concatenate(blocks), read_all(sensor)[0])
    told = [item for item in at_once if isinstance(item, DataProblem)]
    assert {problem.kind for problem in told} == {"repeated_samples"}
    assert told == [item for item in again if isinstance(item, DataProblem)]
    live_events = list(replay(replace(sensor, read=lambda: iter(at_once))))
    replayed = list(replay(sensor))
    assert [to_json(event) for event in live_events] == [to_json(event) for event in replayed]
    assert sum(isinstance(event, Step) for event in replayed) > 30
    end = replayed[-1]
    assert isinstance(end, WalkEnd)
    assert end.missing >= 6 * 100  # while it was away


def test_several_sensors_share_a_log(tmp_path):
    first, second = walked(0, seed=1), walked(1, seed=2)
    both = sorted([*first, *second], key=lambda record: record.time)
    apart = [
        opened(write(tmp_path / str(number), records, sensors=2)).sensors[number]
        for number, records in enumerate((first, second))
    ]
    together = opened(write(tmp_path / "both", both, sensors=2)).sensors
    for one, other in zip(apart, together, strict=True):
        same(read_all(one)[0], read_all(other)[0])


@pytest.mark.parametrize("cut", [1, 7, 40, 1000])
def test_a_log_that_was_cut_off_keeps_what_came_before(tmp_path, cut):
    records = walked()
    folder = write(tmp_path / "walk", records)
    (sensor,) = opened(folder).sensors
    whole, problems = read_all(sensor)
    assert problems == []
    raw = (folder / RAW_FILE).read_bytes()
    (folder / RAW_FILE).write_bytes(raw[:-cut])
    kept, problems = read_all(sensor)
    same(kept, whole[: len(kept)])
    assert len(whole) - len(kept) <= 5 + cut // 20
    assert [problem.kind for problem in problems] == ["torn_file"]
    assert "was cut off while it was written" in problems[0].detail


def test_a_damaged_place_costs_its_notification_and_is_told(tmp_path):
    folder = write(tmp_path / "walk", walked())
    (sensor,) = opened(folder).sensors
    whole, _ = read_all(sensor)
    raw = bytearray((folder / RAW_FILE).read_bytes())
    raw[len(raw) // 2] ^= 0x10
    (folder / RAW_FILE).write_bytes(raw)
    rest, problems = read_all(sensor)
    assert len(rest) == len(whole)
    assert rest.missing.sum() == whole.missing.sum() + 5
    (problem,) = problems
    assert isinstance(problem, DataProblem)
    assert problem.kind == "damaged_file"


def test_a_log_with_nothing_from_the_sensor_has_no_motion(tmp_path):
    (sensor,) = opened(write(tmp_path / "walk", [announcement(0, 0, "another")])).sensors
    assert list(sensor.read()) == []


def test_the_placement_can_be_told_but_not_the_rate(tmp_path):
    folder = write(tmp_path / "walk", walked(), placement=None)
    assert opened(folder, placement=Placement.WAIST).sensors[0].placement is Placement.WAIST
    with pytest.raises(InputError, match="leave --rate out"):
        opened(folder, rate=50.0)


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xff", b"[]", b"{}", b'{"device": "simple"}', b'{"device": "simple", "rate": 0}',
     b'{"device": "simple", "rate": Infinity}', b'{"device": "simple", "rate": 1e300}',
     b'{"device": "simple", "rate": NaN}', b'{"device": "simple", "rate": 100, "tick": 0}',
     b'{"device": "simple", "rate": 100, "tick": 1, "tick_modulus": 0}',
     b'{"device": "simple", "rate": 100, "index_modulus": "a"}',
     b'{"device": "simple", "rate": "a"}', b'{"device": "simple", "rate": 1, "other": 2}',
     b'{"device": "none", "rate": 100.0}', b"[" * 20000],
)  # fmt: skip
def test_a_connection_that_is_not_described_is_told_in_one_sentence(tmp_path, payload):
    records = [announcement(0, 0, "sensor 0"), Record(RecordKind.CONNECTED, 0, 5, payload)]
    (sensor,) = opened(write(tmp_path / "walk", records)).sensors
    with pytest.raises(InputError, match=r"not described|there is no device") as told:
        list(sensor.read())
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["movella-dot", "gaitcue", "metamotion"])
def test_the_command_replays_a_log_of_a_real_kind_of_sensor(tmp_path, monkeypatch, capsys, name):
    monkeypatch.setattr(live, "device_named", device_named)
    sensor = VIRTUAL_SENSORS[name]()
    sensor.largest_notification = 244
    device = sensor.device()
    log = [announcement(0, 0, "sensor 0")]

    def heard(characteristic, value):
        log.append(Record.value(0, 0, characteristic, value))

    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        runner.run(device.start(DirectLink(sensor, heard)))
    log.insert(1, connection(0, 0, name, device.timing))
    log += [
        Record.value(0, round((each.time + 0.03) * 1e9), each.characteristic, each.value)
        for each in transmissions(sensor, simulated(seed=1))
    ]
    folder = write(tmp_path / "walk", log, rate=device.timing.rate)
    assert main(["replay", str(folder), "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[0]["rate"] == device.timing.rate
    assert sum(event["type"] == "step" for event in events) > 30
    assert events[-1]["missing"] <= 3
    assert main(["import", str(folder), "-o", str(tmp_path / "copy")]) == 0
    copied, _ = read_all(opened(tmp_path / "copy").sensors[0])
    same(copied, read_all(opened(folder).sensors[0])[0])
