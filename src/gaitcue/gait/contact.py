"""An initial contact as a detector finds it, before anything else is known of the walk."""

from dataclasses import dataclass

from gaitcue.imu import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One initial contact.

    `time` and `decided` s; `index` is the sample at which it was decided; `confidence` in [0, 1].
    Only from the trunk: `fall`, m/s that it gained downwards before, and `up`, the unit vector that
    pointed up then, in the sensor's axes.
    """

    time: float
    decided: float
    index: int
    confidence: float
    side: Side
    fall: float | None = None
    up: tuple[float, float, float] | None = None
