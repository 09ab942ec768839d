"""Which sensors are there, and when nothing at all was seen of the walker."""

import math
from dataclasses import dataclass, replace

import numpy as np

from gaitcue.events import SensorGap
from gaitcue.gait.intake import BRIDGE
from gaitcue.imu import FloatArray

LOST_AFTER = 1.0
"""s without a good sample after which a sensor counts as lost; data that old are stale."""


@dataclass(frozen=True, slots=True)
class Change:
    """At `time` s sensor `number` is there, or is lost."""

    time: float
    number: int
    here: bool


class Presence:
    """Follows the good samples of every sensor.

    Parameters
    ----------
    count
        How many sensors there are.
    """

    def __init__(self, count: int) -> None:
        self._coming: list[list[FloatArray]] = [[] for _ in range(count)]  # s, not yet released
        self._good = [np.array([-math.inf]) for _ in range(count)]  # s, the last before, and these
        self._here = [False] * count
        self._told = -math.inf  # s, up to when a gap has been told

    def add(self, number: int, good: FloatArray) -> None:
        """Take in the times of good samples of a sensor, s; not none."""
        self._coming[number].append(good)

    def release(self, until: float) -> tuple[FloatArray, list[Change]]:
        """The times up to `until` s of good samples of any sensor, in order, and what changed."""
        changes: list[Change] = []
        for number, coming in enumerate(self._coming):
            last = float(self._good[number][-1])
            new = np.maximum(np.concatenate(coming), last) if coming else np.empty(0)
            due = int(np.searchsorted(new, until, side="right"))
            self._coming[number] = [new[due:]] if due < len(new) else []
            self._good[number] = np.concatenate([[last], new[:due]])
            if len(self._good) > 1:
                changes += self._changes(number, until)
        return np.sort(np.concatenate([good[1:] for good in self._good])), changes

    def gap(self, number: int, event: SensorGap) -> SensorGap | None:
        """What of a sensor's gap was one for all; None when another saw the walker in it."""
        others = [good for i, good in enumerate(self._good) if i != number]
        seen = max([self._told, *(_last_before(good, event.end) for good in others)])
        if seen >= event.time and event.end - seen <= BRIDGE:
            return None
        self._told = event.end
        if seen < event.time:
            return event
        part = (event.end - seen) / (event.end - event.time)
        return replace(event, time=seen, samples=max(round(part * event.samples), 1))

    def _changes(self, number: int, until: float) -> list[Change]:
        """When a sensor was lost, came, or came back, up to `until` s."""
        good, here = self._good[number], self._here[number]
        changes: list[Change] = []
        if not here and len(good) > 1 and good[1] < good[0] + LOST_AFTER:
            changes.append(Change(float(good[1]), number, here=True))
            here = True
        for row in np.flatnonzero(good[:-1] + LOST_AFTER <= good[1:]).tolist():
            if here:
                changes.append(Change(float(good[row]) + LOST_AFTER, number, here=False))
            changes.append(Change(float(good[row + 1]), number, here=True))
            here = True
        lost = float(good[-1]) + LOST_AFTER
        if here and lost <= until:
            changes.append(Change(lost, number, here=False))
            here = False
        self._here[number] = here
        return changes


def _last_before(good: FloatArray, time: float) -> float:
    """The last of `good` before `time` s."""
    return float(good[max(int(np.searchsorted(good, time, side="left")) - 1, 0)])
