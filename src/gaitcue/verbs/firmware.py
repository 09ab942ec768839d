"""The verb ``firmware``: gaitcue's own firmware onto boards and watches."""

import argparse
import sys
from pathlib import Path
from typing import Any


def add_firmware(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "firmware",
        help="put gaitcue's own firmware onto a board or watch",
        description="Put gaitcue's own firmware onto a board or watch, so that it can measure and "
        "cue. What it does on each, and what to check the first time: docs/how-to.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    install = actions.add_parser("install", help="install or update it")
    install.add_argument(
        "--device",
        required=True,
        choices=["banglejs", "esp32", "m5stickc-plus2"],
        help="what it is to run on",
    )
    install.add_argument(
        "--sensor",
        default="",
        metavar="WHICH",
        help="name or address of the watch; without it the only one near",
    )
    install.add_argument(
        "--port",
        default="auto",
        metavar="PORT",
        help="the board's USB port, such as /dev/ttyUSB0 or COM3; without it the first one",
    )
    install.add_argument(
        "--micropython",
        metavar="FILE",
        help="for a new board: MicroPython, from https://micropython.org/download/ESP32_GENERIC/",
    )
    install.set_defaults(run=_install)


def _install(options: argparse.Namespace) -> int:
    from gaitcue.app.firmware import INSTALLERS, Wanted  # noqa: PLC0415 - bleak is slow to import

    image = None if options.micropython is None else Path(options.micropython)
    INSTALLERS[options.device](Wanted(sensor=options.sensor, port=options.port, image=image), _say)
    return 0


def _say(text: str) -> None:
    print(f"gaitcue: {text}", file=sys.stderr, flush=True)
