"""Recorded walks through the same tracker and coach as live ones.

`choose_sensors` picks what to track, `replay` gives the events, `in_real_time` paces them. `score`
compares events with annotations; `simulator` makes walks with exact truth.
"""

from gaitcue.replay.choose import choose_sensor, choose_sensors
from gaitcue.replay.pipeline import replay
from gaitcue.replay.real_time import in_real_time

__all__ = ["choose_sensor", "choose_sensors", "in_real_time", "replay"]
