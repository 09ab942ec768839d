"""Brings what several sensors tell into one order, which does not depend on who was heard first."""

import math

from gaitcue.events import Event


class Merge:
    """Holds events back until no sensor that is waited for can tell an earlier one.

    Parameters
    ----------
    count
        How many sensors there are.
    """

    def __init__(self, count: int) -> None:
        self._known = [-math.inf] * count  # s, up to when all is known of each
        self._held: list[tuple[int, Event]] = []
        self._passed = -math.inf
        self.time = -math.inf
        """s, up to when everything has been released."""

    def add(self, number: int, events: list[Event], known: float) -> None:
        """Take in what sensor `number` tells, of which all is now known up to `known` s."""
        self._known[number] = known
        self._held += [(number, event) for event in events]

    def leave_out(self, number: int) -> None:
        """Wait no more for a sensor, until it tells something."""
        self._known[number] = math.inf

    def pass_time(self, time: float) -> None:
        """Wait for nobody up to `time` s."""
        self._passed = max(self._passed, time)

    def release(self) -> list[tuple[float, int, Event]]:
        """When each event counts, s, whose it is, and the event; in order.

        What comes too late counts at the time up to which all had been released before.
        """
        before = self.time
        until = min(self._known)
        if until == math.inf:  # all are left out
            until = before
        self.time = max(before, until, self._passed)
        due = [one for one in self._held if one[1].decided <= self.time]
        if len(due) == len(self._held):
            self._held = []
        else:
            self._held = [one for one in self._held if one[1].decided > self.time]
        moments = [(max(event.decided, before), number, event) for number, event in due]
        return sorted(moments, key=lambda moment: moment[:2])

    def release_all(self) -> list[tuple[float, int, Event]]:
        """All that is still held, because nothing more comes from any sensor."""
        moments = [(max(event.decided, self.time), number, event) for number, event in self._held]
        self._held = []
        return sorted(moments, key=lambda moment: moment[:2])
