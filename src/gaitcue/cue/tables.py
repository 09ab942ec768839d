"""The sounds of a cue, made beforehand: nothing is computed while they are played."""

from gaitcue.cue.sounds import Sound, Waveform, sound_named
from gaitcue.events import CuePattern

READY, COUNT, SPARE = "get_ready", "count", "tick"
"""Names of the sounds of the patterns, and of what is heard while the chosen one is not ready."""


class SoundTables:
    """What begins on each beat, of the person's own sound and of the patterns'.

    A sound is made for the tempi that are a whole number of its `tempo_step` apart; the nearest
    one serves.

    Parameters
    ----------
    own
        The sound of the plain beat.
    """

    def __init__(self, own: Sound) -> None:
        self._own = own
        self._ready, self._count, self._spare = map(sound_named, (READY, COUNT, SPARE))
        self._made: dict[tuple[str, float], tuple[Waveform, ...]] = {}

    def prepare(self, tempo: float) -> None:
        """Make every sound for a cue at `tempo` steps/min, unless that is done."""
        for sound in (self._spare, self._own, self._ready, self._count):
            key = _key(sound, tempo)
            if key not in self._made:
                self._made[key] = sound.beats(key[1])

    def beat(self, pattern: CuePattern, tempo: float, number: int) -> Waveform | None:
        """What begins on a beat (numbered from where the pattern began); None if nothing is made.

        Takes no time: a sound that is not made yet is stood in for by a tick.
        """
        if pattern is CuePattern.COUNT:
            return self._of(self._count, tempo, number)
        if pattern is CuePattern.GET_READY:
            ready = self._made.get(_key(self._ready, tempo), ())
            if number < len(ready):
                return ready[number]
            number -= len(ready)
        return self._of(self._own, tempo, number)

    def _of(self, sound: Sound, tempo: float, number: int) -> Waveform | None:
        for one in (sound, self._spare):
            beats = self._made.get(_key(one, tempo))
            if beats:
                return beats[number % len(beats)]
        return None


def _key(sound: Sound, tempo: float) -> tuple[str, float]:
    return sound.name, round(tempo / sound.tempo_step) * sound.tempo_step
