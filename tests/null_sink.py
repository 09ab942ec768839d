"""PulseAudio with a sink that nobody hears, and a recorder of what is played on it.

Paced by the clock like a sound device, it needs no hardware, no rights and no session.
"""

import contextlib
import os
import shutil
import subprocess
import threading
import time
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitcue.cue.sounds import SOUND_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 120.0
"""s after which it is given up to wait for a process: far more than any takes on a busy machine."""

NEAR = 5.0
"""s around a sample in which chunks tell when it was recorded: within so many the sink's clock,
tens of ppm off the computer's, gains well under a millisecond."""

SINK = "module-null-sink rate=48000 channels=1 format=float32le sink_name="


def missing() -> str:
    """What is missing to have one; empty when nothing is."""
    programs = [name for name in ("pulseaudio", "pactl", "parec") if not shutil.which(name)]
    if programs or not find_library("portaudio"):
        return (
            "PulseAudio, its tools or PortAudio is not installed: "
            "apt install libportaudio2 libasound2-plugins pulseaudio pulseaudio-utils"
        )
    return ""


class NullSink:
    """The sound server of one test.

    Parameters
    ----------
    folder
        For its socket, with a short name.
    """

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        self._socket = folder / "socket"
        self.variables = {
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "PULSE_SERVER": f"unix:{self._socket}",
        }
        self._environment = {**os.environ, **self.variables}
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the server, with a sink called clicks."""
        self._server = subprocess.Popen(
            [  # noqa: S607 - found on the path by `missing`
                "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                "-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
                "-L", f"{SINK}clicks",
            ],
            env=self._environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not self._told("info"):
            if time.monotonic() > until or self._server.poll() is not None:
                self.stop()
                raise TimeoutError("PulseAudio does not start")
            time.sleep(0.02)

    def stop(self) -> None:
        """Kill the server."""
        if self._server:
            self._server.kill()
            self._server.wait()
            self._server = None

    def unplug(self, name: str = "clicks") -> None:
        """Take a sink away."""
        listed = subprocess.run(
            ["pactl", "list", "short", "modules"],  # noqa: S607
            env=self._environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        for line in listed.stdout.splitlines():
            if f"sink_name={name}" in line:
                self._tell("unload-module", line.split()[0])

    def plug(self, name: str = "clicks") -> None:
        """Add a sink."""
        self._tell("load-module", *f"{SINK}{name}".split())

    def suspend(self, *, suspended: bool, name: str = "clicks") -> None:
        """Suspend a sink as a computer does, or resume it."""
        self._tell("suspend-sink", name, str(int(suspended)))

    @contextlib.contextmanager
    def recorder(self, name: str = "clicks") -> "Iterator[Recorder]":
        """Record all that is played, within the context."""
        process = subprocess.Popen(
            [  # noqa: S607
                "parec", "-d", f"{name}.monitor", "--format=float32le", "--rate=48000",
                "--channels=1", "--latency-msec=10", "--raw",
            ],
            env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        recorder = Recorder(process)
        try:
            yield recorder
        finally:
            process.terminate()
            process.wait()
            recorder.join()
            assert process.stdout
            process.stdout.close()

    def _told(self, *command: str) -> bool:
        whole = ["pactl", *command]
        done = subprocess.run(whole, env=self._environment, capture_output=True)
        return done.returncode == 0

    def _tell(self, *command: str) -> None:
        if not self._told(*command):
            raise RuntimeError(f"PulseAudio refused: {' '.join(command)}")


class Recorder(threading.Thread):
    """Takes what a recording process gives, and when."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        super().__init__(name="recorder")
        self._process = process
        self._chunks: list[bytes] = []
        self._arrivals: list[float] = []
        self.start()

    def run(self) -> None:
        """Read until the process ends."""
        assert self._process.stdout
        while chunk := os.read(self._process.stdout.fileno(), 1 << 16):
            self._arrivals.append(time.monotonic())
            self._chunks.append(chunk)

    def sound(self) -> np.ndarray:
        """All samples so far."""
        sound = b"".join(self._chunks[:])
        return np.frombuffer(sound[: len(sound) // 4 * 4], "<f4")

    def onsets(self, silence: int = 2400) -> np.ndarray:
        """The samples with which sounds begin, after so many of silence."""
        sound = np.flatnonzero(self.sound())
        return sound[np.diff(sound, prepend=-silence - 1) > silence]

    def times(self, samples: np.ndarray) -> np.ndarray:
        """When those were recorded at the soonest, s (monotonic), by the least late chunk near.

        A chunk comes when it is whole, so its last sample is the newest of it.
        """
        ends, late = self._ends(), self._lateness()
        first = np.searchsorted(ends, samples - NEAR * SOUND_RATE).clip(max=len(ends) - 1)
        after = np.searchsorted(ends, samples + NEAR * SOUND_RATE)
        least = [late[a : max(b, a + 1)].min() for a, b in zip(first, after, strict=True)]
        return samples / SOUND_RATE + np.array(least)

    @property
    def gap(self) -> float:
        """By how much the recording fell behind the clock for good, s: what it missed."""
        late = self._lateness()
        before, after = np.minimum.accumulate(late), np.minimum.accumulate(late[::-1])[::-1]
        return float((after - before).max())

    def _lateness(self) -> np.ndarray:
        ends = self._ends()
        return np.array(self._arrivals[: len(ends)]) - ends / SOUND_RATE

    def _ends(self) -> np.ndarray:
        """Samples until the end of each chunk."""
        return np.cumsum([len(chunk) / 4 for chunk in self._chunks[: len(self._arrivals)]])
