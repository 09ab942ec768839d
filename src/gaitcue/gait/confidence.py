"""How sure a step is: the probability that a foot met the ground there, as on labelled people.

Logistic curves of the size of what the contact was found by (Platt 1999), each person with equal
weight: two numbers where enough people are labelled, else their mean rate. It is the probability
among steps that were told while people walked, within 0.25 s for sensors that see both feet and
0.5 s for those of one leg. How right it is on people left out is in docs/explanation/steps.md.
"""

import math
from typing import NamedTuple

from gaitcue.imu import Placement


class Curve(NamedTuple):
    """Log-odds of a contact: `offset` + `slope` times the logarithm of its size."""

    offset: float
    slope: float

    def __call__(self, size: float) -> float:
        """The probability for a `size` above 0, in the unit of the curve."""
        return 1 / (1 + math.exp(-self.offset - self.slope * math.log(size)))


TRUNK = Curve(5.6, 1.7)
"""Of the fall, m/s: lower back, 15 people (voisard497, mobgap_example), 104 of 2836 steps wrong. It
holds at the chest of 3 others (oxford_steps) as it is; waist and head could not be checked."""

ROTATION = Curve(2.3, 2.1)
"""Of the peak, rad/s: foot, 60 people (voisard497, ipol265, gaitmap_example), 43 of 2856 steps
wrong. A shank could not be checked."""

ACCELERATION = Curve(4.8, 0.0)
"""Foot without gyroscope: 0.99, as in 14 people, 6 of 733 steps wrong; no size told them apart."""

THIGH = Curve(3.3, 0.0)
"""0.96, as in 3 people (oxford_steps); a curve of the fall did not hold for people left out."""

WRIST = Curve(4.0, 0.0)
"""0.98, as in 3 people (oxford_steps); a curve of the fall did not hold for people left out."""


def curve(placement: Placement, *, gyroscope: bool) -> Curve:
    """What a contact's size says at `placement`."""
    if placement in (Placement.SHANK, Placement.FOOT):
        return ROTATION if gyroscope else ACCELERATION
    return {Placement.THIGH: THIGH, Placement.WRIST: WRIST}.get(placement, TRUNK)
