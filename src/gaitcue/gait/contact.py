"""An initial contact as a detector finds it, before anything else is known of the walk."""

from dataclasses import dataclass

from gaitcue.imu import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One initial contact.

    `time` and `decided` s; `index` is the sample at which it was decided; `confidence` in [0, 1].
    `size` is of what it was found by: m/s that the trunk gained falling, or the peak of the leg's
    swing, rad/s or m/s². `up` is the unit vector that pointed up then, in the sensor's axes, None
    where it is not asked.
    """

    time: float
    decided: float
    index: int
    confidence: float
    side: Side
    size: float
    up: tuple[float, float, float] | None = None
