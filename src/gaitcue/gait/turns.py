"""Turns about the vertical, from the yaw rate.

A turn is a stretch in which the smoothed yaw rate keeps one sign and a least size, and whose angle
is at least 45° (El-Gohary et al. 2014, thresholds of the rate lowered for a causal filter).
"""

import numpy as np

from gaitcue.events import Turn
from gaitcue.gait.filters import Butterworth
from gaitcue.gait.intake import Motion
from gaitcue.imu import FloatArray

SMOOTHING = 0.7
"""Hz: below the stride rate, so that the trunk's swaying with each step cancels; our choice."""

EDGE_RATE = np.deg2rad(10.0)
"""rad/s: where a turn begins and ends; between the 5°/s of El-Gohary et al. and bias of cheap
gyroscopes (2°/s)."""

SMALLEST_ANGLE = np.deg2rad(45.0)
"""rad (El-Gohary et al. 2014)."""

SHORTEST_TURN = 0.5
"""s (El-Gohary et al. 2014)."""


class Turns:
    """Streaming turn detector; a turn is decided when it is over."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._filter = Butterworth(2, SMOOTHING, "lowpass", rate)
        # Low-frequency delay of a second-order Butterworth low-pass.
        self._delay = float(np.sqrt(2) / (2 * np.pi * SMOOTHING))
        self._sense = 0  # -1, 0 or +1: the way it turns now
        self._begun = 0.0
        self._sum = 0.0  # of the yaw rate over the turn's samples
        self._peak = 0.0

    def __call__(self, motion: Motion, yaw: FloatArray) -> list[Turn]:
        """Take in the next motion and its (n,) yaw rate, rad/s, left positive."""
        smooth = self._filter(yaw)
        sense = np.where(np.abs(smooth) < EDGE_RATE, 0, np.sign(smooth)).astype(np.int64)
        before = np.concatenate([[self._sense], sense[:-1]])
        turns: list[Turn] = []
        start = 0
        for row in np.flatnonzero(sense != before).tolist():
            self._add(smooth[start:row])
            start = row
            turns += self.end(float(motion.time[row]), float(motion.known[row]))
            self._sense = int(sense[row])
        self._add(smooth[start:])
        return turns

    def end(self, time: float, known: float) -> list[Turn]:
        """End a turn that is under way at `time`, because no more motion follows."""
        turn = self._end(time, known)
        self._sense, self._begun, self._sum, self._peak = 0, time, 0.0, 0.0
        return [] if turn is None else [turn]

    def _add(self, smooth: FloatArray) -> None:
        if self._sense == 0 or len(smooth) == 0:
            return
        # A running sum adds sample by sample, whatever the block; a plain sum would not.
        self._sum = float(np.cumsum(np.concatenate([[self._sum], smooth]))[-1])
        self._peak = max(self._peak, float(np.abs(smooth).max()))

    def _end(self, time: float, known: float) -> Turn | None:
        angle = self._sum / self._rate
        short = time - self._begun < SHORTEST_TURN
        if self._sense == 0 or short or abs(angle) < SMALLEST_ANGLE:
            return None
        return Turn(
            time=self._begun - self._delay,
            decided=known,
            end=time - self._delay,
            angle=angle,
            peak_rate=self._peak,
        )
