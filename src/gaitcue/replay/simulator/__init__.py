"""A simulated walker: motion of a worn sensor with the exact truth beside it.

`simulate` makes a recording from a `Scenario` (what the walker does), a placement and a
`SensorModel` (how well it is seen); `SCENARIOS` are the walks known by name. The stages, each
a module: scenario -> plan (footfalls) -> stage, trunk, legs, body (motion) -> sensor; and
plan -> truth (annotations).
"""

from gaitcue.replay.simulator.presets import SCENARIOS
from gaitcue.replay.simulator.scenario import (
    Freeze,
    FreezeKind,
    Scenario,
    Sit,
    Stand,
    Turn,
    Walk,
    Walker,
)
from gaitcue.replay.simulator.sensor import SensorModel, Strap
from gaitcue.replay.simulator.simulate import simulate

__all__ = [
    "SCENARIOS",
    "Freeze",
    "FreezeKind",
    "Scenario",
    "SensorModel",
    "Sit",
    "Stand",
    "Strap",
    "Turn",
    "Walk",
    "Walker",
    "simulate",
]
