"""Freezing of gait, first version: freeze index and power, with rules about walking and stopping.

The freeze index is the power of the freeze band over that of the locomotor band (Moore et al.
2008); the power of both must be enough for a leg or trunk that tries to move (Bächlin et al.
2010). Both are recency-weighted means. A freeze begins only after walking, and not while movement
collapses as in stopping on purpose. A freeze without any movement is not found by this version.
"""

import math
from collections import deque
from typing import NamedTuple

import numpy as np

from gaitcue.events import Event, FreezeEnd, FreezeScore, FreezeStart, Phenotype, Profile
from gaitcue.gait.filters import Butterworth, ExponentialMean
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray

LOCOMOTOR_BAND = (0.5, 3.0)
"""Hz (Moore et al. 2008)."""

FREEZE_BAND = (3.0, 8.0)
"""Hz (Moore et al. 2008)."""

RECENCY = 1.5
"""s: time constant of the weights; a 4 s window with linearly falling weights has a like mean age
(1.33 s)."""

WARM_UP = 2.0
"""s of motion after a fresh start before the first score: the bands have then settled."""

WALKED_WITHIN = 5.0
"""s: a freeze begins only if the last step was no longer ago."""

COLLAPSE = 0.6
"""Freeze-band power over that of a second before, below which a stop on purpose is assumed: when
all movement ends, recency alone takes it to exp(-1 / RECENCY) = 0.51."""

OVER_AFTER = 1.0
"""s of low score that end a freeze."""


class Rule(NamedTuple):
    """The constants of one kind of placement: where the score is one half on each account.

    `freeze_index` without unit; `power` (m/s²)², of both bands together, about that of standing
    still. Chosen on the development subjects of the public sets (benchmarks/README.md).
    """

    freeze_index: float
    power: float


TRUNK = Rule(freeze_index=2.8, power=0.01)
"""The index is the geometric mean of that of all directions together and of the vertical."""

LEG = Rule(freeze_index=2.1, power=0.05)
"""The index is that of all directions together."""

ASSIST, QUIET = 1 / 2, 1 / 1.7
"""Scores above which a freeze begins: the rule's freeze index once, and 1 / 0.7 times (4 from the
trunk, 3 from a leg)."""


class BandPower:
    """Recency-weighted power in the locomotor and the freeze band, (m/s²)²."""

    def __init__(self, rate: float) -> None:
        top = min(FREEZE_BAND[1], 0.45 * rate)  # slow sensors see only part of the freeze band
        self._locomotor = Butterworth(2, LOCOMOTOR_BAND, "bandpass", rate)
        self._freeze = Butterworth(2, (FREEZE_BAND[0], top), "bandpass", rate)
        self._mean = ExponentialMean(RECENCY, rate)

    def __call__(self, acc: FloatArray, vertical: FloatArray | None) -> FloatArray:
        """Take in the next motion; give the powers after each sample.

        Parameters
        ----------
        acc
            (n, 3) m/s²; the powers of its three directions are added up.
        vertical
            (n,) m/s², or None where the vertical tells nothing of its own.

        Returns
        -------
        (n, 2) or (n, 4): locomotor and freeze power of `acc`, then of `vertical`.
        """
        x = acc if vertical is None else np.column_stack([acc, vertical])
        squares = [band * band for band in (self._locomotor(x), self._freeze(x))]
        powers = [s[:, 0] + s[:, 1] + s[:, 2] for s in squares]
        if vertical is not None:
            powers += [s[:, 3] for s in squares]
        return self._mean(np.column_stack(powers))


def _freeze_index(locomotor: float, freeze: float) -> float:
    return freeze / max(locomotor, 1e-9)


class FreezeDetector:
    """Scores and decides, four times a second, from the band powers."""

    def __init__(self, rule: Rule, profile: Profile) -> None:
        self._rule = rule
        self._threshold = ASSIST if profile is Profile.ASSIST else QUIET
        self._trembling: deque[float] = deque(maxlen=TICKS_PER_SECOND + 1)  # freeze-band power
        self._above: float | None = None  # time of the first tick above the threshold
        self._start: float | None = None  # of the freeze under way
        self._peak = 0.0
        self._low_since: float | None = None

    def __call__(
        self, time: float, known: float, powers: list[float], last_step: float | None
    ) -> list[Event]:
        """Decide at one tick.

        Parameters
        ----------
        time, known
            s, of the tick's sample and of when it was known.
        powers
            A row of `BandPower`, (m/s²)².
        last_step
            s, time of the latest step of walking, if any.
        """
        index = _freeze_index(powers[0], powers[1])
        if len(powers) > 2:
            index = math.sqrt(index * _freeze_index(powers[2], powers[3]))
        power = powers[0] + powers[1]
        self._trembling.append(powers[1])
        score = index / (index + self._rule.freeze_index) * power / (power + self._rule.power)
        events: list[Event] = [
            FreezeScore(time=time, decided=known, score=score, freeze_index=index)
        ]
        if self._start is None:
            return events + self._begin(time, known, score, last_step)
        return events + self._go_on(time, known, score)

    def _begin(
        self, time: float, known: float, score: float, last_step: float | None
    ) -> list[Event]:
        collapsing = self._trembling[-1] < COLLAPSE * self._trembling[0]
        walked = last_step is not None and time - last_step <= WALKED_WITHIN
        if score < self._threshold or not walked or collapsing:
            self._above = None
            return []
        if self._above is None:  # one decision alone does not make a freeze
            self._above = time
            return []
        self._start, self._peak, self._low_since = self._above, score, None
        return [
            FreezeStart(time=self._start, decided=known, score=score, phenotype=Phenotype.TREMBLING)
        ]

    def _go_on(self, time: float, known: float, score: float) -> list[Event]:
        self._peak = max(self._peak, score)
        if score >= self._threshold:
            self._low_since = None
            return []
        if self._low_since is None:
            self._low_since = time
        if time - self._low_since < OVER_AFTER:
            return []
        return self.end(self._low_since, known)

    def end(self, time: float, known: float) -> list[Event]:
        """End the freeze under way, if any; as of `time`."""
        self._above = None
        if self._start is None:
            return []
        freeze = FreezeEnd(
            time=max(time, self._start), decided=known, start=self._start, score=self._peak
        )
        self._start = None
        return [freeze]
