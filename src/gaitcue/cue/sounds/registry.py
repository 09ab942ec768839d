"""Finding the sound of a name."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

from gaitcue.cue.sounds.count import Count
from gaitcue.cue.sounds.footsteps import Footsteps
from gaitcue.cue.sounds.get_ready import GetReady
from gaitcue.cue.sounds.music import PREFIX, Music, check_music
from gaitcue.cue.sounds.sound import Sound
from gaitcue.cue.sounds.tick import Tick, TickTock
from gaitcue.errors import InputError

SOUNDS: tuple[type[Sound], ...] = (Tick, TickTock, Footsteps, Count, GetReady)
"""Of this package, each made without arguments; `Music` is made from a file besides."""

ENTRY_POINTS = "gaitcue.sounds"
"""Entry point group in which other packages offer a class of their own, made without arguments."""


def sound_named(name: str) -> Sound:
    """The sound that is called `name` on the command line and in a profile.

    ``music:PATH`` is the walker's own music; it takes seconds to read.

    Raises
    ------
    InputError
        When there is none of that name, the sound of another package cannot be loaded, or the
        music cannot be used.
    """
    if name.startswith(PREFIX):
        return Music(_file(name))
    known = list(known_sounds())
    for kind in known:
        if kind.name == name:
            return kind()
    names = ", ".join([*(kind.name for kind in known), f"{PREFIX}FILE"])
    raise InputError(f"there is no sound {name!r}: it is one of {names}")


def check_sound(name: str) -> None:
    """Raise InputError as `sound_named` does, but at once: of music the beat is not looked for."""
    if name.startswith(PREFIX):
        check_music(_file(name))
    else:
        sound_named(name)


def _file(name: str) -> Path:
    return Path(name.removeprefix(PREFIX)).expanduser()


def known_sounds() -> Iterator[type[Sound]]:
    """Sounds of this package, then those that other packages offer; raises InputError."""
    yield from SOUNDS
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        try:
            kind = entry.load()
        except Exception as error:
            raise InputError(
                f"the sound {entry.name!r} ({entry.value}) cannot be loaded: {error}"
            ) from error
        if not (isinstance(kind, type) and hasattr(kind, "beats") and hasattr(kind, "name")):
            raise InputError(f"the sound {entry.name!r} ({entry.value}) is not a Sound class")
        yield kind
