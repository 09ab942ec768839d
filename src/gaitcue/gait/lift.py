"""Walking speed from how the trunk swings: lifted at every step, swayed once a stride."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.intake import Motion
from gaitcue.gait.orientation import levelled
from gaitcue.imu import FloatArray

PENDULUM_FACTOR = 1.38
"""Step length measured over that of the inverted pendulum. It is above Zijlstra & Hof's 1.25
because only the rise at the step's own frequency is counted. Left out one person of 15 in turn it
came out at 1.383 ± 0.007; people differ by 8 %."""

STEPS = np.array([2.0, 3.0, 4.0])
"""Steps that may be in what was taken for a stride: one or two contacts may have been missed."""

STEADY = 0.95
"""Part of the pendulum's speed that sway must leave for a stride to count as steady; 98 % of the
strides in the midst of straight walks of 13 people leave it, a third of those in short, turning
bouts."""


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
        self._acc = np.empty((0, 3))
        self._gyr: FloatArray | None = None

    def observe(self, motion: Motion) -> None:
        """Take in the next motion."""
        if motion.fresh:
            self._time, self._acc, self._gyr = np.empty(0), np.empty((0, 3)), None
        self._time = np.concatenate([self._time[-self._kept :], motion.time])
        self._acc = np.concatenate([self._acc[-self._kept :], motion.acc])
        if motion.gyr is not None:
            before = motion.gyr[:0] if self._gyr is None else self._gyr[-self._kept :]
            self._gyr = np.concatenate([before, motion.gyr])

    def pace(self, start: float, end: float) -> Pace | None:
        """Pace of the stride from `start` to `end` s; None when it is not kept whole."""
        first, last = np.searchsorted(self._time, [start, end])
        if first == 0 or last - first < 8:  # 8 samples: a stride of 0.5 s at 16 Hz
            return None
        gyr = None if self._gyr is None else self._gyr[first:last]
        return pace(self._acc[first:last], gyr, end - start, self._leg)


def pace(acc: FloatArray, gyr: FloatArray | None, duration: float, leg: float) -> Pace:
    """Pace of a stride from the trunk's motion over it.

    The lift is taken at the frequency of the steps alone, ``h = 2 a / w²`` from the amplitude a of
    the vertical acceleration, because integrating twice over all frequencies mostly adds up noise
    when steps are slow. The inverted pendulum then gives a speed (Zijlstra & Hof 2003). A trunk
    that sways or is moved sideways once a stride, as in turning and side-stepping, is lifted too
    without getting forward. With the pendulum's speed v and the greatest speed of sway s, the part
    of v that is forward is taken to be ``v² / (v² + s²)``, its share of the energy.

    When a contact was missed the stride holds more than two steps: as many as lift it highest.

    Parameters
    ----------
    acc, gyr
        (n, 3) m/s² with gravity and rad/s over the stride, in the sensor's axes; without angular
        rate the trunk is taken not to tilt.
    duration
        Of the stride, s.
    leg
        Leg length, m.
    """
    vertical, level = levelled(acc, gyr, duration)
    waves = _waves(len(acc))
    lifts = waves[:3] @ (vertical - np.add.reduce(vertical) / len(acc))
    rises = 2 * np.abs(lifts) / (2 * np.pi * STEPS / duration) ** 2
    most = int(np.argmax(rises))
    rise, steps = min(float(rises[most]), leg), int(STEPS[most])
    pendulum = 2 * steps * float(np.sqrt(2 * leg * rise - rise**2)) / duration
    sideways = np.abs(waves[3 + most] @ (level - np.add.reduce(level) / len(acc)))
    sway = float(np.hypot(*sideways)) * duration / (np.pi * steps)
    forward = pendulum**2 / max(pendulum**2 + sway**2, 1e-12)
    return Pace(PENDULUM_FACTOR * pendulum * forward, forward >= STEADY)


@lru_cache(maxsize=256)
def _waves(count: int) -> NDArray[np.complex128]:
    """What gives the amplitudes of `STEPS` cycles in `count` samples, then of half as many."""
    cycles = np.concatenate([STEPS, STEPS / 2])
    phase = 2 * np.pi / count * cycles[:, np.newaxis] * np.arange(count)
    waves: NDArray[np.complex128] = 2 / count * (np.cos(phase) + 1j * np.sin(phase))
    return waves
