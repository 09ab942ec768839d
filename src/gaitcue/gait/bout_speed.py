"""Walking speed over a bout, with its error, from the speeds of its strides."""

import math

from gaitcue.events import Stride


class BoutSpeed:
    """Gathers strides; the speed is their way over their time.

    Its error is the root mean square of theirs, not smaller for more of them: most of it is the
    person's own, or that of a whole bout of turning and side steps, and the same in every stride.
    """

    def __init__(self) -> None:
        self._time, self._way = 0.0, 0.0  # s and m
        self._known, self._square = 0.0, 0.0  # s, and s times (m/s)², of strides with an error

    def add(self, stride: Stride) -> None:
        """Take in the next stride."""
        if stride.speed is None:
            return
        self._time += stride.duration
        self._way += stride.duration * stride.speed
        if stride.speed_sd is not None:
            self._known += stride.duration
            self._square += stride.duration * stride.speed_sd**2

    def result(self) -> tuple[float | None, float | None]:
        """Speed and one standard deviation of its error, m/s; None where it is not known."""
        speed = self._way / self._time if self._time > 0 else None
        return speed, math.sqrt(self._square / self._known) if self._known > 0 else None
