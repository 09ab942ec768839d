"""A live walk in a process of its own, which can be killed."""

import asyncio
import os
import time
from collections.abc import MutableSequence
from pathlib import Path

from wearing import FastClock

from gaitcue.app import walk as live
from gaitcue.app.profile import read_profile
from gaitcue.app.recorder import Recorder
from gaitcue.app.walk import LiveWalk
from gaitcue.recording.raw import Record, RecordKind

SPEED = 3.0


def walk_alone(profile: Path, folder: Path, go: Path, came: MutableSequence[float]) -> None:
    """Walk as `profile` says, into `folder`, as soon as `go` is there, with the bus beside it.

    `came` is told when each notification did, s (monotonic).
    """

    class Noting(Recorder):
        count = 0

        def keep(self, record: Record) -> None:
            super().keep(record)
            if record.kind is RecordKind.VALUE and self.count < len(came):
                came[self.count] = time.monotonic()
                self.count += 1

    async def walk() -> None:
        while not go.exists():
            await asyncio.sleep(0.01)
        person = read_profile(profile)
        walking = LiveWalk(
            person, folder, show=None, tell=lambda _: None, speaker=None, clock=FastClock(SPEED)
        )
        await walking.walk(asyncio.Event())

    live.SCAN_TIME = 0.3
    live.Recorder = Noting
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={go.parent / 'bus'}"
    asyncio.run(walk())
