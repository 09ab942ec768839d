"""Flags and paths that several verbs share."""

import argparse
import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side
from gaitcue.recording import ReadOptions, open_recordings
from gaitcue.recording.model import Recording
from gaitcue.recording.units import ACC_UNITS, GYR_UNITS


def add_reading_flags(parser: argparse.ArgumentParser) -> None:
    """Flags that say what a file does not say itself; `read_options` takes them."""
    flags = parser.add_argument_group("what a file does not say itself")
    flags.add_argument(
        "--placement",
        choices=list(Placement),
        type=Placement,
        metavar="WHERE",
        help=f"where the sensor is worn: {', '.join(Placement)}",
    )
    flags.add_argument(
        "--side",
        choices=list(Side),
        type=Side,
        metavar="SIDE",
        help=f"the side it is worn on: {', '.join(Side)}",
    )
    flags.add_argument("--rate", type=float, metavar="HZ", help="samples per second")
    flags.add_argument("--acc-unit", choices=list(ACC_UNITS), help="unit of acceleration")
    flags.add_argument("--gyr-unit", choices=list(GYR_UNITS), help="unit of angular rate")
    flags.add_argument(
        "--columns",
        type=lambda text: tuple(name.strip() for name in text.split(",")),
        metavar="[T,]X,Y,Z[,X,Y,Z]",
        help="columns by name or by number from 1: time (if any), acceleration, angular rate "
        "(if any)",
    )


def read_options(options: argparse.Namespace) -> ReadOptions:
    """What the flags of `add_reading_flags` say."""
    if options.rate is not None and not 0 < options.rate < float("inf"):
        raise InputError(f"--rate must be above 0 Hz, not {options.rate}")
    return ReadOptions(
        placement=options.placement,
        side=options.side,
        rate=options.rate,
        acc_unit=options.acc_unit,
        gyr_unit=options.gyr_unit,
        columns=options.columns,
    )


def paths(patterns: Sequence[str]) -> Iterator[str]:
    """Each path; one that is not there may be a pattern with ``*``."""
    for pattern in patterns:
        found = [] if Path(pattern).exists() else glob.glob(pattern, recursive=True)  # noqa: PTH207
        yield from sorted(found) or [pattern]


def recordings(patterns: Sequence[str], reading: ReadOptions) -> Iterator[Recording]:
    """The recordings at each path or pattern."""
    for path in paths(patterns):
        yield from open_recordings(path, reading)
