"""The verb ``calibrate``: make speed personal by a walk of known distance."""

import argparse
from pathlib import Path
from typing import Any

from gaitcue.app.profile import read_profile, remember_speed_factor
from gaitcue.errors import InputError
from gaitcue.gait.stretch import ONE_LEG
from gaitcue.recording import open_recordings
from gaitcue.replay import choose_sensor, replay
from gaitcue.replay.calibration import speed_factor
from gaitcue.verbs.person import add_person, person_path


def add_calibrate(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "calibrate",
        help="make speed and step length personal by a walk of known distance",
        description="Take a recorded straight walk of a known distance, begun and ended standing, "
        "and write into the person's profile by what a trunk sensor's speed must be multiplied. "
        "Later walks use it.",
    )
    add = parser.add_argument
    add("walk", type=Path, help="the walk folder or file")
    add("--distance", type=float, required=True, metavar="M", help="how far it was, m")
    add_person(parser)
    parser.set_defaults(run=_calibrate)


def _calibrate(options: argparse.Namespace) -> int:
    if not 0 < options.distance < float("inf"):
        raise InputError(f"--distance must be above 0 m, not {options.distance}")
    walks = list(open_recordings(options.walk))
    if len(walks) != 1:
        raise InputError(f"{options.walk}: there are {len(walks)} walks in it; name one")
    sensor = choose_sensor(walks[0])
    if sensor.placement in ONE_LEG:
        raise InputError(f"{options.walk}: a {sensor.placement} sensor needs no calibration")
    path = person_path(options)
    height = read_profile(path).height
    try:
        factor = speed_factor(replay(sensor, height=height), options.distance)
    except InputError as error:
        raise InputError(f"{options.walk}: {error}") from error
    remember_speed_factor(path, factor)
    print(f"Speed is multiplied by {factor:.3f} from now on (speed_factor in {path}).")
    return 0
