"""The live walk end to end: a simulated walker, a virtual sensor, bleak, and a sound device."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_bluez import FakeBluez
from wearing import FastClock, Wearer

from gaitcue.app import walk as live
from gaitcue.app.profile import read_profile
from gaitcue.app.walk import LiveWalk
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.cue.speaker import Speaker
from gaitcue.events import CueEnd, CuePlayed, CueStart, Event, from_json, to_json
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings
from gaitcue.recording.model import read_all
from gaitcue.replay import choose_sensor, replay
from gaitcue.replay.settings import settings_of
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate
from null_sink import NullSink

PROFILE = """
[[sensor]]
placement = "shank"
side = "right"
[detector]
profile = "assist"
[cue]
tempo = 100
[sound]
level = 10
"""


def test_the_beat_of_a_freeze_is_heard_where_the_walk_says_and_the_replay_says_the_same(
    with_bluez: Callable[..., None],
    sink: NullSink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "SCAN_TIME", 0.1)
    scenario = Scenario(
        name="freeze",
        segments=(Walk(duration=5), Freeze(kind=FreezeKind.TREMBLING, duration=6)),
    )
    simulated = simulate(scenario, placement=Placement.SHANK, seed=0)
    motion = read_all(simulated.sensors[0])[0]
    profile = tmp_path / "profile.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    person = read_profile(profile)
    folder = tmp_path / "walk"
    told: list[str] = []

    async def walk(bluez: FakeBluez) -> None:
        clock, stop = FastClock(1.0), asyncio.Event()
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), clock)
        speaker = Speaker(person.speaker)
        walking = LiveWalk(person, folder, show=None, tell=told.append, speaker=speaker)
        running = asyncio.create_task(walking.walk(stop))
        await wearer.walk(motion)
        stop.set()
        assert await running

    with sink.recorder() as recorder:
        with_bluez(walk)
        sound = recorder.sound()
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    events = [from_json(line) for line in lines]
    starts = [event for event in events if isinstance(event, CueStart)]
    played = [event for event in events if isinstance(event, CuePlayed)]
    assert len(starts) >= 1
    assert [event.start for event in played] == [event.time for event in starts]
    for event in played:
        assert event.start < event.time, "it is heard after it was decided"
        assert event.command <= event.time
    assert any(isinstance(event, CueEnd) for event in events)
    assert abs(sound).max() > 0.01, "words and beats were recorded"

    (recording,) = open_recordings(folder)
    settings = settings_of(recording)
    again: list[Event] = list(
        replay(
            choose_sensor(recording),
            profile=settings.profile,
            coach=settings.coach,
            recording=recording.name,
        )
    )
    assert lines == [to_json(event) for event in again]
