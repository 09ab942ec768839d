"""A walk whose terminal is closed ends in order."""

import asyncio
import os
import pty
import sys
from collections.abc import Callable
from pathlib import Path

from fake_bluez import FakeBluez
from wearing import FastClock, Wearer

from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.imu import Placement
from gaitcue.recording.model import read_all
from gaitcue.recording.raw import Record, RecordKind, read_raw
from gaitcue.replay.simulator import Scenario, Walk, simulate

Run = Callable[..., None]

COMMAND = """
import os, signal, sys
os.login_tty(os.dup(0))
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests may have been started by nohup
from gaitcue.app import walk
from gaitcue.cli import main
walk.SCAN_TIME = 0.3
sys.exit(main())
"""


def came(folder: Path) -> int:
    """How many values of the sensor are kept."""
    log = folder / "raw.bin"
    records = read_raw(log) if log.exists() else ()
    return sum(isinstance(r, Record) and r.kind is RecordKind.VALUE for r in records)


def test_a_closed_terminal_ends_the_walk_in_order(with_bluez: Run, tmp_path: Path) -> None:
    profile, folder = tmp_path / "profile.toml", tmp_path / "walk"
    profile.write_text('[[sensor]]\nplacement = "shank"\nside = "left"\n')
    simulated = simulate(
        Scenario(name="walk", segments=(Walk(duration=30),)), placement=Placement.SHANK, seed=0
    )
    motion = read_all(simulated.sensors[0])[0]

    async def scenario(bluez: FakeBluez) -> None:
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), FastClock(1.0))
        hand, end = pty.openpty()
        asyncio.get_running_loop().add_reader(hand, os.read, hand, 65536)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", COMMAND),
            *("walk", "--silent", "--person", str(profile), "-o", str(folder)),
            env=os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": bluez.address},
            stdin=end,
            stdout=end,
            stderr=end,
        )
        os.close(end)
        walking = asyncio.create_task(wearer.walk(motion))
        try:
            while came(folder) < 20:
                await asyncio.sleep(0.05)
            asyncio.get_running_loop().remove_reader(hand)
            os.close(hand)  # the system tells the process that its terminal is gone
            await process.wait()
        finally:
            walking.cancel()
            if process.returncode is None:
                process.kill()
        assert not bluez.connected(wearer.peripheral)

    with_bluez(scenario)
    *_, last = read_raw(folder / "raw.bin")
    assert isinstance(last, Record)
    assert last.kind is RecordKind.END
    assert '"walk_end"' in (folder / "events.jsonl").read_text("utf-8")
