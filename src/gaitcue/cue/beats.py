"""When the beats of a cue fall: the coach counts and the outputs play by this one rule."""

import math
from dataclasses import dataclass
from typing import Self

SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Beats:
    """The beats of a cue, as long as its tempo stays: number `first` falls at `start` s.

    Each is reckoned from the start, so that no rounding adds up. `tempo` is in steps/min.
    """

    start: float
    tempo: float
    first: int = 0

    def time(self, beat: float) -> float:
        """When beat number `beat` falls, s; half a number is midway between two."""
        return self.start + (beat - self.first) * SECONDS_PER_MINUTE / self.tempo

    def before(self, end: float) -> int:
        """How many beats of the cue fall before `end` s."""
        count = self.first + max(math.ceil((end - self.start) * self.tempo / SECONDS_PER_MINUTE), 0)
        # Division and multiplication round differently; let `time` decide at the edge.
        while count > self.first and self.time(count - 1) >= end:
            count -= 1
        while self.time(count) < end:
            count += 1
        return count

    def between(self, time: float) -> float:
        """The first moment from `time` s on that is midway between two beats."""
        halves = (time - self.start) * self.tempo / SECONDS_PER_MINUTE - 0.5
        return self.time(self.first + max(math.ceil(halves), 0) + 0.5)

    def changed(self, time: float, tempo: float) -> Self:
        """The same cue at another tempo from its first beat at or after `time` s on."""
        first = self.before(time)
        return type(self)(self.time(first), tempo, first)

    def moved(self, later: float) -> Self:
        """The same beats, `later` s later."""
        return type(self)(self.start + later, self.tempo, self.first)
