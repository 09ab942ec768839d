"""An initial contact as a detector finds it, before anything else is known of the walk."""

from dataclasses import dataclass

from gaitcue.imu import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One initial contact.

    `time` and `decided` s; `index` is the sample at which it was decided; `confidence` in [0, 1];
    `up` is the unit vector that pointed up then, in the sensor's axes, None where it is not asked.
    """

    time: float
    decided: float
    index: int
    confidence: float
    side: Side
    up: tuple[float, float, float] | None = None
