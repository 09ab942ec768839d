"""Recorded motion of a person as lessons for their correction of the freezing model."""

from collections.abc import Iterable, Sequence

import numpy as np

from gaitcue.gait.freezing.correction import Lesson
from gaitcue.gait.freezing.detector import WARM_UP
from gaitcue.gait.freezing.features import Inputs
from gaitcue.gait.freezing.model import Network, sees_rotation, weights
from gaitcue.gait.intake import Intake, Motion
from gaitcue.gait.orientation import Vertical
from gaitcue.gait.ticks import tick_rows
from gaitcue.imu import FloatArray, Placement, Samples

Spans = Sequence[tuple[float, float]]
"""Onset and end of each, s."""


def lessons_of(
    motion: Iterable[Samples],
    placement: Placement,
    *,
    rate: float,
    gyroscope: bool,
    freezes: Spans,
    excluded: Spans,
) -> list[Lesson]:
    """One lesson for each unbroken stretch of a sensor's motion.

    Parameters
    ----------
    motion
        Blocks of one sensor in order, with gravity.
    placement, rate, gyroscope
        Of the sensor; Hz.
    freezes
        All that happened.
    excluded
        Where nothing is to be learned.
    """
    intake = Intake(rate, gyroscope=gyroscope)
    stretches: list[_Stretch] = []
    for samples in motion:
        for moved in intake(samples)[0]:
            if moved.fresh:
                stretches.append(_Stretch(placement, rate, gyroscope=gyroscope))
            stretches[-1].follow(moved)
    return [one.lesson(freezes, excluded) for one in stretches if one.time]


class _Stretch:
    """The network on one unbroken stretch of motion, as on a walk."""

    def __init__(self, placement: Placement, rate: float, *, gyroscope: bool) -> None:
        self._rate = rate
        self._vertical = Vertical(rate)
        self._inputs = Inputs(rate, gyroscope=sees_rotation(placement, gyroscope=gyroscope))
        self._network = Network(weights(), placement, gyroscope=gyroscope)
        self.time: list[float] = []
        self._memory: list[FloatArray] = []

    def follow(self, motion: Motion) -> None:
        ticks = tick_rows(motion, self._rate)
        upright = self._vertical(motion.acc, motion.gyr)
        rows = self._inputs(motion, upright, ticks)
        if len(rows):
            self._memory.append(self._network.remember(rows))
            self.time += motion.known[ticks].tolist()

    def lesson(self, freezes: Spans, excluded: Spans) -> Lesson:
        time = np.array(self.time)
        counts = time - time[0] >= WARM_UP
        for onset, end in excluded:
            counts &= (time < onset) | (time >= end)
        memory = np.concatenate(self._memory)
        return Lesson(time, memory, np.array(self._network.odds(memory)), counts, tuple(freezes))
