"""Turns from a foot: how it comes to rest turned against where it rested before.

A foot that rests flat has the same attitude against the ground at every stance but for its heading.
So the rotation from one mid-stance to the next is about the vertical, exactly as far as the walker
has turned; what the foot does in between drops out. (The mean rate about a low-passed vertical does
not have this: pitch and yaw of a swinging foot do not commute.)
"""

from dataclasses import dataclass

import numpy as np

from gaitcue.events import Turn
from gaitcue.gait.orientation import dot
from gaitcue.gait.turns import SMALLEST_ANGLE
from gaitcue.imu import FloatArray

EDGE_RATE = float(np.deg2rad(5.0))
"""rad/s, mean of a swing, at which a turn begins and ends (El-Gohary et al. 2014). The bias of
cheap gyroscopes (2 °/s) stays below it."""


@dataclass(frozen=True, slots=True)
class FootSwing:
    """A foot's way from one mid-stance at `start` s to the next at `end` s.

    `acc` and `gyr` are (n, 3) m/s² and rad/s over it, in the sensor's axes.
    """

    start: float
    end: float
    acc: FloatArray
    gyr: FloatArray


class FootTurns:
    """Streaming: swings in, turns out.

    A turn is a run of swings that turn the same way at `EDGE_RATE` or more, by `SMALLEST_ANGLE` or
    more in all. Every swing is about a second long, so that no hesitation needs bridging.

    Parameters
    ----------
    rate
        Hz.
    gravity
        Whether the acceleration contains gravity, which then tells what is up. If not, the turns
        themselves tell the vertical, and that a foot is lifted tells which end of it is up.
    """

    def __init__(self, rate: float, *, gravity: bool) -> None:
        self._rate, self._gravity = rate, gravity
        self._up = np.zeros(3)  # the sum of what swings tell of up, in the axes of stance
        self._pitch = np.zeros((3, 3))  # along what the foot turns in its swings
        self._yaw = np.zeros((3, 3))  # along what it comes to rest turned, large turns above all
        self._begun, self._ended = 0.0, 0.0  # s
        self._angle = self._peak = 0.0
        self._swings = 0

    def __call__(self, swing: FootSwing, known: float) -> list[Turn]:
        """Take in the next swing, known at `known` s."""
        angle = self._angle_of(swing)
        rate = angle / (swing.end - swing.start)
        turns: list[Turn] = []
        if abs(rate) < EDGE_RATE or angle * self._angle < 0:
            turns = self.end(known)
        if abs(rate) >= EDGE_RATE:
            if not self._swings:
                self._begun = swing.start
            self._ended, self._swings = swing.end, self._swings + 1
            self._angle, self._peak = self._angle + angle, max(self._peak, abs(rate))
        return turns

    def _angle_of(self, swing: FootSwing) -> float:
        """By how much the foot turned about the vertical, rad, to the left positive."""
        self._up = self._up + up_of(swing, self._rate, gravity=self._gravity)
        turned = rotation(swing.gyr, self._rate)
        if self._gravity:
            return float(turned @ self._up) / max(float(np.linalg.norm(self._up)), 1e-9)
        # What it is pitched by, if it does not rest as flat as before, is no turn.
        gyr = swing.gyr - swing.gyr.mean(axis=0)
        self._pitch = self._pitch + gyr.T @ gyr
        pitch = _main_axis(self._pitch)
        turned = turned - (turned @ pitch) * pitch
        self._yaw = self._yaw + float(np.linalg.norm(turned)) * np.outer(turned, turned)
        vertical = _main_axis(self._yaw)
        return float(turned @ vertical) * (1.0 if vertical @ self._up > 0 else -1.0)

    def end(self, known: float) -> list[Turn]:
        """End the turn under way, if any: nothing follows on it."""
        angle, peak, swings = self._angle, self._peak, self._swings
        self._angle, self._peak, self._swings = 0.0, 0.0, 0
        if abs(angle) < SMALLEST_ANGLE:
            return []
        return [
            Turn(
                time=self._begun,
                decided=known,
                end=self._ended,
                angle=angle,
                peak_rate=peak,
                steps=2 * swings,
            )
        ]


def _main_axis(matrix: FloatArray) -> FloatArray:
    """The direction (3,) along which a (3, 3) symmetric matrix is largest."""
    axis: FloatArray = np.linalg.eigh(matrix).eigenvectors[:, 2]
    return axis


def rotation(gyr: FloatArray, rate: float) -> FloatArray:
    """The rotation vector (3,), rad, that (n, 3) `gyr`, rad/s, come to, in the first axes."""
    angles = gyr / rate
    half = np.sqrt(dot(angles, angles)) / 2
    q = np.column_stack([np.cos(half), angles * (np.sinc(half / np.pi) / 2)[:, np.newaxis]])
    while len(q) > 1:
        if len(q) % 2:
            q = np.vstack([q, [[1.0, 0.0, 0.0, 0.0]]])
        q = _product(q[::2], q[1::2])
    scalar, vector = float(q[0, 0]), q[0, 1:]
    if scalar < 0:
        scalar, vector = -scalar, -vector
    sine = float(np.linalg.norm(vector))
    turned: FloatArray = vector * (2 * np.arctan2(sine, scalar) / max(sine, 1e-12))
    return turned


def _product(a: FloatArray, b: FloatArray) -> FloatArray:
    """Row-wise Hamilton product of (n, 4) quaternions."""
    vectors = a[:, :1] * b[:, 1:] + b[:, :1] * a[:, 1:] + np.cross(a[:, 1:], b[:, 1:])
    scalars = a[:, 0] * b[:, 0] - dot(a[:, 1:], b[:, 1:])
    return np.column_stack([scalars, vectors])


def up_of(swing: FootSwing, rate: float, *, gravity: bool) -> FloatArray:
    """A vector (3,) that points up in the axes at the start of `swing`; longer is surer.

    The foot is taken to turn about one axis. In the plane across it the mean acceleration is that
    of gravity; without gravity, up is across the way that the foot makes, on the side to which it
    is lifted, and the vector is as long as the mean lift, m.
    """
    gyr = swing.gyr - swing.gyr.mean(axis=0)
    axis = _main_axis(gyr.T @ gyr)
    one = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    one /= np.linalg.norm(one)
    two = np.cross(axis, one)
    angle = np.cumsum(gyr @ axis) / rate
    a, b, cos, sin = swing.acc @ one, swing.acc @ two, np.cos(angle), np.sin(angle)
    fixed = np.column_stack([a * cos - b * sin, a * sin + b * cos])
    mean = fixed.mean(axis=0)
    if gravity:
        up: FloatArray = mean[0] * one + mean[1] * two
        return up
    place = np.cumsum(np.cumsum(fixed - mean, axis=0), axis=0) / rate**2
    way = float(np.hypot(place[-1, 0], place[-1, 1]))
    if way == 0:
        return np.zeros(3)
    across = np.array([-place[-1, 1], place[-1, 0]]) / way
    lift = float((place @ across).mean())
    lifted: FloatArray = lift * (across[0] * one + across[1] * two)
    return lifted
