"""How loud a cue is: the person's level from 1 to 10, never past the cap, and swelling at first.

A gain multiplies a waveform whose peak is 1 at most. How loud that is in the room depends on the
device and its own volume; what a level does not depend on is the sound: all are made equally loud.
"""

from gaitcue.errors import InputError
from gaitcue.events import CueStrength

SOFTEST_LEVEL, LOUDEST_LEVEL = 1, 10
DEFAULT_LEVEL = 7

PEAK_CAP = 0.5
"""The greatest sample value there ever is, of full scale (-6 dB). What is heard above it is for
the person who turns the device's own volume up."""

LEVEL_STEP = 3.0
"""dB from a level to the next: plainly heard (a difference of 1 dB just is), and ten of them go
from a whisper in a quiet room to the cap. Our choice."""

CLEARER = 6.0
"""dB by which a clear cue passes a discreet one of the same level: two levels. Our choice."""

FIRST_BEAT, BEAT_STEP = 12.0, 3.0
"""dB that the first beat of a cue is below its level, and by which a beat may pass the one before
it: the fifth is at full level, and a cue that becomes clear does so within two beats. A weaker
sound before a strong one, and a strong one that is awaited, startle less. Our choice."""


def check_level(level: int) -> int:
    """The level, if it is one.

    Raises
    ------
    InputError
        When it is none.
    """
    if not SOFTEST_LEVEL <= level <= LOUDEST_LEVEL:
        raise InputError(
            f"the level must be from {SOFTEST_LEVEL} (softest) to {LOUDEST_LEVEL} (loudest), "
            f"not {level}"
        )
    return level


def cue_gain(level: int, strength: CueStrength) -> float:
    """Gain of a cue's beats when they are at their full level, at most `PEAK_CAP`.

    Raises
    ------
    InputError
        When the level is none.
    """
    below = (LOUDEST_LEVEL - check_level(level)) * LEVEL_STEP
    if strength is CueStrength.DISCREET:
        below += CLEARER
    return PEAK_CAP * ratio(-below)


def speech_gain(level: int) -> float:
    """Gain of what is said: as clear as the clearest cue of the level, for it is said once."""
    return cue_gain(level, CueStrength.CLEAR)


def next_gain(before: float | None, full: float) -> float:
    """Gain of a cue's next beat on its way to `full`, from the beat `before` (None: the first).

    A beat may be softer than the one before by any amount.
    """
    if before is None:
        return full * ratio(-FIRST_BEAT)
    return min(full, before * ratio(BEAT_STEP))


def ratio(decibels: float) -> float:
    """The ratio of amplitudes that is so many dB."""
    return float(10 ** (decibels / 20))
