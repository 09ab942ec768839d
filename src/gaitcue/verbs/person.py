"""The flag that says whose profile is meant."""

import argparse
from pathlib import Path

from gaitcue.app.profile import DEFAULT_PATH


def add_person(parser: argparse.ArgumentParser) -> None:
    """The flag; `person_path` takes it."""
    parser.add_argument(
        "--person",
        type=Path,
        default=DEFAULT_PATH,
        metavar="FILE",
        help=f"their profile (default {DEFAULT_PATH}; made when it is not there)",
    )


def person_path(options: argparse.Namespace) -> Path:
    """Where the profile is."""
    path: Path = options.person.expanduser()
    return path
