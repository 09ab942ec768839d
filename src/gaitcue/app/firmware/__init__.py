"""Putting gaitcue's own firmware onto boards and watches, one file a kind.

`INSTALLERS` holds what can be installed on by the name of the command line. An installer takes
what is `Wanted`, and says what it does in lines for people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gaitcue.app.firmware.banglejs import install_banglejs
from gaitcue.app.firmware.micropython import BOARDS, install_on_board
from gaitcue.app.firmware.usb import AUTO
from gaitcue.errors import InputError

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which device: a watch by name or address, a board by its USB port.

    `image` is MicroPython, where a board does not have it yet.
    """

    sensor: str = ""
    port: str = AUTO
    image: Path | None = None


def _onto_watch(wanted: Wanted, say: Say) -> None:
    if wanted.port != AUTO or wanted.image is not None:
        raise InputError("a watch takes its app over Bluetooth: leave --port and --micropython out")
    install_banglejs(wanted.sensor, say)


def _onto_board(board: str, wanted: Wanted, say: Say) -> None:
    if wanted.sensor:
        raise InputError("a board is reached over USB: say which --port in place of --sensor")
    install_on_board(board, wanted.port, wanted.image, say)


INSTALLERS: dict[str, Callable[[Wanted, Say], None]] = {
    "banglejs": _onto_watch,
    **{board: partial(_onto_board, board) for board in BOARDS},
}

__all__ = ["INSTALLERS", "Say", "Wanted", "install_banglejs", "install_on_board"]
