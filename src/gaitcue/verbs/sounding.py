"""``gaitcue speakers``: what can play sound here, how it sounds, and how late it is."""

import argparse
from typing import Any

from gaitcue.errors import InputError


def add_speakers(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "speakers",
        help="list what can play sound, test it, or measure how late it is",
        description="List what can play sound here, by the names that --device and a profile "
        "take. The exit status is 0 when there is any or the test was played or told how late it "
        "is, and 1 when not.",
    )
    add = parser.add_argument
    add("--json", action="store_true", help="list as JSON, one object on a line for each")
    add("--device", default="", metavar="NAME", help="part of the name of the one to test")
    add("--test", action="store_true", help="play a soft sound and say what happens")
    add(
        "--tap-test",
        action="store_true",
        help="measure how late --device is, as Bluetooth earphones are, by your taps on a key in "
        "two runs: first along with a loudspeaker that is not late, then with it",
    )
    add(
        "--against",
        default="",
        metavar="NAME",
        help="part of the name of the loudspeaker that is not late (default: the computer's own "
        "choice at that moment)",
    )
    parser.set_defaults(run=_speakers)


def _speakers(options: argparse.Namespace) -> int:
    # Sound and signals are slow to import.
    from gaitcue.app.speakers import list_speakers, tap_here, test_here  # noqa: PLC0415

    if options.tap_test:
        if not options.device:
            raise InputError("--tap-test needs --device, the name of the one to measure")
        return tap_here(options.device, options.against)
    if options.test:
        return test_here(options.device)
    return list_speakers(as_json=options.json)
