"""The sounds of a cue, made beforehand: nothing is computed while they are played."""

import math

from gaitcue.cue.sounds import Sound, Waveform, sound_named
from gaitcue.events import CuePattern

_Made = dict[float, tuple[Waveform, ...]]

READY, COUNT, SPARE = "get_ready", "count", "tick"
"""Names of the sounds of the patterns, and of what is heard while the chosen one is not ready."""

NEAR = 2
"""Of a sound's `tempo_step`: a sound made for a tempo no further off stands in for itself, with
beats on time that overlap a little more or less. Our choice."""


class SoundTables:
    """What begins on each beat, of the person's own sound and of the patterns'.

    A sound is made for the tempi that are a whole number of its `tempo_step` apart; the nearest
    one that is made serves. One thread may make sounds while another takes them.

    Parameters
    ----------
    own
        The sound of the plain beat.
    """

    def __init__(self, own: Sound) -> None:
        self._own = own
        self._ready, self._count, self._spare = map(sound_named, (READY, COUNT, SPARE))
        self._made: dict[str, _Made] = {}  # by name; each is replaced whole, for another thread

    def prepare(self, tempo: float) -> None:
        """Make every sound for a cue at `tempo` steps/min, unless that is done."""
        for sound in (self._spare, self._own, self._ready, self._count):
            made, rounded = self._made.get(sound.name, {}), _rounded(sound, tempo)
            if rounded not in made:
                self._made[sound.name] = {**made, rounded: sound.beats(rounded)}

    def beat(self, pattern: CuePattern, tempo: float, number: int) -> Waveform | None:
        """What begins on a beat (numbered from where the pattern began); None if nothing is made.

        Takes no time: a sound that is not made yet is stood in for, by itself at a near tempo or by
        a tick.
        """
        if pattern is CuePattern.COUNT:
            return self._of(self._count, tempo, number)
        if pattern is CuePattern.GET_READY:
            ready = self._near(self._ready, tempo)
            if number < len(ready):
                return ready[number]
            number -= len(ready)
        return self._of(self._own, tempo, number)

    def _of(self, sound: Sound, tempo: float, number: int) -> Waveform | None:
        for one in (sound, self._spare):
            beats = self._near(one, tempo)
            if beats:
                return beats[number % len(beats)]
        return None

    def _near(self, sound: Sound, tempo: float) -> tuple[Waveform, ...]:
        """The beats made for about that tempo; empty when there are none."""
        made = self._made.get(sound.name, {})
        nearest = min(made, key=lambda other: abs(other - tempo), default=math.inf)
        return made[nearest] if abs(nearest - tempo) <= NEAR * sound.tempo_step else ()


def _rounded(sound: Sound, tempo: float) -> float:
    return round(tempo / sound.tempo_step) * sound.tempo_step
