"""Which way is up, whichever way the sensor is strapped on."""

from dataclasses import dataclass

import numpy as np

from gaitcue.gait.filters import Butterworth
from gaitcue.imu import FloatArray

GRAVITY_CORNER = 0.3
"""Hz: below the slowest stride rate we follow (0.4 Hz, i.e. 50 steps/min), so that the motion of
walking averages out of the estimate of gravity; our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """Motion with respect to the vertical.

    Attributes
    ----------
    up
        (n, 3) unit vector that points up, in the sensor's axes.
    vertical
        (n,) m/s², acceleration along `up`, gravity included.
    moving
        (n, 3) m/s², acceleration without the estimate of gravity, in the sensor's axes.
    yaw
        (n,) rad/s about `up`, left positive; None without a gyroscope.
    """

    up: FloatArray
    vertical: FloatArray
    moving: FloatArray
    yaw: FloatArray | None


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Row-wise scalar product of two (n, 3) arrays, (n,).

    Written out, because a library reduction may add in another order for another length, and
    then the result would depend on how the samples were cut into blocks.
    """
    products = a * b
    total: FloatArray = products[..., 0] + products[..., 1] + products[..., 2]
    return total


class Vertical:
    """Estimates the vertical as the low-passed acceleration (second order, causal)."""

    def __init__(self, rate: float) -> None:
        self._gravity = Butterworth(2, GRAVITY_CORNER, "lowpass", rate)

    def __call__(self, acc: FloatArray, gyr: FloatArray | None) -> Upright:
        """Take in the next (n, 3) `acc` and `gyr`."""
        gravity = self._gravity(acc)
        size = np.sqrt(dot(gravity, gravity))
        # A sensor that reads zero knows no up; a zero vector then yields zeros, not NaN.
        up = gravity / np.maximum(size, 1e-9)[:, np.newaxis]
        yaw = None if gyr is None else dot(gyr, up)
        return Upright(up, dot(acc, up), acc - gravity, yaw)
