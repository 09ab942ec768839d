"""The verb ``adapt``: set the sensitivity of one person's detector by their own walks."""

import argparse
from typing import Any

from gaitcue.app.profile import read_profile, remember_sensitivity
from gaitcue.errors import InputError
from gaitcue.recording import ReadOptions
from gaitcue.replay import choose_sensors
from gaitcue.replay.adaptation import Outcome, chosen, outcomes
from gaitcue.verbs.person import add_person, person_path
from gaitcue.verbs.reading import recordings


def add_adapt(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "adapt",
        help="make the freeze detector more or less sensitive, by what was a freeze on own walks",
        description="Take walks of one person in which it is known what was a freeze, by their "
        "annotations or because N was pressed when a cue was for none; choose the sensitivity "
        "that would have cued most freezes of 5 s or more for the fewest false cues, and write it "
        "into the person's profile. Later walks use it.",
    )
    add = parser.add_argument
    add("walk", nargs="*", help="a walk folder or file, or a pattern")
    add("--reset", action="store_true", help="set the sensitivity back to 0, whatever it was")
    add_person(parser)
    parser.set_defaults(run=_adapt)


def _adapt(options: argparse.Namespace) -> int:
    path = person_path(options)
    if options.reset == bool(options.walk):
        raise InputError("name the walks to adapt to, or else give --reset")
    if options.reset:
        remember_sensitivity(path, 0.0)
        print(f"The sensitivity is 0 again (in {path}).")
        return 0
    walks = [(one, choose_sensors(one)) for one in recordings(options.walk, ReadOptions())]
    tried = outcomes(walks, read_profile(path).settings.profile)
    best = chosen(tried)
    remember_sensitivity(path, best.sensitivity)
    usual = next(one for one in tried if one.sensitivity == 0.0)
    print(f"The sensitivity is {best.sensitivity:g} from now on (in {path}).")
    for one in (usual,) if best is usual else (usual, best):
        print(f"  {_told(one)}")
    print("These are the walks it was chosen on: expect somewhat less of others.")
    return 0


def _told(one: Outcome) -> str:
    return (
        f"with {one.sensitivity:g}: a cue in {one.cued} of {one.freezes} freezes of 5 s or more, "
        f"{one.false} false {'cue' if one.false == 1 else 'cues'}"
    )
