"""From log-odds of people left out: a true probability, and the thresholds of the two profiles."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from benchmarks.freezing.examples import Example
from scipy.optimize import minimize

from gaitcue.errors import InputError
from gaitcue.gait.freezing.detector import CONFIRMED, HYSTERESIS, OVER_AFTER
from gaitcue.gait.freezing.model import LEGS, Weights
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray

MOST_FALSE_ASSIST, MOST_FALSE_QUIET = 15.0, 2.0
"""False cues an hour without freezing, in the sets with freezing, that the profiles may give."""

MOST_FALSE_ELSEWHERE = 0.5
"""False cues an hour that quiet may give in the sets without freezing."""

SHORTEST_CUE, TAIL = 5.0, 2.0
"""s that a cue lasts at least, and about how long it outlasts the freeze (see `gaitcue.cue`)."""

Judgement = tuple[Example, FloatArray]
"""An example with the log-odds that a model gave which had not seen the person."""

Judged = Sequence[Judgement]


def calibrated(judged: Judged) -> FloatArray:
    """Slope and offset of the log-odds by Platt's method (1999), each tick alike."""
    odds = np.concatenate([said[e.counts] for e, said in judged])
    frozen = np.concatenate([e.frozen[e.counts] for e, _ in judged])

    def entropy(line: FloatArray) -> float:
        x = line[0] * odds + line[1]
        return float((np.logaddexp(0.0, x) - x * frozen).mean())

    return np.asarray(minimize(entropy, np.array([1.0, 0.0]), method="Nelder-Mead").x)


def thresholds(judged: Judged, calibration: FloatArray) -> FloatArray:
    """Calibrated log-odds of assist and quiet: the lowest that keep to the most false cues."""
    slope, offset = calibration.tolist()
    scaled = [(e, slope * said + offset) for e, said in judged]
    sets_with_freezing = {e.data for e, _ in scaled if e.freezes}
    among = [pair for pair in scaled if pair[0].data in sets_with_freezing]
    elsewhere = [pair for pair in scaled if pair[0].data not in sets_with_freezing]
    assist = _lowest(among, MOST_FALSE_ASSIST)
    quiet = _lowest(among, MOST_FALSE_QUIET)
    if elsewhere:
        quiet = max(quiet, _lowest(elsewhere, MOST_FALSE_ELSEWHERE))
    return np.array([assist, max(quiet, assist)])


def with_operating_points(weights: Weights, judged: Judged) -> Weights:
    """The same weights, calibrated and with thresholds, for the trunk and for a leg.

    Raises
    ------
    InputError
        When `judged` has no freezing at one of the two.
    """
    lines, limits = [], []
    with_freezing = {e.data for e, _ in judged if e.freezes}
    for on_leg in (False, True):
        those = [pair for pair in judged if (pair[0].placement in LEGS) == on_leg]
        among = [pair for pair in those if pair[0].data in with_freezing]
        if not among:
            raise InputError(
                f"no set has freezing at the {'leg' if on_leg else 'trunk'}: no threshold can be "
                "chosen there; add such a set to GAITCUE_DATA"
            )
        lines.append(calibrated(among))
        limits.append(thresholds(those, lines[-1]))
    return replace(weights, calibration=np.array(lines), thresholds=np.array(limits))


def _lowest(judged: Judged, most_false: float) -> float:
    """The lowest threshold with no more false cues an hour without freezing, by bisection."""
    low, high = -6.0, 8.0
    while high - low > 0.02:
        middle = (low + high) / 2
        if false_cues_per_hour(judged, middle) <= most_false:
            high = middle
        else:
            low = middle
    return high


def false_cues_per_hour(judged: Judged, threshold: float) -> float:
    """Cues that begin outside every freeze, an hour without freezing."""
    free = sum(int((e.counts & ~e.frozen).sum()) for e, _ in judged) / TICKS_PER_SECOND
    false = 0
    for e, odds in judged:
        starts = cue_starts(e, odds, threshold)
        false += sum(not any(a <= start < b for a, b in e.freezes) for start in starts)
    return 3600 * false / free if free else 0.0


def cue_starts(example: Example, odds: FloatArray, threshold: float) -> list[float]:
    """When cues begin, by the rules of `FreezeDetector` and about those of the coach."""
    starts: list[float] = []
    begins = example.counts & (odds - example.doubt >= threshold)
    if not begins.any():
        return starts
    silent_from, high, low_since, frozen = -np.inf, 0, None, False
    for now, begin, said in zip(example.time.tolist(), begins.tolist(), odds.tolist(), strict=True):
        if not frozen:
            high = high + 1 if begin else 0
            if high >= CONFIRMED:
                frozen, low_since = True, None
                if now >= silent_from:
                    starts.append(now)
                    silent_from = now + SHORTEST_CUE
        elif said >= threshold - HYSTERESIS:
            low_since = None
        elif low_since is None:
            low_since = now
        elif now - low_since >= OVER_AFTER:
            frozen, high = False, 0
            silent_from = max(silent_from, now + TAIL)
    return starts
