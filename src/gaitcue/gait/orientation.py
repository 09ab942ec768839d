"""Which way is up, whichever way the sensor is strapped on."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def levelled(
    acc: FloatArray, gyr: FloatArray | None, duration: float
) -> tuple[FloatArray, FloatArray]:
    """Vertical and horizontal acceleration of a trunk over one stride.

    Over a stride of walking the trunk comes back to the velocity it had, so that the mean of its
    acceleration is gravity. In between it tilts, which brings gravity into the horizontal; the
    angular rate says by how much, to first order in the tilt, and takes it out again.

    Parameters
    ----------
    acc, gyr
        (n, 3) m/s² with gravity and rad/s, in the sensor's axes; without angular rate the trunk is
        taken not to tilt.
    duration
        Of the stride, s.

    Returns
    -------
    vertical, horizontal
        (n,) and (n, 2) m/s², gravity included. The two horizontal axes turn with the walker.
    """
    count = len(acc)
    gravity = np.add.reduce(acc) / count
    size = max(math.hypot(*gravity.tolist()), 1e-9)
    up = gravity / size
    plane = _level(*up.tolist())
    vertical, level = acc @ up, _complex(acc @ plane)
    if gyr is not None:
        step = duration / count
        heading = np.exp(1j * step * np.cumsum(gyr @ up))
        # Where up lies in the horizontal of who keeps heading and attitude, to first order.
        tilt = 1j * step * np.cumsum(_complex(gyr @ plane) * heading)
        tilt -= np.add.reduce(tilt) / count
        level *= heading
        tilt += np.add.reduce(level - vertical * tilt) / (count * size)
        length = np.sqrt(1 + tilt.real**2 + tilt.imag**2)
        vertical = (vertical + level.real * tilt.real + level.imag * tilt.imag) / length
        level = (level - vertical * tilt / length) * heading.conj()
    return vertical, level.view(np.float64).reshape(-1, 2)


def _level(x: float, y: float, z: float) -> FloatArray:
    """(3, 2) two axes that make a right-handed system with the unit vector `x`, `y`, `z` as third.

    That of Duff et al. 2017 (Journal of Computer Graphics Techniques 6:1).
    """
    sign = math.copysign(1.0, z)
    a = -1 / (sign + z)
    b = x * y * a
    return np.array([[1 + sign * x * x * a, b], [sign * b, sign + y * y * a], [-sign * x, -y]])


def _complex(plane: FloatArray) -> NDArray[np.complex128]:
    """(n, 2) as (n,) complex numbers."""
    return plane.view(np.complex128)[:, 0]
