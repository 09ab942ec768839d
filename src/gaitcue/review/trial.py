"""The walker's own trial: whether freezes were over sooner when they were cued.

Each freeze counts as it was drawn, whatever happened then. What is compared is how long it still
lasted from the moment its cue came or would have come, up to `WITHHELD_FOR`: beyond that, freezes
without a cue got one too. This is the restricted mean (Royston & Parmar 2013, BMC Medical Research
Methodology 13:152), which asks nothing of what the durations are distributed like.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import permutation_test
from scipy.stats import t as student

from gaitcue.cue import StartReason
from gaitcue.cue.trial import WITHHELD_FOR
from gaitcue.events import CueStart, CueWithheld, Event, FreezeEnd, SensorGap, WalkEnd
from gaitcue.imu import FloatArray

LEAST = 8
"""Freezes in each arm from which an effect is told: from there on the interval was seen to cover
the truth as often as it says (94 to 97 %, benchmarks/results/trial.md); fewer were not tried."""

CONFIDENCE = 0.95

PERMUTATIONS = 9999
"""Random relabellings, which give a p-value to within 0.005."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A freeze of the trial: whether it was `cued`, and how long it lasted on, s, at most 5."""

    cued: bool
    lasted: float


@dataclass(frozen=True, slots=True)
class TrialEffect:
    """What a trial showed.

    Attributes
    ----------
    cued, withheld
        Freezes in each arm.
    mean_cued, mean_withheld
        How long they lasted on, s, of `WITHHELD_FOR` at most; None without any.
    difference
        With a cue less without, s: negative when cues help; None while there are too few.
    low, high
        Bounds of its 95 % interval, s (Welch).
    p
        Of a difference so large by chance alone (permutation of the draws).
    """

    cued: int
    withheld: int
    mean_cued: float | None
    mean_withheld: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


class TrialFold:
    """Finds the freezes of a trial among the events of one walk, in order of decision."""

    def __init__(self) -> None:
        self.freezes: list[Drawn] = []
        self.left_out = 0
        """Freezes whose end nobody knows, because data were missing or the walk ended."""
        self._open: tuple[bool, float] | None = None

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case CueWithheld():
                self._open = False, event.time
            case CueStart(reason=StartReason.DRAWN):
                self._open = True, event.time
            case FreezeEnd() if self._open is not None:
                (cued, since), self._open = self._open, None
                lasted = min(max(event.time - since, 0.0), WITHHELD_FOR)
                self.freezes.append(Drawn(cued, lasted))
            case SensorGap(reset=True) | WalkEnd() if self._open is not None:
                (cued, since), self._open = self._open, None
                if event.time - since >= WITHHELD_FOR:
                    self.freezes.append(Drawn(cued, WITHHELD_FOR))
                else:
                    self.left_out += 1


def effect(freezes: Iterable[Drawn]) -> TrialEffect:
    """What the freezes of a trial show, over as many walks as there are."""
    listed = list(freezes)
    arms = [
        np.array([freeze.lasted for freeze in listed if freeze.cued is cued])
        for cued in (True, False)
    ]
    found = TrialEffect(len(arms[0]), len(arms[1]), _mean(arms[0]), _mean(arms[1]))
    if min(len(arm) for arm in arms) < LEAST or not any(arm.std() > 0 for arm in arms):
        return found
    difference = float(arms[0].mean() - arms[1].mean())
    half = _half_interval(arms)
    permuted = permutation_test(
        arms, _difference, n_resamples=PERMUTATIONS, vectorized=True, rng=np.random.default_rng(0)
    )
    return TrialEffect(
        cued=found.cued,
        withheld=found.withheld,
        mean_cued=found.mean_cued,
        mean_withheld=found.mean_withheld,
        difference=difference,
        low=difference - half,
        high=difference + half,
        p=float(permuted.pvalue),
    )


def effect_lines(found: TrialEffect, left_out: int = 0) -> list[str]:
    """What a trial showed, in words for the walker and the physio."""
    lines = [
        f"With a beat: {_arm(found.cued, found.mean_cued)}",
        f"Without: {_arm(found.withheld, found.mean_withheld)}",
    ]
    if left_out:
        lines.append(f"Left out, because their end is not known: {left_out}")
    if found.difference is None or found.low is None or found.high is None:
        missing = max(LEAST - min(found.cued, found.withheld), 0)
        why = f"{missing} more in the smaller group are needed" if missing else "all are alike"
        return [*lines, f"Not enough freezes yet to say whether the beat helps: {why}."]
    sign, sooner = (-1, "sooner") if found.difference < 0 else (1, "later")
    least, most = sorted((sign * found.low, sign * found.high))
    lines.append(
        f"With a beat, freezes were over {abs(found.difference):.1f} s {sooner} on average "
        f"(95 % interval {least:+.1f} to {most:+.1f} s {sooner}, p = {found.p:.3f}), "
        f"counted over the {WITHHELD_FOR:g} s after they were noticed."
    )
    if found.high < 0:
        verdict = "The beat shortens this person's freezes, as far as these walks tell."
    elif found.low > 0:
        verdict = "The beat lengthens this person's freezes, as far as these walks tell."
    else:
        verdict = "Whether the beat helps this person cannot be told from these walks."
    return [*lines, verdict]


def _arm(count: int, mean: float | None) -> str:
    freezes = f"{count} freeze{'' if count == 1 else 's'}"
    return freezes if mean is None else f"{freezes}, lasting on for {mean:.1f} s on average"


def _half_interval(arms: Sequence[FloatArray]) -> float:
    """Half the width of the interval of a difference of means (Welch 1947, Biometrika 34:28)."""
    errors = [float(arm.var(ddof=1)) / len(arm) for arm in arms]
    freedom = sum(errors) ** 2 / sum(e**2 / (len(a) - 1) for e, a in zip(errors, arms, strict=True))
    return float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * math.sqrt(sum(errors))


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) else None


def _difference(one: FloatArray, other: FloatArray, axis: int) -> FloatArray:
    difference: FloatArray = one.mean(axis=axis) - other.mean(axis=axis)
    return difference
