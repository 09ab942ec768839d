"""A live walk that is killed keeps all but its last second, and reopens."""

import asyncio
import math
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_bluez import FakeBluez
from walk_alone import SPEED, walk_alone
from wearing import FastClock, Wearer

from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.errors import InputError
from gaitcue.events import to_json
from gaitcue.imu import Placement, Samples
from gaitcue.recording import open_recordings
from gaitcue.recording.model import read_all
from gaitcue.recording.raw import Record, RecordKind, read_raw
from gaitcue.replay import choose_sensor, replay
from gaitcue.replay.settings import settings_of
from gaitcue.replay.simulator import Scenario, Walk, simulate

Run = Callable[..., None]

WALKS = 12
LAST = 160
"""Notifications within which they are killed, of which 20 are a second of the walk."""


@pytest.fixture(scope="module")
def motion() -> Samples:
    scenario = Scenario(name="walk", segments=(Walk(duration=LAST / 20 + 2),))
    return read_all(simulate(scenario, placement=Placement.SHANK, seed=0).sensors[0])[0]


@pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be forked on Windows")
def test_a_killed_walk_loses_its_last_second_at_most(
    with_bluez: Run, tmp_path: Path, motion: Samples
) -> None:
    draw = random.Random(7)
    go = tmp_path / "go"
    wanted = [draw.randrange(LAST * k // WALKS, LAST * (k + 1) // WALKS) for k in range(WALKS)]
    late = [draw.uniform(0.0, 0.05) for _ in range(WALKS)]
    killed = [0.0] * WALKS
    # Forked by a process with neither threads nor event loop, so that no lock is held for good.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["gaitcue.app.walk"])
    came = [context.RawArray("d", [math.inf] * LAST) for _ in range(WALKS)]
    processes = []
    for number in range(WALKS):
        profile = tmp_path / f"{number}.toml"
        which = f"D0:00:00:00:00:{number:02X}"
        profile.write_text(f'[[sensor]]\nwhich = "{which}"\nplacement = "shank"\nside = "left"\n')
        arguments = (profile, tmp_path / f"walk{number}", go, came[number])
        processes.append(context.Process(target=walk_alone, args=arguments, daemon=True))
        processes[-1].start()

    async def scenario(bluez: FakeBluez) -> None:
        clock = FastClock(SPEED)
        wearers = [
            Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), clock, f"D0:00:00:00:00:{number:02X}")
            for number in range(WALKS)
        ]
        for wearer in wearers:
            bluez.remember(wearer.peripheral)
        go.touch()

        async def one(number: int) -> None:
            await wearers[number].streaming()
            walking = asyncio.create_task(wearers[number].walk(motion))
            while math.isinf(came[number][wanted[number]]):
                await asyncio.sleep(0.005)
            await asyncio.sleep(late[number])
            killed[number] = time.monotonic()
            assert processes[number].pid is not None
            os.kill(processes[number].pid or 0, signal.SIGKILL)
            walking.cancel()

        await asyncio.gather(*(one(number) for number in range(WALKS)))

    try:
        with_bluez(scenario)
    finally:
        for process in processes:
            process.kill()
            process.join()
    compared = 0
    for number in range(WALKS):
        folder = tmp_path / f"walk{number}"
        records = list(read_raw(folder / "raw.bin"))
        motions = [r for r in records if isinstance(r, Record) and r.kind is RecordKind.VALUE]
        assert len(motions) >= sum(time < killed[number] - 1.0 for time in came[number])
        (recording,) = open_recordings(folder)
        if not (folder / "events.jsonl").exists():
            continue
        kept = (folder / "events.jsonl").read_text("utf-8").split("\n")[:-1]
        sensor, settings = choose_sensor(recording), settings_of(recording)
        events = replay(
            sensor, profile=settings.profile, coach=settings.coach, recording=recording.name
        )
        try:
            again = [to_json(event) for event in events]
        except InputError:  # killed before one sample had come
            again = []
        assert kept == again[: len(kept)]
        compared += len(kept) > 1
    assert compared >= WALKS / 2
