"""From motion to sound, hop by hop, on a live walk in real time.

A simulated walker wears a virtual sensor on the fake BlueZ of the tests; bleak, tracker, coach and
the loudspeaker's process are those of every walk, and the sound goes to a PulseAudio null sink,
which runs in real time. It takes about ten minutes, and needs `pulseaudio` and ALSA's
plug-in for it (Debian: libasound2-plugins).
"""

import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.places import RESULTS

import gaitcue

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "bluetooth"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "bluetooth" / "walk"))

from fake_bluez import FakeBluez
from wearing import FastClock, Wearer

from gaitcue.app import walk as live
from gaitcue.app.profile import read_profile
from gaitcue.app.recorder import Recorder
from gaitcue.app.walk import LiveWalk
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.cue import Outputs
from gaitcue.cue.output import Command
from gaitcue.cue.speaker import Speaker
from gaitcue.events import CuePlayed, CueStart, OutputChange
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings
from gaitcue.recording.model import read_all
from gaitcue.recording.raw import Record, read_raw
from gaitcue.replay import choose_sensor
from gaitcue.replay.arrivals import Arrivals
from gaitcue.replay.pipeline import Pipeline
from gaitcue.replay.settings import settings_of
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

FREEZES = 40
SOUND_STARTS = 8.0
"""s that the sound process is given before the walk, to load what it needs."""
HOPS = (
    ("motion to arrival", "last sample that the decision needed, to its notification's arrival"),
    ("arrival to decision", "in the log, through tracker and coach"),
    ("decision to command", "to the sound process being told"),
    ("command to sound", "to the first audible sample, as the device's clock tells it"),
    ("decision to sound", "the two before together"),
    ("motion to sound", "all"),
)
EDGES = (0, 1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500)
"""ms, of the histogram's bins."""
PROFILE = """
[[sensor]]
placement = "shank"
side = "right"
[detector]
profile = "assist"
"""

began: list[float] = []
"""When the walk began (host clock, s)."""

decided_at: dict[float, float] = {}
"""When each cue, by its start, was decided (host clock, s)."""


class TimedRecorder(Recorder):
    """Tells when its walk began."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        began.append(self.begun)


class TimedOutputs(Outputs):
    """Notes when it is given a cue."""

    def take(self, command: Command) -> None:
        """Note the time, and pass it on."""
        if isinstance(command, CueStart):
            decided_at[command.time] = time.monotonic()
        super().take(command)


async def walk(folder: Path) -> float:
    """The live walk; gives when it began by the host's clock."""
    profile = folder / "profile.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    person = read_profile(profile)
    parts = (Walk(duration=8), Freeze(kind=FreezeKind.TREMBLING, duration=6)) * FREEZES
    scenario = Scenario(name="hops", segments=(*parts, Walk(duration=6)))
    motion = read_all(simulate(scenario, placement=Placement.SHANK, seed=0).sensors[0])[0]
    speaker = Speaker(person.speaker)
    await asyncio.sleep(SOUND_STARTS)
    begun = 0.0
    async with FakeBluez(folder / "bus") as bluez:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
        wearer = Wearer(bluez, VIRTUAL_SENSORS["gaitcue"](), FastClock(1.0))
        stop = asyncio.Event()
        walking = LiveWalk(person, folder / "walk", show=None, tell=print, speaker=speaker)
        task = asyncio.ensure_future(walking.walk(stop))
        await wearer.streaming()
        begun = began[-1]
        await wearer.walk(motion)
        stop.set()
        await task
    return begun


def measured(folder: Path, begun: float) -> tuple[dict[str, list[float]], int, int]:
    """Times of each hop, ms, one for each cue that was heard; cues in all; losses of sound."""
    (recording,) = open_recordings(folder / "walk")
    sensor, settings = choose_sensor(recording), settings_of(recording)
    arrivals = Arrivals([sensor])
    pipeline = Pipeline(
        sensor, profile=settings.profile, height=recording.height, coach=settings.coach,
        recording=recording.name,
    )  # fmt: skip
    starts: dict[float, tuple[float, float]] = {}
    heard: dict[float, CuePlayed] = {}
    losses = 0
    for record in read_raw(folder / "walk" / "raw.bin"):
        if not isinstance(record, Record):
            continue
        for arrival in arrivals.take(record):
            for event in pipeline.take(arrival):
                if isinstance(event, CueStart):
                    starts[event.time] = (event.decided, record.time / 1e9)
                elif isinstance(event, CuePlayed):
                    heard[event.start] = event
                elif isinstance(event, OutputChange):
                    losses += not event.working
    found: dict[str, list[float]] = {name: [] for name, _ in HOPS}
    for start, played in sorted(heard.items()):
        motion, arrival = starts[start]
        decided = decided_at[start] - begun
        for (name, _), hop in zip(
            HOPS,
            (
                arrival - motion,
                decided - arrival,
                played.command - decided,
                played.time - played.command,
                played.time - decided,
                played.time - motion,
            ),
            strict=True,
        ):
            found[name].append(round(1e3 * hop, 2))
    return found, len(starts), losses


def render(found: dict[str, list[float]], cues: int, losses: int, load: float) -> str:
    """The figures and the histogram in Markdown."""
    heard = len(found[HOPS[0][0]])
    about = (
        f"{heard} of {cues} cues were heard, in {FREEZES} freezes; the sound was lost {losses} "
        f"times. The load of the machine with its {os.cpu_count()} processors was "
        f"{load:.1f}. Times in ms.\n"
    )
    lines = [
        "# From motion to sound on a live walk\n",
        about,
        "| hop | what | median | P90 | P99 | worst |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, what in HOPS:
        shares = np.percentile(found[name], (50, 90, 99, 100))
        lines.append(_row([name, what, *(f"{share:.1f}" for share in shares)]))
    lines += ["", "Cues in each bin:\n", _row(["ms", *(name for name, _ in HOPS)])]
    lines.append(_row(["---"] * (len(HOPS) + 1)))
    counts = [np.histogram(found[name], (*EDGES, np.inf))[0] for name, _ in HOPS]
    for number, edge in enumerate(EDGES):
        end = f"to {EDGES[number + 1]}" if number + 1 < len(EDGES) else "and more"
        lines.append(_row([f"{edge} {end}", *(str(each[number] or "") for each in counts)]))
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run, print, and keep the figures beside this file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        socket, alsa = folder / "pulse.sock", folder / "asound.conf"
        alsa.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            "pcm.!default { type pulse }\n"
            "ctl.!default { type pulse }\n"
        )
        os.environ |= {
            "PULSE_SERVER": f"unix:{socket}",
            "XDG_RUNTIME_DIR": name,
            "ALSA_CONFIG_PATH": str(alsa),
        }
        server = subprocess.Popen(
            [
                shutil.which("pulseaudio") or "pulseaudio",
                "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1",
                "-L", "module-null-sink sink_name=null rate=48000",
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while not socket.exists():
                time.sleep(0.1)
            live.Outputs, live.Recorder = TimedOutputs, TimedRecorder
            live.SCAN_TIME = 1.0
            begun = asyncio.run(walk(folder))
            found, cues, losses = measured(folder, begun)
        finally:
            server.terminate()
            server.wait()
    load = os.getloadavg()[0]
    table = render(found, cues, losses, load)
    print(table)
    figures = {
        "gaitcue": gaitcue.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "load": load,
        "cues": cues,
        "losses_of_sound": losses,
        "hops_ms": found,
    }
    (RESULTS / "hops.json").write_text(json.dumps(figures, indent=2) + "\n")
    (RESULTS / "hops.md").write_text(table)


if __name__ == "__main__":
    main()
