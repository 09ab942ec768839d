"""Whether a few contacts in a row are walking: even in time, with the sensor's attitude held.

Getting up, lying down, bending and clapping swing the sensor as steps do, but they turn it against
the vertical, or have no even pace. Only the contacts that open a walking bout are asked; within a
bout a limp, a turn or a stumble must not end it.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gaitcue.gait.contact import Contact

LARGEST_TILT = float(np.deg2rad(20.0))
"""rad that the estimate of up may move, in the sensor's axes, over the contacts that open a bout.
A trunk sways by a few degrees in walking and leans by some tens to get up from a chair; our choice
between the two."""

LARGEST_RATIO = 2.5
"""Longest over shortest interval of the contacts that open a bout. Wide on purpose, so that a
limp or one missed contact (2) passes; our choice."""


def is_walking(contacts: Sequence[Contact]) -> bool:
    """Whether `contacts`, at least two in order of time, may open a walking bout."""
    intervals = [after.time - before.time for before, after in pairwise(contacts)]
    if max(intervals) > LARGEST_RATIO * min(intervals):
        return False
    first = contacts[0].up
    return all(_between(first, one.up) <= LARGEST_TILT for one in contacts[1:])


def _between(a: tuple[float, float, float] | None, b: tuple[float, float, float] | None) -> float:
    """Angle between two unit vectors, rad; zero where nobody knows which way is up."""
    if a is None or b is None:
        return 0.0
    return float(np.arccos(min(max(sum(x * y for x, y in zip(a, b, strict=True)), -1.0), 1.0)))
