"""The verb ``walk``: walk with a sensor, and be cued when you freeze."""

import argparse
from pathlib import Path
from typing import Any

from gaitcue.errors import InputError
from gaitcue.verbs.person import add_person, person_path


def add_walk(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "walk",
        help="walk with a worn sensor, and be cued when you freeze",
        description="Find the sensor of the profile, track the walk, play cues and keep all of it "
        "in a new walk folder, whose name is printed at the end. SPACE stops everything, C gives "
        "a cue now, N says that it was not a freeze. The exit status is 0 when there was a walk, "
        "1 when no motion came, 2 when something had to be changed first.",
    )
    add = parser.add_argument
    add_person(parser)
    add("-o", "--output", type=Path, metavar="WALK", help="the new folder")
    add("--duration", type=float, metavar="S", help="end after so many seconds")
    add("--headless", action="store_true", help="no screen and no keys: words on standard error")
    add("--silent", action="store_true", help="no sound; cues are only recorded")
    parser.set_defaults(run=_walk)


def _walk(options: argparse.Namespace) -> int:
    from gaitcue.app.walking import walk_here  # noqa: PLC0415 - bleak is slow to import

    if options.duration is not None and not 0 < options.duration < float("inf"):
        raise InputError(f"--duration must be above 0 s, not {options.duration}")
    folder, moved = walk_here(
        person_path(options),
        options.output,
        duration=options.duration,
        headless=options.headless,
        silent=options.silent,
    )
    if not moved:
        return 1
    print(folder)
    return 0
