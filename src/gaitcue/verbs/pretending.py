"""The verb ``virtual``: a recorded walk as a Bluetooth sensor."""

import argparse
import itertools
import sys
from typing import Any

from gaitcue.bluetooth.virtual import Faults
from gaitcue.bluetooth.virtual.on_air import play_on_air
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.errors import InputError
from gaitcue.recording import open_recordings
from gaitcue.recording.model import read_all
from gaitcue.replay import choose_sensor
from gaitcue.verbs.reading import add_reading_flags, read_options

FAULT_FLAGS = (
    ("loss", float, "PERCENT", "notifications that never arrive"),
    ("jitter", float, "S", "mean extra delay"),
    ("bursts", float, "PER_MINUTE", "times that notifications are held back and come at once"),
    ("longest-burst", float, "S", "for how long at most"),
    ("stalls", float, "PER_HOUR", "times that they are held back for long"),
    ("longest-stall", float, "S", "for how long at most"),
    ("disconnects", float, "PER_HOUR", "times that the link breaks"),
    ("longest-outage", float, "S", "for how long at most"),
    ("skew", float, "PPM", "how much the sensor's clock is fast"),
    ("duplicates", float, "PERCENT", "notifications that arrive twice"),
    ("reordered", float, "PERCENT", "notifications that arrive after the next one"),
    ("wrong-bytes", float, "PERCENT", "notifications with a wrong byte or without their end"),
    ("battery", int, "PERCENT", "charge at the start; one is used up a minute"),
)
"""Of the verb virtual: flag, type, unit and meaning of each field of `Faults`."""


def add_virtual(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "virtual",
        help="play a recorded walk as a Bluetooth sensor",
        description="Play a recorded walk as a Bluetooth sensor that anything can connect to, on "
        "an adapter of its own, from the moment that a host asks for samples. Needs bumble: pip "
        "install 'gaitcue[virtual]'.",
    )
    add = parser.add_argument
    add(
        "--device",
        required=True,
        choices=sorted(VIRTUAL_SENSORS),
        metavar="NAME",
        help=f"the sensor to be: {', '.join(sorted(VIRTUAL_SENSORS))}",
    )
    add("--walk", required=True, metavar="WALK", help="a walk folder or another recording")
    add(
        "--adapter",
        default="usb:0",
        metavar="TRANSPORT",
        help="the Bluetooth adapter in bumble's words, not in use otherwise: usb:0 (default), "
        "hci-socket:0 and more",
    )
    add("--seed", type=int, default=0, metavar="N", help="another N is other chances of faults")
    faults = parser.add_argument_group("what goes wrong (default: nothing)")
    for name, kind, unit, meaning in FAULT_FLAGS:
        faults.add_argument(f"--{name}", type=kind, metavar=unit, help=meaning)
    add_reading_flags(parser)
    parser.set_defaults(run=_virtual)


def _virtual(options: argparse.Namespace) -> int:
    if options.seed < 0:
        raise InputError(f"--seed must be 0 or more, not {options.seed}")
    names = [name.replace("-", "_") for name, *_ in FAULT_FLAGS]
    told = {name: getattr(options, name) for name in names}
    try:
        faults = Faults(**{name: value for name, value in told.items() if value is not None})
    except ValueError as error:
        raise InputError(f"--{str(error).replace('_', '-')}") from error
    recording, *more = itertools.islice(open_recordings(options.walk, read_options(options)), 2)
    if more:
        raise InputError(f"{options.walk} holds several recordings; give one of them")
    motion, _ = read_all(choose_sensor(recording, options.placement, options.side))
    play_on_air(
        VIRTUAL_SENSORS[options.device](),
        motion,
        faults,
        seed=options.seed,
        adapter=options.adapter,
        tell=lambda text: print(text, file=sys.stderr),
    )
    return 0
