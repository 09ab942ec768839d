"""The verb ``adapt``: adapt the freeze detector to one person by their own walks."""

import argparse
from typing import Any

from gaitcue.app.profile import read_profile, remember_adaptation
from gaitcue.errors import InputError
from gaitcue.recording import ReadOptions
from gaitcue.replay import choose_sensors
from gaitcue.replay.adaptation import Outcome, adapted, known_walks
from gaitcue.verbs.person import add_person, person_path
from gaitcue.verbs.reading import recordings


def add_adapt(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "adapt",
        help="adapt the freeze detector to one person, by what was a freeze on own walks",
        description="Take walks of one person in which it is known what was a freeze, by their "
        "annotations or because N was pressed when a cue was for none. Learn from marked freezes "
        "how this person's freezes look, choose the sensitivity that would have cued most freezes "
        "of 5 s or more for the fewest false cues, and write both into the person's profile. "
        "Later walks use them.",
    )
    add = parser.add_argument
    add("walk", nargs="*", help="a walk folder or file, or a pattern")
    add("--reset", action="store_true", help="forget what was learned, and set sensitivity to 0")
    add_person(parser)
    parser.set_defaults(run=_adapt)


def _adapt(options: argparse.Namespace) -> int:
    path = person_path(options)
    if options.reset == bool(options.walk):
        raise InputError("name the walks to adapt to, or else give --reset")
    if options.reset:
        remember_adaptation(path, 0.0, {})
        print(f"The detector is as it comes again (in {path}).")
        return 0
    walks = [(one, choose_sensors(one)) for one in recordings(options.walk, ReadOptions())]
    known = known_walks(walks)
    found = adapted(known, read_profile(path).settings.profile)
    remember_adaptation(path, found.chosen.sensitivity, found.corrections)
    print(f"The sensitivity is {found.chosen.sensitivity:g} from now on (in {path}).")
    if found.corrections:
        where = " and ".join(sorted(at.replace("_", " ") for at in found.corrections))
        print(f"With it goes what was learned of freezes as they look at the {where}.")
    elif any(walk.marked for walk in known):
        print("Too little is known to learn how the freezes look: mark them in longer walks.")
    print(f"  as it comes: {_told(found.usual)}")
    if found.chosen is not found.usual:
        print(f"  as adapted: {_told(found.chosen)}")
    print("These are the walks it was adapted to: expect somewhat less of others.")
    return 0


def _told(one: Outcome) -> str:
    return (
        f"a cue in {one.cued} of {one.freezes} freezes of 5 s or more, "
        f"{one.false} false {'cue' if one.false == 1 else 'cues'}"
    )
