"""When a freeze begins and ends: thresholds on the model's log-odds, with hysteresis.

Two hypotheses are kept apart in every score: freezing with trembling or shuffling, and freezing
without movement. Which of the two a freeze is, the power of the motion says, not the model.
"""

import math
from typing import NamedTuple

import numpy as np

from gaitcue.events import Event, FreezeEnd, FreezeScore, FreezeStart, Phenotype, Profile
from gaitcue.gait.freezing.correction import Correction
from gaitcue.gait.freezing.features import BANDS, INDEX
from gaitcue.gait.freezing.model import LEGS, Network, weights
from gaitcue.imu import FloatArray, Placement

WARM_UP = 2.0
"""s of motion after a fresh start before the first score: the bands have then settled."""

CONFIRMED = 2
"""Decisions in a row above the threshold that begin a freeze."""

HYSTERESIS = 0.3
"""Log-odds below the threshold at which a freeze goes on."""

OVER_AFTER = 0.5
"""s below that end a freeze."""

EARLIEST = 5.0
"""s: a freeze is dated back no further; about how late half of them are found."""

NOT_WALKING_AFTER, NOT_WALKING = 30.0, 1.0
"""s without a step of walking, after which the threshold to begin is this much higher (log-odds, a
factor of 3): nobody rides, claps or handles the sensor in the sets learned from, and there
freezing is far less likely than in a walk. Half a minute, because steps cannot be told in all that
freezers walk; start hesitation is still found where it is clear. Who is known to sit or lie
cannot begin to freeze at all. Chosen among 10 to 60 s and 0 to 2 for the most freezes of people
left out."""

STILL = math.log(0.4)
"""Log (m/s²)², power above 0.8 Hz at which a freeze is as likely with as without movement: between
the medians of episodes labelled akinetic and kinetic in the tDCS-FOG set (0.8 and 1.7) and standing
still (0.001 to 0.03); a quarter of the akinetic and a tenth of the kinetic ones lie below."""

TURNED = math.radians(30.0)
"""rad turned of late, recency-weighted (see `turns`), with which a freeze is one while turning. In
turning_in_place 92 % of freezes begin with as much, and 93 % of straight walking in voisard497 has
less."""

LARGEST_SENSITIVITY = 2.0
"""Log-odds (a factor of 7 in the odds) that the threshold may be moved by to either side."""


class Look(NamedTuple):
    """What the model makes of the motion at one tick.

    `odds` are log-odds of freezing; of a freeze, `moving` is the probability that it is one with
    movement; `freeze_index` as in `FreezeScore`.
    """

    odds: float
    moving: float
    freeze_index: float


class FreezeDetector:
    """Scores and decides, four times a second, in one unbroken stretch of motion.

    Parameters
    ----------
    placement, gyroscope
        Of the sensor.
    profile
        Operating point.
    sensitivity
        Log-odds that the threshold lies below the profile's: above 0, more freezes are found and
        more cues are false.
    correction
        Of the person at this placement, if any.

    Raises
    ------
    ValueError
        When the correction belongs to other weights.
    """

    def __init__(
        self,
        placement: Placement,
        profile: Profile,
        *,
        gyroscope: bool,
        sensitivity: float = 0.0,
        correction: Correction | None = None,
    ) -> None:
        if correction is not None and not correction.fits:
            raise ValueError("a person's correction belongs to another freezing model")
        learned = weights()
        self._network = Network(
            learned,
            placement,
            gyroscope=gyroscope,
            correction=None if correction is None else np.array(correction.values),
        )
        assist, quiet = learned.thresholds[int(placement in LEGS)].tolist()
        self._began: float | None = None  # when this stretch did
        self._threshold = (assist if profile is Profile.ASSIST else quiet) - sensitivity
        self._onset: float | None = None  # of the run of decisions that are not low
        self._turned: float | None = None  # rad, of late when that began
        self._high = 0  # decisions in a row above the threshold
        self._start: float | None = None  # of the freeze under way
        self._peak = 0.0
        self._low_since: float | None = None

    def look(self, rows: FloatArray) -> list[Look]:
        """Look at the next ticks, whose `Inputs` are `rows`; each is then decided on by a call."""
        return [
            Look(odds, _share(movement - STILL), index)
            for odds, movement, index in zip(
                self._network(rows), _movement(rows), freeze_index(rows), strict=True
            )
        ]

    def __call__(
        self,
        time: float,
        known: float,
        look: Look,
        last_step: float | None,
        *,
        may_walk: bool = True,
        turned: float | None = None,
    ) -> list[Event]:
        """Decide at one tick.

        Parameters
        ----------
        time, known
            s, of the tick's sample and of when it was known.
        look
            At that tick.
        last_step
            s, time of the latest step of walking, if any.
        may_walk
            False when the walker is known to sit or lie: then no freeze begins.
        turned
            Angle turned of late, rad, where it is known.
        """
        odds, moving, index = look
        if self._began is None:
            self._began = time
        if time - self._began < WARM_UP:
            return []
        score = _share(odds)
        events: list[Event] = [
            FreezeScore(
                time=time,
                decided=known,
                score=score,
                freeze_index=index,
                trembling=score * moving,
                akinetic=score * (1.0 - moving),
            )
        ]
        if self._start is None:
            sure = odds - doubt(time, last_step, may_walk=may_walk)
            return events + self._begin(time, known, sure, score, moving, turned)
        return events + self._go_on(time, known, odds)

    def _begin(
        self,
        time: float,
        known: float,
        odds: float,
        score: float,
        moving: float,
        turned: float | None,
    ) -> list[Event]:
        if odds < self._threshold - HYSTERESIS:
            self._onset = None
        elif self._onset is None:
            self._onset, self._turned = time, turned
        self._high = self._high + 1 if odds >= self._threshold else 0
        if self._high < CONFIRMED or self._onset is None:
            return []
        self._start = max(self._onset, time - EARLIEST)
        self._peak, self._low_since = score, None
        phenotype = Phenotype.TREMBLING if moving >= 1 / 2 else Phenotype.AKINETIC
        return [
            FreezeStart(
                time=self._start,
                decided=known,
                score=self._peak,
                phenotype=phenotype,
                turning=None if self._turned is None else self._turned >= TURNED,
            )
        ]

    def _go_on(self, time: float, known: float, odds: float) -> list[Event]:
        self._peak = max(self._peak, _share(odds))
        if odds >= self._threshold - HYSTERESIS:
            self._low_since = None
            return []
        if self._low_since is None:
            self._low_since = time
        if time - self._low_since < OVER_AFTER:
            return []
        return self.end(self._low_since, known)

    def end(self, time: float, known: float) -> list[Event]:
        """End the freeze under way, if any; as of `time`."""
        self._onset, self._high = None, 0
        if self._start is None:
            return []
        freeze = FreezeEnd(
            time=max(time, self._start), decided=known, start=self._start, score=self._peak
        )
        self._start = None
        return [freeze]


def doubt(time: float, last_step: float | None, *, may_walk: bool) -> float:
    """Log-odds that are asked for on top before a freeze begins; inf when none may."""
    if not may_walk:
        return math.inf
    walked = last_step is not None and time - last_step <= NOT_WALKING_AFTER
    return 0.0 if walked else NOT_WALKING


def freeze_index(rows: FloatArray) -> list[float]:
    """Power in the freeze band, 3-8 Hz, over that in the locomotor band (Moore et al. 2008)."""
    return [math.exp(logarithm) for logarithm in rows[:, INDEX.start].tolist()]


def _movement(rows: FloatArray) -> list[float]:
    """Log (m/s²)² of the power above 0.8 Hz, which tilting and breathing do not reach."""
    return [math.log(sum(powers)) for powers in np.exp(rows[:, 2 : 2 * len(BANDS)]).tolist()]


def _share(odds: float) -> float:
    """The probability whose log-odds are `odds`."""
    return 1.0 / (1.0 + math.exp(-odds)) if odds >= 0 else 1.0 - 1.0 / (1.0 + math.exp(odds))
