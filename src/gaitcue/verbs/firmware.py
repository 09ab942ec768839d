"""The verb ``firmware``: gaitcue's own firmware onto boards and watches."""

import argparse
import sys
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
        "--device", required=True, choices=["banglejs"], help="what it is to run on"
    )
    install.add_argument(
        "--sensor",
        default="",
        metavar="WHICH",
        help="name or address of the watch; without it the only one near",
    )
    install.set_defaults(run=_install)


def _install(options: argparse.Namespace) -> int:
    from gaitcue.app.firmware import INSTALLERS  # noqa: PLC0415 - bleak is slow to import

    INSTALLERS[options.device](options.sensor, _say)
    return 0


def _say(text: str) -> None:
    print(f"gaitcue: {text}", file=sys.stderr, flush=True)
