"""Cues: when to give one (`Coach`), and how its beats sound (`Metronome`, `CueWav`).

The coach is pure: events and the time go in, cue commands come out. It knows no file, clock or
sound; whatever plays a cue needs only its `CueStart` and `CueEnd`.
"""

from gaitcue.cue.beats import beat_time, beats_before
from gaitcue.cue.coach import Coach, CoachSettings, EndReason, StartReason
from gaitcue.cue.metronome import SOUND_RATE, Metronome, tick
from gaitcue.cue.wav import CueWav

__all__ = [
    "SOUND_RATE",
    "Coach",
    "CoachSettings",
    "CueWav",
    "EndReason",
    "Metronome",
    "StartReason",
    "beat_time",
    "beats_before",
    "tick",
]
