"""Several sensors' trackers run side by side, and what they tell made one stream of events."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitcue.events import Event, SensorGap
from gaitcue.gait.fusion.fusion import Fusion
from gaitcue.gait.fusion.members import Source
from gaitcue.gait.fusion.merge import Merge
from gaitcue.gait.fusion.presence import Change, Presence
from gaitcue.gait.tracker import Tracker
from gaitcue.imu import FloatArray, Samples

WAIT = 0.25
"""s that what one sensor tells waits at most for the motion of a slower one: a decision period of
the freeze detector, and two to five radio packets of most sensors."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is now known: the `events` up to `time` s, and when good samples of any sensor came.

    `good` are the times of those, s, that were not given before.
    """

    time: float
    good: FloatArray
    events: list[Event]


class FusedTracker:
    """Follows one walker through one sensor or several.

    Each sensor has its own `Tracker`. What they tell is brought into the order in which it was
    decided and then made one stream: steps of both feet, each told once, bouts, turns and freezes.
    However the blocks of the sensors interleave, the events are the same, as long as none is late.

    Parameters
    ----------
    sources
        Where each sensor is worn.
    trackers
        One for each.
    """

    def __init__(self, sources: Sequence[Source], trackers: Sequence[Tracker]) -> None:
        self._trackers = list(trackers)
        self._fusion = Fusion(sources)
        self._merge = Merge(len(sources))
        self._presence = Presence(len(sources))
        self._first = [math.inf] * len(sources)  # s, of each sensor's first sample
        self._last = -math.inf  # s, of the last sample of any
        self.newest = -math.inf
        """When the latest good sample of any was taken, s; -inf before there is one."""
        self.missing = 0
        """Rows that lacked a value so far, of all sensors."""
        self.began: float | None = None
        """When the first sample of the walk was taken, s; None until no earlier one can come."""

    @property
    def first(self) -> int:
        """The sensor whose motion began first; of several the one that was named first."""
        return self._first.index(min(self._first))

    def replace(self, number: int, tracker: Tracker) -> None:
        """Track a sensor whose motion has not begun by another tracker."""
        self._trackers[number] = tracker

    def update(self, number: int, samples: Samples) -> Known:
        """Take in the next samples of a sensor."""
        events = self._trackers[number].update(samples)
        self._first[number] = min(self._first[number], float(samples.time[0]))
        now = float(samples.time[-1])
        self._last = max(self._last, now)
        self._merge.add(number, events, now)
        lost = samples.missing
        good = samples.time[~lost]
        if len(good) > 0:
            self.newest = max(self.newest, float(good[-1]))
            self._presence.add(number, good)
        self.missing += len(samples) - len(good)
        return self._known()

    def pass_time(self, time: float, silent: Iterable[int] = ()) -> Known:
        """Wait no more for what a sensor has not told up to `time` s, for the `silent` not at all.

        Those that send again are waited for again.
        """
        self._merge.pass_time(time)
        for number in silent:
            self._merge.leave_out(number)
        return self._known()

    def finish(self) -> Known:
        """End whatever is under way, because no more samples follow."""
        known = self._known(self._last)
        for number, tracker in enumerate(self._trackers):
            if math.isfinite(self._first[number]):
                self._merge.add(number, tracker.finish(), math.inf)
        events = known.events
        for time, number, event in self._merge.release_all():
            events += self._take(time, number, event)
        return replace(known, events=events)

    def _known(self, at_least: float = -math.inf) -> Known:
        self._merge.pass_time(at_least)
        before = self._merge.time
        told = self._merge.release()
        time = self._merge.time
        if self.began is None and min(self._first) <= time:
            self.began = min(self._first)
        if self.began is None:
            return Known(time, np.empty(0), [])
        good, changes = self._presence.release(time)
        events: list[Event] = []
        later = iter([*sorted(changes, key=lambda one: one.time), None])
        change = next(later)
        for at, number, event in told:
            while change is not None and change.time <= at:
                events += self._change(max(change.time, before), change)
                change = next(later)
            events += self._take(at, number, event)
        while change is not None:
            events += self._change(max(change.time, before), change)
            change = next(later)
        return Known(time, good, events + self._fusion.pass_time(time))

    def _change(self, at: float, change: Change) -> list[Event]:
        """Take in a change that counts at `at` s."""
        return [*self._fusion.pass_time(at), *self._fusion.change(at, change)]

    def _take(self, at: float, number: int, event: Event) -> list[Event]:
        """Take in an event of a sensor that counts at `at` s."""
        events = self._fusion.pass_time(at)
        if event.decided != at:
            event = replace(event, decided=at)
        if isinstance(event, SensorGap):
            return events + self._fusion.gap(number, event, self._presence.gap(number, event))
        return events + self._fusion.take(number, event)
