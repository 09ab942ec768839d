"""Which foot a step was, from the lower back: the pelvis drops on the side of the swinging leg.

The rate at which the pelvis rolls, at the frequency of the stride, has a fixed phase to the left
foot's contact (McCamley et al. 2012 and Ullrich et al. 2022 take the signs of this and the yaw
rate). To tell roll from pitch, and left from right, however the strap sits, one must know which way
is forward: the forward acceleration has a fixed phase to the vertical one, at the frequency of the
steps.
"""

import math
from collections import deque
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.contact import Contact
from gaitcue.gait.intake import Motion
from gaitcue.gait.orientation import Upright
from gaitcue.gait.recent import Recent
from gaitcue.imu import FloatArray, Side

FORWARD_PHASE = math.radians(109.0)
"""rad by which the forward acceleration leads the vertical one at the frequency of the steps: mean
of 13 healthy people at L5 (voisard497), from 89 to 132°."""

LEFT_PHASE = math.radians(-14.0)
"""rad: phase of the rate of roll about forward over a stride that ends with a contact of the left
foot: mean of the same people, from -55 to 37°. The right foot's is the opposite."""

KEPT = 0.9
"""Weight of what was known of the way when a stride is added: about ten strides are remembered."""

AGREED = 0.7
"""The same of the foot: about three strides, so that a missed or invented contact, after which the
feet are mistaken for each other, is soon got over."""

SURE = 0.5
"""Part of the evidence that must agree for a side to be told; below it nobody knows. Our choice."""

MISSED = 1.6
"""Ratio of two steps above which a contact was missed in the longer one; midway between 1 and 2,
and what a limp leaves."""

MEMORY = 10.0
"""s of motion that are kept: the contacts that begin a bout are told together."""

VERTICAL, LEVEL, ROTATION = 0, slice(1, 4), slice(4, 7)
"""Columns of the `Waves` of a stride."""

Waves = NDArray[np.complex128]


class TrunkSides:
    """Streaming: contacts of a lower-back sensor with a gyroscope in, their sides out."""

    def __init__(self, rate: float) -> None:
        self._recent = Recent(int(MEMORY * rate) + 1)
        self._contacts: deque[Contact] = deque(maxlen=3)
        self._forward = np.zeros(3)  # points forward; longer is surer
        self._evidence, self._weight = 0.0, 0.0  # for the latest contact being the left foot's

    def observe(self, motion: Motion, upright: Upright) -> None:
        """Take in the next motion."""
        if motion.gyr is None or upright.yaw is None:
            return
        self._recent.add(
            motion.time, motion.acc, motion.gyr, upright.up, upright.vertical, upright.yaw
        )

    def begin(self) -> None:
        """A bout begins: nobody knows with which foot."""
        self._contacts.clear()
        self._evidence = self._weight = 0.0

    def __call__(self, contact: Contact) -> Side:
        """Take in the next contact of a bout; give its side, none where that is not sure."""
        self._contacts.append(contact)
        self._evidence, self._weight = -AGREED * self._evidence, AGREED * self._weight
        if len(self._contacts) == 3:
            first, second, third = (one.time for one in self._contacts)
            ratio = (third - second) / (second - first)
            if ratio > MISSED:  # the same foot as before
                self._evidence = -self._evidence
            elif ratio > 1 / MISSED and contact.decided - first < MEMORY:
                self._weigh(first, third)
        if self._weight == 0 or abs(self._evidence) < SURE * self._weight:
            return Side.NONE
        return Side.LEFT if self._evidence > 0 else Side.RIGHT

    def _weigh(self, start: float, end: float) -> None:
        """Add the evidence of the stride from `start` to `end` s, where it is kept whole."""
        stride = self._recent.between(start, end)
        if stride is None or len(stride[0]) < 8:  # 8 samples: a stride of 0.5 s at 16 Hz
            return
        once, twice = _waves(*stride[1:])
        self._forward = KEPT * self._forward + _forward(twice)
        roll = complex(once[ROTATION] @ self._forward)
        if abs(roll) > 0:
            turned = roll * complex(math.cos(LEFT_PHASE), -math.sin(LEFT_PHASE))
            self._evidence += turned.real / abs(roll)
            self._weight += 1.0


def _forward(twice: Waves) -> FloatArray:
    """A vector (3,) that points forward, from what comes twice in a stride."""
    lead = complex(math.cos(FORWARD_PHASE), -math.sin(FORWARD_PHASE))
    forward: FloatArray = np.real(twice[LEVEL] * (twice[VERTICAL].conjugate() * lead))
    return forward


def _waves(
    acc: FloatArray, gyr: FloatArray, up: FloatArray, vertical: FloatArray, yaw: FloatArray
) -> Waves:
    """(2, 7) amplitudes and phases of one and of two cycles in the motion of a stride.

    Its columns are the `VERTICAL` and the `LEVEL` acceleration and the level `ROTATION`.
    """
    rows = np.empty((len(up), 7))
    rows[:, VERTICAL] = vertical
    rows[:, LEVEL] = acc - vertical[:, np.newaxis] * up
    rows[:, ROTATION] = gyr - yaw[:, np.newaxis] * up
    parts = _turns(len(rows)) @ rows
    waves: Waves = parts[:2] + 1j * parts[2:]
    return waves


@lru_cache(maxsize=256)
def _turns(count: int) -> FloatArray:
    """(4, `count`): what gives the real parts of one and of two cycles, then the imaginary ones."""
    angle = 2 * np.pi / count * np.arange(count)
    turns: FloatArray = (
        2 / count * np.stack([np.cos(angle), np.cos(2 * angle), -np.sin(angle), -np.sin(2 * angle)])
    )
    return turns
