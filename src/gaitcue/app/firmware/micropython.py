"""The program for ESP32 boards, put onto a board over USB with mpremote, MicroPython's own tool.

MicroPython itself goes onto a new board with esptool. Both are run as commands, so that whoever has
neither can do by hand what is shown.
"""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gaitcue.app.firmware.files import IMAGES, firmware_folder
from gaitcue.app.firmware.usb import AUTO, check_port, explain
from gaitcue.bluetooth.devices.gaitcue_protocol import FIRMWARE
from gaitcue.errors import InputError

BOARDS = {"esp32": "esp32_mpu", "m5stickc-plus2": "m5stickc_plus2"}
"""Name on the command line, and of the file with its pins."""

IMAGE_OFFSET = "0x1000"
"""Of the image in an ESP32's flash, by the page that has it."""

IMAGE_MAGIC, ESP32 = 0xE9, 0
IMAGE_CHIP = slice(12, 14)
"""Each image begins with the first, and tells its chip there (esptool, "Firmware Image Format")."""

NO_BOARD_FILE, HAS_BOARD_FILE = "board.py: none", "board.py: there"
LOOK = (
    f"import os;print('{HAS_BOARD_FILE}' if 'board.py' in os.listdir() else '{NO_BOARD_FILE}');"
    "print('version',getattr(__import__('gaitcue'),'VERSION','none') "
    "if 'gaitcue' in os.listdir() else 'none')"
)
"""Runs on the board, and prints whether its pins and the program are there."""

Command = list[str]
Run = Callable[[Command], str]


def install_on_board(
    board: str,
    port: str,
    image: Path | None,
    say: Callable[[str], None],
    run: Run | None = None,
) -> None:
    """Put the program onto the board at `port` (``auto``: the first one), and start it.

    Parameters
    ----------
    board
        One of `BOARDS`.
    image
        MicroPython, to be put there first; None where it is there already.
    run
        Runs a command and gives its output, raising `subprocess.CalledProcessError`.

    Raises
    ------
    InputError
        When a tool is missing, with the steps said before, or the board cannot be reached.
    """
    run = run or _run
    folder = firmware_folder("micropython")
    if image is not None:
        check_image(image)
    needed = ["mpremote"] if image is None else ["esptool", "mpremote"]
    missing = [tool for tool in needed if _found(tool) is None]
    if missing:
        say("these steps put the firmware onto the board:")
        for step in (*flashing(image, port), *copying(folder, board, port, pins=True)):
            say(f"  {as_typed(step)}")
        raise InputError(
            f"{' and '.join(missing)} cannot be run here: pip install {' '.join(missing)}, then do "
            "this again, or do the steps above by hand"
        )
    check_port(port)
    try:
        for step in flashing(image, port):
            say(as_typed(step))
            run(step)
        found = run([*_mpremote(port), "exec", LOOK])
        old = found.rpartition("version")[2].strip()
        say(f"installing version {FIRMWARE}" + ("" if old == "none" else f" over {old}"))
        pins = HAS_BOARD_FILE not in found
        if not pins:
            say("board.py is there and stays as it is; remove it to have it written anew")
        for step in copying(folder, board, port, pins=pins):
            say(as_typed(step))
            run(step)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise InputError(explain(error)) from error
    say("installed: its light should blink every 2 s; `gaitcue sensors` finds it")


def check_image(image: Path) -> None:
    """Raise InputError if `image` is not MicroPython for an ESP32, before a board is erased."""
    if not image.is_file():
        raise InputError(f"there is no file {image}; MicroPython is at {IMAGES}")
    with image.open("rb") as file:
        head = file.read(IMAGE_CHIP.stop)
    chip = int.from_bytes(head[IMAGE_CHIP], "little")
    if len(head) < IMAGE_CHIP.stop or head[0] != IMAGE_MAGIC or chip != ESP32:
        raise InputError(f"{image} is not for an ESP32: take the .bin from {IMAGES}")


def flashing(image: Path | None, port: str) -> Iterator[Command]:
    """Commands that put MicroPython onto a new board; none without an `image`."""
    if image is not None:
        esptool = ["esptool", *([] if port == AUTO else ["--port", port])]
        yield [*esptool, "erase-flash"]
        yield [*esptool, "write-flash", IMAGE_OFFSET, str(image)]


def copying(folder: Path, board: str, port: str, *, pins: bool) -> Iterator[Command]:
    """Commands that copy the program: what starts it comes last, and is gone meanwhile.

    `pins`: copy the file with the board's pins too.
    """
    tool = _mpremote(port)
    yield [*tool, "exec", 'import os;"main.py" in os.listdir() and os.remove("main.py")']
    yield [*tool, "exec", 'import os;"gaitcue" in os.listdir() or os.mkdir("gaitcue")']
    parts: Sequence[str] = sorted(str(path) for path in (folder / "gaitcue").glob("*.py"))
    yield [*tool, "fs", "cp", *parts, ":gaitcue/"]
    if pins:
        yield [*tool, "fs", "cp", str(folder / "boards" / f"{BOARDS[board]}.py"), ":board.py"]
    for name in ("boot.py", "main.py"):
        yield [*tool, "fs", "cp", str(folder / name), f":{name}"]
    yield [*tool, "reset"]


def as_typed(step: Command) -> str:
    """As it is given to a shell."""
    return subprocess.list2cmdline(step) if sys.platform == "win32" else shlex.join(step)


def _mpremote(port: str) -> Command:
    """Without a soft reset, in which the device's watchdog would not be fed."""
    return ["mpremote", "connect", port, "resume"]


def _found(tool: str) -> str | None:
    """Where it is: beside this Python, or wherever commands are."""
    return shutil.which(tool, path=Path(sys.executable).parent) or shutil.which(tool)


def _run(command: Command) -> str:
    tool = _found(command[0]) or command[0]
    done = subprocess.run(  # noqa: S603 - made above
        [tool, *command[1:]], capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout
