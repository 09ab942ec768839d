"""The verbs ``sensors`` and ``record``: what is near, and what it sends."""

import argparse
from pathlib import Path
from typing import Any

from gaitcue.errors import InputError


def add_sensors(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "sensors",
        help="tell which Bluetooth sensors are near, and which can be used",
        description="Look for Bluetooth sensors and connect to each for a moment: its kind, "
        "whether it can be used or why not, its signal and its battery. The exit status is 0 when "
        "there is one that can be used, 1 when there is none, 2 when Bluetooth cannot be used.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object for each")
    parser.set_defaults(run=_sensors)


def _sensors(options: argparse.Namespace) -> int:
    from gaitcue.app.console import list_sensors  # noqa: PLC0415 - bleak is slow to import

    return list_sensors(as_json=options.json)


def add_record(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "record",
        help="record worn Bluetooth sensors into a walk folder",
        description="Record worn Bluetooth sensors into a new walk folder without analysing, "
        "until Ctrl-C or for --duration. A sensor whose connection is lost is connected again.",
    )
    add = parser.add_argument
    add("-o", "--output", required=True, type=Path, metavar="WALK", help="the new folder")
    add(
        "--sensor",
        action="append",
        default=[],
        metavar="[WHICH][@WHERE[:SIDE]]",
        help="address, name or kind of a sensor, and where it is worn, such as "
        "movella-dot@shank:left; without WHICH the only one near; can be given several times",
    )
    add("--duration", type=float, metavar="S", help="stop after so many seconds")
    add("--subject", default="", help="the person's pseudonym")
    parser.set_defaults(run=_record)


def _record(options: argparse.Namespace) -> int:
    from gaitcue.app.console import record_walk  # noqa: PLC0415 - bleak is slow to import

    if options.duration is not None and not 0 < options.duration < float("inf"):
        raise InputError(f"--duration must be above 0 s, not {options.duration}")
    record_walk(
        options.output, options.sensor or [""], duration=options.duration, subject=options.subject
    )
    print(options.output)
    return 0
