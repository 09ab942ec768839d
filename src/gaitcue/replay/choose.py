"""Which sensor of a recording to track."""

from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Recording, Sensor

PREFERRED = (
    Placement.LOWER_BACK,
    Placement.WAIST,
    Placement.SHANK,
    Placement.FOOT,
    Placement.THIGH,
    Placement.CHEST,
    Placement.WRIST,
    Placement.HEAD,
)
"""Placements from the one that tells most about gait to the one that tells least."""


def choose_sensor(
    recording: Recording, placement: Placement | None = None, side: Side | None = None
) -> Sensor:
    """The sensor at `placement` and `side`; for what is not given, the one that tells most.

    Of two alike on both sides the left one is taken.

    Raises
    ------
    InputError
        When there is no such sensor, or nobody knows where the sensors were worn.
    """
    known = [s for s in recording.sensors if s.placement is not None]
    if not known:
        raise InputError(f"{recording.name}: where was the sensor worn? pass --placement")
    fitting = [s for s in known if placement in {None, s.placement} and side in {None, s.side}]
    if not fitting:
        wanted = " ".join(str(word) for word in (side, placement) if word is not None)
        there = ", ".join(_describe(s) for s in known)
        raise InputError(f"{recording.name}: no sensor was worn at {wanted!r}; there is {there}")
    return min(fitting, key=_preference)


def _describe(sensor: Sensor) -> str:
    """Where a sensor was worn, in words."""
    place = str(sensor.placement or "unknown placement").replace("_", " ")
    return place if sensor.side is Side.NONE else f"{sensor.side} {place}"


def _preference(sensor: Sensor) -> tuple[int, int]:
    sides = (Side.NONE, Side.LEFT, Side.RIGHT)
    placement = len(PREFERRED) if sensor.placement is None else PREFERRED.index(sensor.placement)
    return placement, sides.index(sensor.side)
