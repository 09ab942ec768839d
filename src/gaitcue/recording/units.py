"""Units of acceleration and angular rate, and telling them apart by gravity."""

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

ACC_UNITS = {"m/s2": 1.0, "g": STANDARD_GRAVITY, "mg": STANDARD_GRAVITY / 1000}
"""m/s² in one of each unit."""

GYR_UNITS = {"rad/s": 1.0, "deg/s": float(np.pi / 180)}
"""rad/s in one of each unit."""

GRAVITY_MARGIN = 0.3
"""Share by which the median of a worn sensor's acceleration may differ from gravity."""


def acc_factor(unit: str) -> float:
    """The m/s² in one `unit`.

    Raises
    ------
    InputError
        When there is no such unit.
    """
    if unit not in ACC_UNITS:
        raise InputError(f"acceleration unit {unit!r} is not one of {', '.join(ACC_UNITS)}")
    return ACC_UNITS[unit]


def gyr_factor(unit: str) -> float:
    """The rad/s in one `unit`.

    Raises
    ------
    InputError
        When there is no such unit.
    """
    if unit not in GYR_UNITS:
        raise InputError(f"angular-rate unit {unit!r} is not one of {', '.join(GYR_UNITS)}")
    return GYR_UNITS[unit]


def typical_size(acc: FloatArray) -> float | None:
    """The median length of the acceleration vectors (n, 3); None without a single whole one."""
    whole = acc[~np.isnan(acc).any(axis=1)]
    return float(np.median(np.linalg.norm(whole, axis=1))) if len(whole) else None


def unit_by_gravity(size: float) -> str | None:
    """The unit in which `size` is about gravity, None if there is none."""
    for unit, factor in ACC_UNITS.items():
        if abs(size * factor / STANDARD_GRAVITY - 1) < GRAVITY_MARGIN:
            return unit
    return None
