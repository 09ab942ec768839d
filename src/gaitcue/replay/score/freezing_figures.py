"""The figures about freezing of a tally; None where undefined.

Each field's name is its JSON key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitcue.imu import FloatArray
from gaitcue.replay.score import chance
from gaitcue.replay.score.agreement import intraclass_correlation, roc_area
from gaitcue.replay.score.episodes import LONG, TOLERANCES, Episode
from gaitcue.replay.score.freezing import FreezingTally
from gaitcue.replay.score.stops import StopTally

HOUR = 3600.0
"""s."""


@dataclass(frozen=True, slots=True)
class Episodes:
    """Reference episodes found by a cue in any overlap, and by one that started inside."""

    reference: int | None = None
    found: int | None = None
    found_strict: int | None = None
    recall: float | None = None
    recall_strict: float | None = None


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What is found and false when every reference episode is `tolerance_s` longer at both ends."""

    tolerance_s: float
    recall: float | None
    recall_5s: float | None
    false_cues_per_hour: float | None


@dataclass(frozen=True, slots=True)
class Delay:
    """Median and 90th percentile of `n` delays, s."""

    n: int | None = None
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class WalkAgreement:
    """One quantity of each walk as detected against the reference; `mae` in its own unit."""

    icc: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    mae: float | None = None


@dataclass(frozen=True, slots=True)
class TimeAgreement:
    """Agreement on which time is frozen, and on which is not."""

    positive: float | None = None
    negative: float | None = None


@dataclass(frozen=True, slots=True)
class ByChance:
    """The mean of a figure with the cues shifted in time, and how often it is then as good."""

    mean: float
    p: float


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance level of the figures of the same names."""

    window_auc: ByChance | None = None
    recall: ByChance | None = None
    recall_strict: ByChance | None = None
    recall_5s: ByChance | None = None
    recall_5s_strict: ByChance | None = None
    false_cues_per_hour: ByChance | None = None


@dataclass(frozen=True, slots=True)
class Stops:
    """Stops on purpose, those of them that the reference marks, and those that were cued."""

    n: int | None = None
    marked: int | None = None
    cued: int | None = None
    cued_per_100: float | None = None


def ratio(count: float, whole: float | None) -> float | None:
    """Their ratio; None when there is no whole."""
    return count / whole if whole else None


def window_area(freezing: FreezingTally | None) -> float | None:
    """The area under the ROC curve of the freeze score."""
    return None if freezing is None else roc_area(freezing.scores, freezing.frozen)


def episodes(freezing: FreezingTally | None, shortest: float = 0.0) -> Episodes:
    """Of the episodes of `shortest` s or more."""
    if freezing is None:
        return Episodes()
    those = _lasting(freezing, shortest)
    found = sum(e.found[0] for e in those)
    strict = sum(e.latency is not None for e in those)
    return Episodes(
        reference=len(those),
        found=found,
        found_strict=strict,
        recall=ratio(found, len(those)),
        recall_strict=ratio(strict, len(those)),
    )


def tolerances(freezing: FreezingTally | None) -> tuple[Tolerance, ...]:
    """One for each of `TOLERANCES`."""
    if freezing is None:
        return ()
    long = _lasting(freezing, LONG)
    return tuple(
        Tolerance(
            tolerance_s=tolerance,
            recall=ratio(sum(e.found[i] for e in freezing.episodes), len(freezing.episodes)),
            recall_5s=ratio(sum(e.found[i] for e in long), len(long)),
            false_cues_per_hour=ratio(freezing.false_cues[i], freezing.free_seconds / HOUR),
        )
        for i, tolerance in enumerate(TOLERANCES)
    )


def false_cues(freezing: FreezingTally | None) -> float | None:
    """Cues that started outside every episode, per hour without freezing."""
    return None if freezing is None else ratio(freezing.false_cues[0], freezing.free_seconds / HOUR)


def cued_minutes(freezing: FreezingTally | None) -> float | None:
    """Minutes that a cue sounded outside every episode, per hour without freezing."""
    if freezing is None:
        return None
    return ratio(freezing.free_cued_seconds / 60, freezing.free_seconds / HOUR)


def latency(freezing: FreezingTally | None) -> Delay:
    """From an episode's onset to the first cue that started inside it."""
    return Delay() if freezing is None else _delay([e.latency for e in freezing.episodes])


def stop_delay(freezing: FreezingTally | None) -> Delay:
    """From an episode's end to the end of the cue that sounded then."""
    return Delay() if freezing is None else _delay([e.stop_delay for e in freezing.episodes])


def percent_time_frozen(freezing: FreezingTally | None) -> WalkAgreement:
    """Of the percent time frozen of each walk."""
    return WalkAgreement() if freezing is None else _walks(freezing.percent)


def episode_count(freezing: FreezingTally | None) -> WalkAgreement:
    """Of the number of episodes of each walk."""
    return WalkAgreement() if freezing is None else _walks(freezing.counts)


def _walks(walks: FloatArray) -> WalkAgreement:
    """Of (walks, 2) by the reference and as detected."""
    if not len(walks):
        return WalkAgreement()
    apart = float(np.abs(np.diff(walks, axis=1)).mean())
    agreement = intraclass_correlation(walks)
    if agreement is None:
        return WalkAgreement(mae=apart)
    return WalkAgreement(agreement.icc, agreement.ci_low, agreement.ci_high, apart)


def time_agreement(freezing: FreezingTally | None) -> TimeAgreement:
    """Positive and negative agreement (Cicchetti & Feinstein 1990, J Clin Epidemiol 43:551)."""
    if freezing is None:
        return TimeAgreement()
    both, reference, detected, neither = freezing.agreed.tolist()
    differ = reference + detected
    return TimeAgreement(
        positive=ratio(2 * both, 2 * both + differ),
        negative=ratio(2 * neither, 2 * neither + differ),
    )


def by_chance(freezing: FreezingTally | None) -> Chance:
    """The chance level, and the p-values; nothing without reference episodes."""
    if freezing is None:
        return Chance()
    shifted, every, long = freezing.by_chance, episodes(freezing), episodes(freezing, LONG)
    if not every.reference or not len(shifted):
        return Chance()
    area = window_area(freezing)
    areas = chance.shifted_areas(freezing.scores, freezing.frozen, freezing.decisions)
    false = freezing.false_cues[0]
    hours = freezing.free_seconds / HOUR

    def found(count: int | None, column: int, whole: int | None) -> ByChance | None:
        if count is None or not whole:
            return None
        those = shifted[:, column].astype(float)
        return ByChance(float(those.mean() / whole), chance.p_value(count, those))

    return Chance(
        window_auc=None
        if area is None
        else ByChance(float(areas.mean()), chance.p_value(area, areas)),
        recall=found(every.found, chance.FOUND, every.reference),
        recall_strict=found(every.found_strict, chance.FOUND_STRICT, every.reference),
        recall_5s=found(long.found, chance.LONG_FOUND, long.reference),
        recall_5s_strict=found(long.found_strict, chance.LONG_FOUND_STRICT, long.reference),
        false_cues_per_hour=None
        if not hours
        else ByChance(
            float(shifted[:, chance.FALSE].mean() / hours),
            chance.p_value(false, shifted[:, chance.FALSE].astype(float), low_is_good=True),
        ),
    )


def voluntary_stops(stops: StopTally | None) -> Stops:
    """Stops on purpose, and how many of a hundred were taken for a freeze."""
    if stops is None:
        return Stops()
    per_stop = ratio(stops.cued, stops.stops)
    return Stops(
        n=stops.stops,
        marked=stops.marked,
        cued=stops.cued,
        cued_per_100=None if per_stop is None else 100 * per_stop,
    )


def _lasting(freezing: FreezingTally, shortest: float) -> list[Episode]:
    return [e for e in freezing.episodes if e.duration >= shortest]


def _delay(delays: Sequence[float | None]) -> Delay:
    known = [delay for delay in delays if delay is not None]
    if not known:
        return Delay(n=0)
    return Delay(n=len(known), median=float(np.median(known)), p90=float(np.percentile(known, 90)))
