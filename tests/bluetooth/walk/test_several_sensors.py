"""A live walk with two sensors on the fake BlueZ: what is told, and what its replay tells."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_bluez import FakeBluez
from wearing import FastClock, Wearer

from gaitcue.app import walk as live
from gaitcue.app.profile import read_profile
from gaitcue.app.walk import LiveWalk
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.events import to_json
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording import open_recordings
from gaitcue.recording.model import read_all
from gaitcue.replay import choose_sensors, replay
from gaitcue.replay.settings import settings_of
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

Run = Callable[..., None]

SCENARIO = Scenario(
    name="freeze",
    segments=(
        Walk(duration=9),
        Freeze(kind=FreezeKind.TREMBLING, duration=6),
        Walk(duration=6),
    ),
)

ADDRESSES = ("D0:00:00:00:00:01", "D0:00:00:00:00:02")

PROFILE = "".join(
    f'[[sensor]]\nwhich = "{address}"\nplacement = "shank"\nside = "{side}"\n'
    for address, side in zip(ADDRESSES, ("left", "right"), strict=True)
)


@pytest.fixture(autouse=True)
def _quick_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SCAN_TIME", 0.1)
    monkeypatch.setattr(live, "SCAN_PAUSE", 0.05)


@pytest.fixture(scope="module")
def motions() -> list[Samples]:
    return [
        read_all(simulate(SCENARIO, placement=Placement.SHANK, side=side).sensors[0])[0]
        for side in (Side.LEFT, Side.RIGHT)
    ]


def live_walk(folder: Path, told: list[str], clock: FastClock) -> LiveWalk:
    profile = folder / "profile.toml"
    profile.write_text(PROFILE + '[detector]\nprofile = "assist"\n', encoding="utf-8")
    return LiveWalk(
        read_profile(profile), folder / "walk", show=None, tell=told.append, speaker=None,
        clock=clock,
    )  # fmt: skip


def kept(folder: Path) -> list[str]:
    return (folder / "walk" / "events.jsonl").read_text("utf-8").splitlines()


def replayed(folder: Path) -> list[str]:
    (recording,) = open_recordings(folder / "walk")
    settings = settings_of(recording)
    events = replay(
        *choose_sensors(recording), profile=settings.profile, coach=settings.coach,
        height=recording.height, recording=recording.name,
    )  # fmt: skip
    return [to_json(event) for event in events]


def test_two_shanks_are_one_walk_and_its_replay_tells_the_same(
    with_bluez: Run, tmp_path: Path, motions: list[Samples]
) -> None:
    clock, told, stop = FastClock(10.0), list[str](), asyncio.Event()
    walk = live_walk(tmp_path, told, clock)

    async def scenario(bluez: FakeBluez) -> None:
        wearers = [Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), clock, one) for one in ADDRESSES]
        walking = asyncio.create_task(walk.walk(stop))
        await asyncio.gather(*(wearer.streaming() for wearer in wearers))
        await asyncio.gather(
            *(wearer.walk(motion) for wearer, motion in zip(wearers, motions, strict=True))
        )
        walk.press("c")
        await clock.sleep(1.5)
        stop.set()
        assert await walking

    with_bluez(scenario)
    events = [json.loads(line) for line in kept(tmp_path)]
    sides = [event["side"] for event in events if event["type"] == "step"]
    assert min(sides.count("left"), sides.count("right")) > 8
    changes = [(e["sensor"], e["working"]) for e in events if e["type"] == "sensor_change"]
    assert sorted(changes[:2]) == [("left_shank", True), ("right_shank", True)]
    assert sum(event["type"] == "walk_start" for event in events) == 1
    assert {"press", "cue_start"} <= {event["type"] for event in events}
    assert kept(tmp_path) == replayed(tmp_path)


def test_a_lost_sensor_is_told_and_the_other_goes_on(
    with_bluez: Run, tmp_path: Path, motions: list[Samples]
) -> None:
    clock, told, stop = FastClock(10.0), list[str](), asyncio.Event()
    walk = live_walk(tmp_path, told, clock)

    async def scenario(bluez: FakeBluez) -> None:
        left, right = (Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), clock, a) for a in ADDRESSES)
        walking = asyncio.create_task(walk.walk(stop))
        await asyncio.gather(left.streaming(), right.streaming())

        async def lost() -> None:
            await left.walk(motions[0], until=6.0)
            bluez.drop(left.peripheral)
            left.forget()
            await left.walk(motions[0], since=12.0)

        await asyncio.gather(lost(), right.walk(motions[1]))
        stop.set()
        assert await walking

    with_bluez(scenario)
    events = [json.loads(line) for line in kept(tmp_path)]
    changes = [(e["sensor"], e["working"]) for e in events if e["type"] == "sensor_change"]
    assert set(changes[:2]) == {("left_shank", True), ("right_shank", True)}
    assert changes[2:4] == [("left_shank", False), ("left_shank", True)]
    assert any("left_shank: nothing comes from it" in text for text in told)
    assert not any(e["type"] == "cue_end" and e["reason"] == "stale_data" for e in events)
    lost = next(e["time"] for e in events if e["type"] == "sensor_change" and not e["working"])
    assert any(e["type"] == "freeze_score" and lost < e["decided"] < lost + 1 for e in events)
    assert kept(tmp_path) == replayed(tmp_path)
