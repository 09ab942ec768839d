"""Why a number is missing from a summary, in words."""

from collections.abc import Sequence

from gaitcue.imu import Placement
from gaitcue.recording.model import Sensor

NO_WALKING = "No walking was seen."
FEET_NOT_KNOWN = "Telling left from right needs a sensor on each leg, or on a leg and the trunk."
NO_FREEZING = "No freezing episode was found."
NO_CUE = "No cue was given."
NO_TURN = "No turn was found."
UNJUDGED = "The walk was too short, or too broken up, for the freeze detector to judge it."
BROKEN_OFF = "The events break off before the walk's end."

TELLS_POSTURE = (Placement.LOWER_BACK, Placement.WAIST, Placement.CHEST, Placement.THIGH)
"""Placements that tell how the walker holds."""

LENGTH_NEEDS_GYROSCOPE = (Placement.SHANK, Placement.FOOT)
"""Placements at which the length of a stride comes from rotation and acceleration together."""


def reasons(
    names: set[str], sensors: Sequence[Sensor], *, strides: bool, cues: int
) -> dict[str, str]:
    """For each of the summary's attributes in `names`, why it is None.

    Parameters
    ----------
    names
        Those that are None.
    sensors
        Those that were tracked, the one that tells most first.
    strides
        Whether there was at least one whole stride.
    cues
        How many cues there were.
    """
    speed, turn = _speed(sensors[0], strides=strides), _turn(sensors[0])
    why = {
        "height": "Nobody said how tall the person is.",
        "samples": BROKEN_OFF,
        "missing": BROKEN_OFF,
        "distance": speed,
        "left_step_time": FEET_NOT_KNOWN if strides else NO_WALKING,
        "right_step_time": FEET_NOT_KNOWN if strides else NO_WALKING,
        "asymmetry": FEET_NOT_KNOWN if strides else NO_WALKING,
        "cadence": NO_WALKING,
        "speed": speed,
        "speed_sd": speed if "speed" in names else "Its error has not been measured here.",
        "stride_length": speed,
        "turns": turn,
        "turn_duration": turn,
        "turn_angle": turn,
        "turn_peak_rate": turn,
        "postures": _posture(sensors[0]),
        "freezes": UNJUDGED,
        "time_frozen": UNJUDGED,
        "freeze_duration": UNJUDGED if "freezes" in names else NO_FREEZING,
        "percent_time_frozen": UNJUDGED,
        "cue_latency": NO_CUE if cues == 0 else "No cue was for a freeze.",
        "cue_duration": NO_CUE if cues == 0 else "No cue has ended.",
        "cue_tempo": NO_CUE,
        "cue_heard": NO_CUE if cues == 0 else "No output reported what it played.",
    }
    return {name: why[name] for name in sorted(names)}


def _speed(sensor: Sensor, *, strides: bool) -> str:
    if not strides:
        return NO_WALKING
    if sensor.placement in LENGTH_NEEDS_GYROSCOPE:
        where = f"On a {sensor.placement} the length of a stride needs"
        if not sensor.gyroscope:
            return f"{where} a gyroscope, and this sensor has none."
        if not sensor.gravity:
            return f"{where} acceleration with gravity, which was taken out here."
    return "No stride was regular enough to measure its length."


def _posture(sensor: Sensor) -> str:
    if sensor.placement not in TELLS_POSTURE:
        return f"A sensor on the {sensor.placement} cannot tell posture."
    return "Posture is learnt from walking, and there was not enough of it."


def tells_turns(sensor: Sensor) -> bool:
    """Whether turns can be seen: a foot needs no gravity for it."""
    return sensor.gyroscope and (sensor.gravity or sensor.placement is Placement.FOOT)


def _turn(sensor: Sensor) -> str:
    if not sensor.gyroscope:
        return "Turns need a gyroscope, and this sensor has none."
    if not tells_turns(sensor):
        return "Turns need acceleration with gravity, which was taken out here."
    return NO_TURN
