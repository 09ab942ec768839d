"""Turns about the vertical, from the yaw rate.

A turn is a stretch in which the smoothed yaw rate keeps one sign and a least size, hesitations
bridged, and whose angle is at least 45° (El-Gohary et al. 2014, their threshold of the rate
lowered for a causal filter; merging as Shah et al. 2021).
"""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gaitcue.events import Event, Step, Turn
from gaitcue.gait.filters import Butterworth, Sum
from gaitcue.gait.intake import Motion
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray

SMOOTHING = 0.7
"""Hz: below the stride rate, so that the trunk's swaying with each step cancels; our choice."""

PEAK_SMOOTHING = 1.5
"""Hz: the rate whose peak is told (El-Gohary et al. 2014); that of the slower one is 7 % lower."""

EDGE_RATE = float(np.deg2rad(10.0))
"""rad/s: where a turn begins and ends; between the 5 °/s of El-Gohary et al. and the bias of cheap
gyroscopes (2 °/s)."""

HESITATION = 0.75
"""s: a turn goes on if it is taken up again the same way within this; a leg rests this long in
stance while the body turns. Our choice."""

SMALLEST_ANGLE = float(np.deg2rad(45.0))
"""rad (El-Gohary et al. 2014)."""

SHORTEST_TURN = 0.5
"""s (El-Gohary et al. 2014)."""


RECENT = 3.0
"""s: time constant of the angle turned of late; a freeze is decided about 2 s after it began."""

MOST_STEPS = 1000
"""Steps of a turn that are counted; nobody turns on for longer than ten minutes."""


class StepCount:
    """Tells how many steps lie in a turn.

    `feet` is by how many a step counts: 2 from a sensor that sees one foot, else 1.
    """

    def __init__(self, feet: int) -> None:
        self._feet = feet
        self._steps: list[tuple[float, float]] = []  # when, and when that was told, s

    def add(self, events: list[Event], since: float) -> None:
        """Take in the steps among new events; forget those before `since` s."""
        known = [step for step in self._steps if step[0] >= since][-MOST_STEPS:]
        self._steps = known + [(e.time, e.decided) for e in events if isinstance(e, Step)]

    def within(self, start: float, end: float, known: float) -> int:
        """Steps from `start` to `end` s, of those told by `known`."""
        told = [time for time, decided in self._steps if decided <= known][-MOST_STEPS:]
        return self._feet * sum(start <= time <= end for time in told)


class RecentTurning:
    """The angle turned of late at every tick, while a turn may still be under way."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._waiting: list[FloatArray] = []  # of the yaw rate, since the last tick
        self._angle = 0.0  # rad
        self._kept = math.exp(-1.0 / (RECENT * TICKS_PER_SECOND))  # of it, from tick to tick

    def __call__(self, yaw: FloatArray, ticks: NDArray[np.intp]) -> list[float]:
        """Rad at each of `ticks`, without sign, from the next (n,) `yaw` rate, rad/s."""
        self._waiting.append(yaw)
        if len(ticks) == 0:
            return []
        known = np.concatenate(self._waiting)
        edges = (len(known) - len(yaw) + 1 + ticks).tolist()
        angles = []
        for start, stop in pairwise([0, *edges]):
            turned = float(np.cumsum(known[start:stop])[-1]) / self._rate
            self._angle = self._kept * self._angle + turned
            angles.append(abs(self._angle))
        self._waiting = [known[edges[-1] :]]
        return angles


class Turns:
    """Streaming turn detector; a turn is decided once no hesitation can continue it."""

    def __init__(self, rate: float, feet: int) -> None:
        self._rate = rate
        self._steps = StepCount(feet)
        self._filter = Butterworth(2, SMOOTHING, "lowpass", rate)
        self._quick = Butterworth(2, PEAK_SMOOTHING, "lowpass", rate)
        # Low-frequency delay of a second-order Butterworth low-pass.
        self._delay = float(np.sqrt(2) / (2 * np.pi * SMOOTHING))
        self._patience = int(HESITATION * rate)  # samples
        self._turning = 0  # the way of the turn under way, hesitations included
        self._begun, self._paused = 0.0, 0.0  # s
        self._paused_at: int | None = None  # index at which it hesitated
        self._sum = Sum()  # of the yaw rate over the turn's samples
        self._peak = 0.0

    def __call__(self, motion: Motion, yaw: FloatArray, told: list[Event]) -> list[Turn]:
        """Take in the next motion, its (n,) yaw rate, rad/s, left positive, and what it told."""
        since = self._begun if self._turning else float(motion.time[0])
        self._steps.add(told, since - self._delay)
        smooth, quick = self._filter(yaw), self._quick(yaw)
        sense = (smooth >= EDGE_RATE).view(np.int8) - (smooth <= -EDGE_RATE).view(
            np.int8
        )  # -1, 0 or +1
        changes = (np.flatnonzero(sense[1:] != sense[:-1]) + 1).tolist()
        turns: list[Turn] = []
        for start, stop in zip([0, *changes], [*changes, len(sense)], strict=True):
            turns += self._run(motion, smooth, quick, start, stop, int(sense[start]))
        return turns

    def _run(
        self,
        motion: Motion,
        smooth: FloatArray,
        quick: FloatArray,
        start: int,
        stop: int,
        sense: int,
    ) -> list[Turn]:
        """Take in rows [start, stop), which all turn the same way (or not at all)."""
        turns: list[Turn] = []
        if self._turning and sense == 0:
            if self._paused_at is None:
                self._paused_at = int(motion.index[start])
                self._paused = float(motion.time[start])
            over = start + self._paused_at + self._patience - int(motion.index[start])
            if over < stop:
                turns = self.end(self._paused, float(motion.known[max(over, start)]))
        elif sense != 0:
            if self._turning not in (0, sense):
                end = self._paused if self._paused_at is not None else float(motion.time[start])
                turns = self.end(end, float(motion.known[start]))
            if self._turning == 0:
                self._turning, self._begun = sense, float(motion.time[start])
            self._paused_at = None
            self._sum.add(smooth[start:stop])
            self._peak = max(self._peak, float(np.abs(quick[start:stop]).max()))
        return turns

    def end(self, time: float, known: float) -> list[Turn]:
        """End the turn under way, if any, as of `time`."""
        angle, peak = self._sum.take() / self._rate, self._peak
        begun, turning = self._begun, self._turning
        self._turning, self._paused_at, self._peak = 0, None, 0.0
        if not turning or time - begun < SHORTEST_TURN or abs(angle) < SMALLEST_ANGLE:
            return []
        begun, time = begun - self._delay, time - self._delay
        return [
            Turn(
                time=begun,
                decided=known,
                end=time,
                angle=angle,
                peak_rate=peak,
                steps=self._steps.within(begun, time, known),
            )
        ]
