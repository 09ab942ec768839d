"""The command ``gaitcue``: one command, few verbs."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

import gaitcue
from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side
from gaitcue.recording import ReadOptions, open_recordings, write_walks
from gaitcue.recording.units import ACC_UNITS, GYR_UNITS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the process's exit status: 0 done, 1 found wanting, 2 bad input."""
    parser = argparse.ArgumentParser(prog="gaitcue", description=gaitcue.__doc__)
    parser.add_argument("--version", action="version", version=f"gaitcue {gaitcue.__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for add in VERBS:
        add(verbs)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        print(f"gaitcue: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        return 1
    except KeyboardInterrupt:
        print("gaitcue: stopped", file=sys.stderr)
        return 130


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


def _add_import(verbs: "argparse._SubParsersAction[Any]") -> None:
    parser = verbs.add_parser(
        "import",
        help="turn a recording or a data set into walk folders",
        description="Turn a recording, or each one of a data set, into a walk folder: plain files "
        "with the same samples and annotations.",
    )
    parser.add_argument("file", help="a file, folder or zip with recorded motion")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        type=Path,
        metavar="WALK",
        help="the new folder; of several recordings, each gets one in it",
    )
    add_reading_flags(parser)
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    written = write_walks(open_recordings(options.file, read_options(options)), options.output)
    for recording, folder, problems in tqdm(written, unit=" walks", disable=None, delay=1):
        if recording.note:
            print(f"{recording.name}: {recording.note}", file=sys.stderr)
        for problem in problems:
            print(f"{recording.name}: {problem.detail}", file=sys.stderr)
        print(folder)
    return 0


VERBS: tuple[Callable[["argparse._SubParsersAction[Any]"], None], ...] = (_add_import,)
