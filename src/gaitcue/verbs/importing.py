"""The verb ``import``: any recording as walk folders."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gaitcue.recording import open_recordings, write_walks
from gaitcue.verbs.reading import add_reading_flags, read_options


def add_import(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
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
