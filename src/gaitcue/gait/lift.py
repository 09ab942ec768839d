"""Walking speed from how the trunk swings: lifted at every step, swayed once a stride."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.intake import Motion
from gaitcue.gait.orientation import Upright, dot
from gaitcue.imu import FloatArray

PENDULUM_FACTOR = 1.4
"""Step length measured over that of the inverted pendulum. It is above Zijlstra & Hof's 1.25
because only the rise at the step's own frequency is counted. Left out one person of 15 in turn it
came out at 1.410 ± 0.004; on the straight walks of 13 of them alone at 1.412, on the two others,
with slow and turning walks, at 1.405."""

STEPS = np.array([2.0, 3.0, 4.0])
"""Steps that may be in what was taken for a stride: one or two contacts may have been missed."""

STEADY = 0.95
"""Part of the pendulum's speed that sway must leave for a stride to count as steady; 98 % of the
strides on straight walks of 13 people leave it, a third of those in short, turning bouts."""


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
    without getting forward. With the pendulum's speed v and the greatest speed of sway s, the part
    of v that is forward is taken to be ``v² / (v² + s²)``, its share of the energy.

    When a contact was missed the stride holds more than two steps: as many as lift it highest.

    Parameters
    ----------
    acc
        (n, 4) m/s² over the stride: the vertical, and the horizontal along three axes.
    duration
        Of the stride, s.
    leg
        Leg length, m.
    """
    acc = acc - acc.mean(axis=0)
    waves = _waves(len(acc))
    rises = 2 * np.abs(waves[:3] @ acc[:, 0]) / (2 * np.pi * STEPS / duration) ** 2
    most = int(np.argmax(rises))
    rise, steps = min(float(rises[most]), leg), int(STEPS[most])
    pendulum = 2 * steps * float(np.sqrt(2 * leg * rise - rise**2)) / duration
    sideways = np.abs(waves[3 + most] @ acc[:, 1:])
    sway = float(np.sqrt(dot(sideways, sideways))) * duration / (np.pi * steps)
    forward = pendulum**2 / max(pendulum**2 + sway**2, 1e-12)
    return Pace(PENDULUM_FACTOR * pendulum * forward, forward >= STEADY)


@lru_cache(maxsize=256)
def _waves(count: int) -> NDArray[np.complex128]:
    """What gives the amplitudes of `STEPS` cycles in `count` samples, then of half as many."""
    cycles = np.concatenate([STEPS, STEPS / 2])
    phase = 2 * np.pi / count * cycles[:, np.newaxis] * np.arange(count)
    waves: NDArray[np.complex128] = 2 / count * (np.cos(phase) + 1j * np.sin(phase))
    return waves
