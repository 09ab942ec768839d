"""What a cue sounds like. One file a sound; all but the walker's own music are made here.

`sound_named` gives the sound of a name; `SOUNDS` are those of this package. All are equally loud
at the same gain (`loudness`) and none begins abruptly (`shape`).
"""

from gaitcue.cue.sounds.registry import SOUNDS, check_sound, known_sounds, sound_named
from gaitcue.cue.sounds.sound import SOUND_RATE, Sound, Waveform

__all__ = [
    "SOUNDS",
    "SOUND_RATE",
    "Sound",
    "Waveform",
    "check_sound",
    "known_sounds",
    "sound_named",
]
