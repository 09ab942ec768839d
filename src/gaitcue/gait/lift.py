"""Walking speed from how the trunk swings: lifted at every step, swayed once a stride."""

from dataclasses import dataclass

import numpy as np

from gaitcue.gait.intake import Motion
from gaitcue.gait.orientation import Upright
from gaitcue.imu import FloatArray

PENDULUM_FACTOR = 1.4
"""Step length measured over that of the inverted pendulum. It is above Zijlstra & Hof's 1.25
because only the rise at the step's own frequency is counted. Fitted on straight walks of 13 people
alone it is 1.38, on two others 1.40."""

SWAY_WEIGHT = 1.3
"""How much a speed of sway takes of the speed that the lift would give. Left out one person in turn
it came out at 1.29 ± 0.06, but only two of the 15 people have bouts that tell it."""

STEADY = 0.95
"""Part of the pendulum's speed that sway must leave for a stride to count as steady."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Speed over a stride, m/s, and whether the trunk swung as in steady straight walking."""

    speed: float
    steady: bool


class Swing:
    """Keeps how the trunk moved, and tells the pace between two moments of it.

    Parameters
    ----------
    leg
        Leg length, m.
    rate
        Hz.
    memory
        s of motion that are kept, at least.
    """

    def __init__(self, leg: float, rate: float, memory: float) -> None:
        self._leg = leg
        self._kept = int(memory * rate) + 1
        self._time = np.empty(0)
        self._rows = np.empty((0, 4))  # m/s², vertical and the three horizontal ones

    def observe(self, motion: Motion, upright: Upright) -> None:
        """Take in the next motion."""
        if motion.fresh:
            self._time, self._rows = np.empty(0), np.empty((0, 4))
        level = motion.acc - upright.vertical[:, np.newaxis] * upright.up
        new = np.column_stack([upright.vertical, level])
        self._time = np.concatenate([self._time[-self._kept :], motion.time])
        self._rows = np.concatenate([self._rows[-self._kept :], new])

    def pace(self, start: float, end: float) -> Pace | None:
        """Pace of the stride from `start` to `end` s; None when it is not kept whole."""
        first, last = np.searchsorted(self._time, [start, end])
        if first == 0 or last - first < 8:  # 8 samples: a stride of 0.5 s at 16 Hz
            return None
        return pace(self._rows[first:last], end - start, self._leg)


def pace(acc: FloatArray, duration: float, leg: float) -> Pace:
    """Pace of a stride from the trunk's acceleration over it.

    The lift is taken at the frequency of the steps alone, ``h = 2 a / w²`` from the amplitude a of
    the vertical acceleration, because integrating twice over all frequencies mostly adds up noise
    when steps are slow. The inverted pendulum then gives a speed (Zijlstra & Hof 2003). A trunk
    that sways or is moved sideways once a stride, as in turning and side-stepping, is lifted too
    without getting forward: the pendulum's speed v is taken to lie along the way of the trunk, of
    which ``v / hypot(v, c s)`` is forward, s being the speed of sway.

    Parameters
    ----------
    acc
        (n, 4) m/s² over the stride: the vertical, and the horizontal along three axes.
    duration
        Of the stride, s.
    leg
        Leg length, m.
    """
    once, twice = _amplitudes(acc, 1), _amplitudes(acc, 2)
    stride = 2 * np.pi / duration  # rad/s
    rise = min(2 * float(twice[0]) / (2 * stride) ** 2, leg)
    pendulum = 4 * float(np.sqrt(2 * leg * rise - rise**2)) / duration
    sway = SWAY_WEIGHT * float(np.sqrt(once[1] ** 2 + once[2] ** 2 + once[3] ** 2)) / stride
    forward = pendulum / max(float(np.hypot(pendulum, sway)), 1e-9)
    return Pace(PENDULUM_FACTOR * pendulum * forward, forward >= STEADY)


def _amplitudes(acc: FloatArray, cycles: int) -> FloatArray:
    """Amplitude of each column's part that goes through `cycles` cycles, (k,).

    Summed one by one, as everywhere in this room: a plain sum may add in another order.
    """
    phase = 2 * np.pi * cycles * np.arange(len(acc)) / len(acc)
    cos = np.cumsum(acc * np.cos(phase)[:, np.newaxis], axis=0)[-1]
    sin = np.cumsum(acc * np.sin(phase)[:, np.newaxis], axis=0)[-1]
    amplitudes: FloatArray = 2 * np.sqrt(cos**2 + sin**2) / len(acc)
    return amplitudes
