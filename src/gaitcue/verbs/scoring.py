"""The verb ``score``: what gaitcue detects beside what people labelled."""

import argparse
import json
import sys
from typing import Any

from tqdm import tqdm

from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.imu import Placement
from gaitcue.recording import ReadOptions
from gaitcue.replay.score import STEP_TOLERANCE, render, score
from gaitcue.verbs.reading import recordings


def add_score(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "score",
        help="compare what gaitcue detects with the annotations of recordings",
        description="Replay annotated recordings and compare steps, speed, freezes and cues with "
        "the annotations, for each person and pooled.",
    )
    add = parser.add_argument
    add("walk", nargs="+", help="a walk folder, file, data set's folder or zip, or a pattern")
    add(
        "--placement",
        choices=list(Placement),
        type=Placement,
        metavar="WHERE",
        help=f"score the sensors worn there: {', '.join(Placement)} (default: as for replay)",
    )
    add(
        "--profile",
        choices=list(Profile),
        type=Profile,
        default=Profile.QUIET,
        help="how ready to cue (default quiet)",
    )
    add(
        "--tolerance",
        type=float,
        default=STEP_TOLERANCE,
        metavar="S",
        help=f"seconds a step may be off its reference (default {STEP_TOLERANCE})",
    )
    add("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_score)


def _score(options: argparse.Namespace) -> int:
    if not 0 < options.tolerance < float("inf"):
        raise InputError(f"--tolerance must be above 0 s, not {options.tolerance}")
    reading = ReadOptions(placement=options.placement)
    result = score(
        tqdm(recordings(options.walk, reading), unit=" recordings", disable=None, delay=1),
        placement=options.placement,
        profile=options.profile,
        tolerance=options.tolerance,
    )
    if result.left_out:
        print(
            f"left out {len(result.left_out)} recordings: {result.left_out[0]}"
            + (", and more" if len(result.left_out) > 1 else ""),
            file=sys.stderr,
        )
    if options.json:
        print(json.dumps(result.as_json(), allow_nan=False, indent=2))
    else:
        print(render(result))
    return 0
