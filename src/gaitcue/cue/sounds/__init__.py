"""What a cue sounds like. One file a sound; all are made here, by computation."""

from gaitcue.cue.sounds.sound import SOUND_RATE, Sound, Waveform

__all__ = ["SOUND_RATE", "Sound", "Waveform"]
