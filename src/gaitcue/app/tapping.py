"""How late a loudspeaker is, from a person's taps along with its beat. Pure.

People tap ahead of a beat, by some 20 to 80 ms, each by their own (the negative mean asynchrony;
Repp 2005, Psychonomic Bulletin & Review 12, 969-992, section 1.1). The same person's taps to a
loudspeaker whose delay is known are ahead by as much, so the difference is the delay.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitcue.cue.beats import SECONDS_PER_MINUTE, Beats
from gaitcue.cue.speaker.settings import LONGEST_EXTRA_DELAY

TEMPO = 75.0
"""beats/min to tap along with: 0.8 s, within the easiest range, hold the longest delay and the
taps that come early."""

EARLIEST = 0.2
"""s before a beat up to which a tap is taken to belong to it, and not, late, to the one before."""

SETTLING = 4
"""Taps at first that are not used: people need three or four beats to fall in."""

USED = 20
"""Taps that are used. Their median is then known to about 10 ms with the usual spread of 40 ms."""

FEWEST = 12
"""Taps that must at least be used."""

WIDEST = 0.100
"""s of spread (standard deviation) with which it is no tapping along any more. Our choice: more
than twice the usual."""

ROBUST = 1.4826
"""Standard deviation over the median absolute deviation, and..."""

MEDIAN_ERROR = math.sqrt(math.pi / 2)
"""... standard error of a median over that of a mean, both of a normal distribution."""

COVERAGE = 1.96
"""Standard errors to either side of 95 %."""


@dataclass(frozen=True, slots=True)
class Offset:
    """By how much taps came after their beats: median and standard error, s."""

    median: float
    error: float


@dataclass(frozen=True, slots=True)
class Delay:
    """The extra delay of one loudspeaker over another, s, give or take `margin` (95 %)."""

    delay: float
    margin: float


def offset(taps: Sequence[float], beats: Beats) -> Offset | None:
    """What the taps at those times (s) tell; None when they are too few or keep to no beat."""
    used = np.array(taps[SETTLING:])
    if len(used) < FEWEST:
        return None
    period = SECONDS_PER_MINUTE / beats.tempo
    after = (used - beats.start + EARLIEST) % period - EARLIEST
    middle = float(np.median(after))
    spread = ROBUST * float(np.median(np.abs(after - middle)))
    if spread > WIDEST:
        return None
    return Offset(middle, MEDIAN_ERROR * spread / math.sqrt(len(used)))


def extra_delay(own: Offset, other: Offset) -> Delay:
    """The delay of the other loudspeaker, by the same person's taps to both; within what is set."""
    difference = other.median - own.median
    margin = COVERAGE * math.hypot(own.error, other.error)
    return Delay(min(max(difference, 0.0), LONGEST_EXTRA_DELAY), margin)
