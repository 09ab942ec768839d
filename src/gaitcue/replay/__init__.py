"""Recorded walks through the same tracker and coach as live ones.

`choose_sensor` picks what to track, `replay` gives the events, `WalkSummary` says what happened in
words. `score` compares events with annotations; `simulator` makes walks with exact truth.
"""

from gaitcue.replay.choose import choose_sensor, describe
from gaitcue.replay.pipeline import replay
from gaitcue.replay.real_time import in_real_time
from gaitcue.replay.summary import WalkSummary

__all__ = ["WalkSummary", "choose_sensor", "describe", "in_real_time", "replay"]
