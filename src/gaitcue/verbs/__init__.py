"""The verbs of the command, one file each: parse, call, print.

`add_verb` adds one with its flags to the command, and loads no other: what all of them need
together takes a second to load. `reading` holds what several of them share.
"""

from importlib import import_module
from typing import Any

VERBS = {
    "walk": "walking",
    "calibrate": "calibrating",
    "adapt": "adapting",
    "replay": "replaying",
    "import": "importing",
    "score": "scoring",
    "simulate": "simulating",
    "sensors": "sensing",
    "record": "sensing",
    "virtual": "pretending",
    "metronome": "beating",
    "speakers": "sounding",
    "trial": "trying",
    "firmware": "firmware",
}
"""In the order of the help; and the module of each, which adds it by its function ``add_VERB``."""


def add_verb(verb: str, verbs: Any) -> None:
    """Add one of `VERBS` to the subparsers of the command."""
    module = import_module(f"{__name__}.{VERBS[verb]}")
    getattr(module, f"add_{verb}")(verbs)
