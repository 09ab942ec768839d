"""A live walk in a process of its own, which can be killed."""

import asyncio
import os
from pathlib import Path

from gaitcue.app import walk as live
from gaitcue.app.profile import read_profile
from gaitcue.app.walk import LiveWalk


def walk_alone(profile: Path, folder: Path, go: Path) -> None:
    """Walk as `profile` says, into `folder`, as soon as `go` is there, with the bus beside it."""

    async def walk() -> None:
        while not go.exists():
            await asyncio.sleep(0.01)
        person = read_profile(profile)
        walking = LiveWalk(person, folder, show=None, tell=lambda _: None, speaker=None)
        await walking.walk(asyncio.Event())

    live.SCAN_TIME = 0.3
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={go.parent / 'bus'}"
    asyncio.run(walk())
