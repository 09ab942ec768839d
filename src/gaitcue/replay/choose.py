"""Which sensors of a recording to track."""

from gaitcue.errors import InputError
from gaitcue.gait import SLOWEST_RATE
from gaitcue.gait.fusion import BODY
from gaitcue.gait.stretch import ONE_LEG
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Recording, Sensor


def choose_sensors(
    recording: Recording,
    placement: Placement | None = None,
    side: Side | None = None,
    name: str | None = None,
) -> tuple[Sensor, ...]:
    """The sensors at `placement` and `side` or of that `name`, the one that tells most first.

    What is not given leaves all of them, of which those that cannot be tracked are left out if
    others can. Of two alike on both sides the left one comes first.

    Raises
    ------
    InputError
        When there is no such sensor, or nobody knows where the sensors were worn.
    """
    if name is not None:
        named = tuple(s for s in recording.sensors if s.name == name)
        if not named:
            there = ", ".join(s.name for s in recording.sensors)
            raise InputError(f"{recording.name}: no sensor is named {name!r}; there is {there}")
        return named
    known = [s for s in recording.sensors if s.placement is not None]
    if not known:
        raise InputError(f"{recording.name}: where was the sensor worn? pass --placement")
    fitting = [s for s in known if placement in {None, s.placement} and side in {None, s.side}]
    if not fitting:
        wanted = " ".join(str(word) for word in (side, placement) if word is not None)
        there = ", ".join(_describe(s) for s in known)
        raise InputError(f"{recording.name}: no sensor was worn at {wanted!r}; there is {there}")
    return tuple(sorted([s for s in fitting if _serves(s)] or fitting, key=_preference))


def choose_sensor(
    recording: Recording, placement: Placement | None = None, side: Side | None = None
) -> Sensor:
    """The first of `choose_sensors`."""
    return choose_sensors(recording, placement, side)[0]


def _serves(sensor: Sensor) -> bool:
    """Whether a sensor whose placement is known can be tracked."""
    if sensor.rate < SLOWEST_RATE:
        return False
    return sensor.gravity or (sensor.placement in ONE_LEG and sensor.gyroscope)


def _describe(sensor: Sensor) -> str:
    """Where a sensor was worn, in words."""
    place = str(sensor.placement or "unknown placement").replace("_", " ")
    return place if sensor.side is Side.NONE else f"{sensor.side} {place}"


def _preference(sensor: Sensor) -> tuple[int, int]:
    sides = (Side.NONE, Side.LEFT, Side.RIGHT)
    placement = len(BODY) if sensor.placement is None else BODY.index(sensor.placement)
    return placement, sides.index(sensor.side)
