"""The walker's own steady cadence, from which a cue takes its tempo."""

from collections import deque
from statistics import median

from gaitcue.events import Stride

STEADY_STRIDES = 6
"""Strides in a row that make steady walking: 3 to 6 s, past the first steps of a start. Our choice,
the fewest that tell a rhythm from a few alike steps."""

STEADY_SPREAD = 0.10
"""Greatest departure of a stride's cadence from the median of its row, as a fraction of it. Our
choice: wide enough for the stride to stride variation of parkinsonian walking, too narrow for
a start, a stop or hastening."""

EXCLUDED_BEFORE_FREEZE = 5.0
"""s before a freeze from which no cadence is taken: small hastened steps often lead into freezing
(Spildooren et al. 2017, J Neurol Phys Ther 41:129). Their length is our choice."""

BREAK = 0.1
"""s: a stride that begins later than this after the last one ended does not continue its row."""

REMEMBERED = 256
"""Estimates kept: at two strides a second over two minutes, far more than lie in the seconds before
a freeze, so that an older one is always at hand."""


class SteadyCadence:
    """Follows strides and knows the last steady cadence before any recent moment."""

    def __init__(self) -> None:
        self._row: deque[Stride] = deque(maxlen=STEADY_STRIDES)
        self._known: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)

    def add(self, stride: Stride) -> None:
        """Take in the next stride."""
        if self._row and stride.start > self._row[-1].time + BREAK:
            self._row.clear()
        self._row.append(stride)
        if len(self._row) < STEADY_STRIDES:
            return
        cadence = median(s.cadence for s in self._row)
        if all(abs(s.cadence - cadence) <= STEADY_SPREAD * cadence for s in self._row):
            self._known.append((stride.time, cadence))

    def interrupt(self) -> None:
        """End the row of strides; what was steady before stays known."""
        self._row.clear()

    def latest(self) -> float | None:
        """The last steady cadence, steps/min; None before any."""
        return self._known[-1][1] if self._known else None

    def before_freeze(self, time: float) -> float | None:
        """The last steady cadence before a freeze at `time` s, steps/min; None before any."""
        latest = time - EXCLUDED_BEFORE_FREEZE
        return next((cadence for end, cadence in reversed(self._known) if end <= latest), None)
