"""The verb ``trial``: whether cues help this walker."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from gaitcue.recording import open_recordings
from gaitcue.replay import choose_sensors, replay
from gaitcue.replay.settings import settings_of
from gaitcue.review.trial import Drawn, TrialFold, effect, effect_lines
from gaitcue.verbs.reading import paths


def add_trial(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "trial",
        help="tell whether cues shorten a walker's freezes, from walks of the walker's own trial",
        description="Compare the freezes that got a cue with those whose cue was withheld by the "
        "walker's own trial, over all walks given, which should be of one person. The exit status "
        "is 0 when an effect could be told, 1 when there are too few freezes.",
    )
    parser.add_argument("walk", nargs="+", help="a walk folder, or a pattern")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_trial)


def _trial(options: argparse.Namespace) -> int:
    freezes: list[Drawn] = []
    left_out = 0
    for path in paths(options.walk):
        for recording in open_recordings(path):
            settings, told = settings_of(recording).usable()
            if told:
                print(f"{recording.name}: {told}", file=sys.stderr)
            fold = TrialFold()
            for event in replay(
                *choose_sensors(recording),
                profile=settings.profile,
                sensitivity=settings.sensitivity,
                corrections=settings.corrections,
                coach=settings.coach,
                height=recording.height,
            ):
                fold.add(event)
            freezes += fold.freezes
            left_out += fold.left_out
    found = effect(freezes)
    if options.json:
        print(json.dumps({**asdict(found), "left_out": left_out}))
    else:
        print("\n".join(effect_lines(found, left_out)))
    return 0 if found.difference is not None else 1
