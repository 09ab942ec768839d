"""A live walk in this terminal, or in none."""

import asyncio
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from gaitcue.app.keyboard import key_presses
from gaitcue.app.profile import Person, read_profile
from gaitcue.app.screen import whole_screen
from gaitcue.app.stopping import stopped_by_signals
from gaitcue.app.walk import LiveWalk
from gaitcue.cue.speaker import Speaker


def walk_here(
    profile: Path,
    folder: Path | None,
    *,
    duration: float | None,
    headless: bool,
    silent: bool,
) -> tuple[Path, bool]:
    """Walk; gives the walk folder, and whether there was any motion.

    Raises
    ------
    InputError
        When the profile, the sensor or the folder does not allow it.
    """
    person = read_profile(profile)
    folder = folder or person.walks / time.strftime("%Y-%m-%d_%H-%M-%S")
    moved = asyncio.run(_walk_here(person, folder, duration, headless=headless, silent=silent))
    return folder, moved


async def _walk_here(
    person: Person, folder: Path, duration: float | None, *, headless: bool, silent: bool
) -> bool:
    with (
        nullcontext() if headless else whole_screen() as show,
        stopped_by_signals() as stop,
    ):
        speaker = None if silent else Speaker(person.speaker)
        live = LiveWalk(person, folder, show=show, tell=_tell, speaker=speaker)
        with nullcontext() if headless else key_presses(live.press):
            return await live.walk(stop, duration)


def _tell(text: str) -> None:
    sys.stderr.write(f"gaitcue: {text}\n")
    sys.stderr.flush()
