"""Cues: when to give one (`Coach`), what they sound like (`sounds`), and what plays them.

The coach is pure: events and the time go in, cue commands come out. It knows no file, clock or
sound; an `Output` needs only its `CueStart`, `CueChange` and `CueEnd`. One `Renderer` makes the
sound, for the loudspeaker (`speaker`) and for a file (`CueWav`).
"""

from gaitcue.cue.beats import Beats
from gaitcue.cue.coach import STALE_AFTER, Coach, Decision, State
from gaitcue.cue.output import Command, Output, Report
from gaitcue.cue.outputs import Outputs, Silent
from gaitcue.cue.reasons import ChangeReason, EndReason, StartReason
from gaitcue.cue.render import Renderer
from gaitcue.cue.settings import CoachSettings, CueMode, TrainingPart
from gaitcue.cue.wav import CueWav

__all__ = [
    "STALE_AFTER",
    "Beats",
    "ChangeReason",
    "Coach",
    "CoachSettings",
    "Command",
    "CueMode",
    "CueWav",
    "Decision",
    "EndReason",
    "Output",
    "Outputs",
    "Renderer",
    "Report",
    "Silent",
    "StartReason",
    "State",
    "TrainingPart",
]
