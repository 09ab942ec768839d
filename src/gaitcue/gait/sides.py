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

from gaitcue.gait.contact import Contact
from gaitcue.gait.intake import Motion
from gaitcue.gait.orientation import Upright
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


class TrunkSides:
    """Streaming: contacts of a lower-back sensor with a gyroscope in, their sides out."""

    def __init__(self, rate: float) -> None:
        self._kept = int(MEMORY * rate) + 1
        self._time = np.empty(0)
        self._rows = np.empty((0, 7))  # vertical acc; level acc; level gyr
        self._contacts: deque[Contact] = deque(maxlen=3)
        self._forward = np.zeros(3)  # points forward; longer is surer
        self._evidence, self._weight = 0.0, 0.0  # for the latest contact being the left foot's

    def observe(self, motion: Motion, upright: Upright) -> None:
        """Take in the next motion."""
        if motion.gyr is None or upright.yaw is None:
            return
        level = motion.acc - upright.vertical[:, np.newaxis] * upright.up
        turning = motion.gyr - upright.yaw[:, np.newaxis] * upright.up
        self._time = np.concatenate([self._time[-self._kept :], motion.time])
        new = np.column_stack([upright.vertical, level, turning])
        self._rows = np.concatenate([self._rows[-self._kept :], new])

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
            elif ratio > 1 / MISSED:
                self._weigh(first, third)
        if self._weight == 0 or abs(self._evidence) < SURE * self._weight:
            return Side.NONE
        return Side.LEFT if self._evidence > 0 else Side.RIGHT

    def _weigh(self, start: float, end: float) -> None:
        """Add the evidence of the stride from `start` to `end` s, where it is kept whole."""
        first, last = np.searchsorted(self._time, [start, end])
        if first == 0 or last - first < 8:  # 8 samples: a stride of 0.5 s at 16 Hz
            return
        rows = self._rows[first:last]
        self._forward = KEPT * self._forward + _forward(rows)
        size = float(np.linalg.norm(self._forward))
        if size == 0:
            return
        roll = complex(_wave(rows[:, 4:], 1) @ self._forward) / size
        if abs(roll) > 0:
            turned = roll * complex(math.cos(LEFT_PHASE), -math.sin(LEFT_PHASE))
            self._evidence += turned.real / abs(roll)
            self._weight += 1.0


def _forward(rows: FloatArray) -> FloatArray:
    """A vector (3,) that points forward, from a stride's rows."""
    level, vertical = _wave(rows[:, 1:4], 2), _wave(rows[:, :1], 2)[0]
    lead = complex(math.cos(FORWARD_PHASE), -math.sin(FORWARD_PHASE))
    forward: FloatArray = np.real(level * np.conj(vertical) * lead)
    return forward


def _wave(values: FloatArray, cycles: int) -> np.typing.NDArray[np.complex128]:
    """(k,) amplitudes and phases of `cycles` cycles in the (n, k) `values`."""
    wave: np.typing.NDArray[np.complex128] = _turns(len(values), cycles) @ values
    return wave


@lru_cache(maxsize=256)
def _turns(count: int, cycles: int) -> np.typing.NDArray[np.complex128]:
    """What gives the amplitude of `cycles` cycles in `count` samples."""
    angle = 2 * np.pi * cycles / count * np.arange(count)
    turns: np.typing.NDArray[np.complex128] = 2 / count * np.exp(-1j * angle)
    return turns
