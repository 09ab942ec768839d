"""The figures of a tally, as they are printed and written as JSON; None where undefined.

Each field's name is its JSON key. ``docs/reference/score.md`` documents them for users.
"""

from dataclasses import dataclass

import numpy as np

from gaitcue.replay.score.activity import ActivityTally, StillTally
from gaitcue.replay.score.agreement import intraclass_correlation, roc_area
from gaitcue.replay.score.freezing import Episode, FreezingTally
from gaitcue.replay.score.tally import Tally
from gaitcue.replay.score.walking import BoutTally, StepTally

HOUR = 3600.0
"""s."""

LONG_EPISODE = 5.0
"""s from which an episode is long enough for a cue to be of use; about half of freezes are shorter
(Bächlin 2010, IEEE Trans Inf Technol Biomed 14:436)."""


@dataclass(frozen=True, slots=True)
class Episodes:
    """Reference episodes found by a cue in any overlap, and by one that started inside."""

    reference: int | None
    found: int | None
    found_strict: int | None
    recall: float | None
    recall_strict: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """From an episode's onset to the first cue that started inside it, s."""

    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class PercentTimeFrozen:
    """Detected against reference, per walk; `mae` in percentage points."""

    icc: float | None
    ci_low: float | None
    ci_high: float | None
    mae: float | None


@dataclass(frozen=True, slots=True)
class Steps:
    """Initial contacts matched one to one; `timing_ms` is the median absolute error."""

    reference: int | None
    matched: int | None
    false: int | None
    f1: float | None
    timing_ms: float | None


@dataclass(frozen=True, slots=True)
class BoutError:
    """Estimate minus reference over `n` of the `reference` walking bouts that have a value."""

    reference: int
    n: int
    mae: float | None
    bias: float | None


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened during one everyday activity."""

    hours: float
    cues_per_hour: float | None
    steps_per_hour: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one person, or of all pooled."""

    recordings: int
    subjects: int
    hours: float
    hours_without_freezing: float | None
    window_auc: float | None
    episodes: Episodes
    episodes_5s: Episodes
    false_cues_per_hour: float | None
    cued_minutes_per_hour: float | None
    latency_s: Latency
    percent_time_frozen: PercentTimeFrozen
    steps: Steps
    false_steps_per_hour: float | None
    speed: BoutError
    stride_length: BoutError
    activities: dict[str, Activity]


def figures(tally: Tally, subjects: int) -> Figures:
    """The figures of a tally over `subjects` people."""
    freezing = tally.freezing
    hours_free = None if freezing is None else freezing.free_seconds / HOUR
    return Figures(
        recordings=tally.recordings,
        subjects=subjects,
        hours=tally.seconds / HOUR,
        hours_without_freezing=hours_free,
        window_auc=None if freezing is None else roc_area(freezing.scores, freezing.frozen),
        episodes=_episodes(freezing, 0.0),
        episodes_5s=_episodes(freezing, LONG_EPISODE),
        false_cues_per_hour=None if freezing is None else _ratio(freezing.false_cues, hours_free),
        cued_minutes_per_hour=None
        if freezing is None
        else _ratio(freezing.free_cued_seconds / 60, hours_free),
        latency_s=_latency(freezing),
        percent_time_frozen=_percent(freezing),
        steps=_steps(tally.steps),
        false_steps_per_hour=_false_steps(tally.still),
        speed=_bouts(tally.speed),
        stride_length=_bouts(tally.stride_length),
        activities={name: _activity(part) for name, part in tally.activities.items()},
    )


def _ratio(count: float, whole: float | None) -> float | None:
    return count / whole if whole else None


def _episodes(freezing: FreezingTally | None, shortest: float) -> Episodes:
    if freezing is None:
        return Episodes(None, None, None, None, None)
    those: list[Episode] = [e for e in freezing.episodes if e.duration >= shortest]
    found = sum(e.found for e in those)
    strict = sum(e.latency is not None for e in those)
    return Episodes(
        reference=len(those),
        found=found,
        found_strict=strict,
        recall=_ratio(found, len(those)),
        recall_strict=_ratio(strict, len(those)),
    )


def _latency(freezing: FreezingTally | None) -> Latency:
    delays = [e.latency for e in freezing.episodes if e.latency is not None] if freezing else []
    if not delays:
        return Latency(None, None)
    return Latency(median=float(np.median(delays)), p90=float(np.percentile(delays, 90)))


def _percent(freezing: FreezingTally | None) -> PercentTimeFrozen:
    if freezing is None or not len(freezing.percent):
        return PercentTimeFrozen(None, None, None, None)
    apart = float(np.abs(np.diff(freezing.percent, axis=1)).mean())
    agreement = intraclass_correlation(freezing.percent)
    if agreement is None:
        return PercentTimeFrozen(None, None, None, apart)
    return PercentTimeFrozen(agreement.icc, agreement.ci_low, agreement.ci_high, apart)


def _steps(steps: StepTally | None) -> Steps:
    if steps is None:
        return Steps(None, None, None, None, None)
    matched = len(steps.errors)
    return Steps(
        reference=steps.reference,
        matched=matched,
        false=steps.detected - matched,
        f1=2 * matched / (steps.reference + steps.detected) if steps.reference else None,
        timing_ms=float(1000 * np.median(np.abs(steps.errors))) if matched else None,
    )


def _false_steps(still: StillTally | None) -> float | None:
    return None if still is None else _ratio(still.detected, still.seconds / HOUR)


def _bouts(bouts: BoutTally) -> BoutError:
    errors = bouts.pairs[:, 1] - bouts.pairs[:, 0]
    known = errors[np.isfinite(errors)]
    if not len(known):
        return BoutError(reference=len(errors), n=0, mae=None, bias=None)
    return BoutError(
        reference=len(errors),
        n=len(known),
        mae=float(np.abs(known).mean()),
        bias=float(known.mean()),
    )


def _activity(part: ActivityTally) -> Activity:
    hours = part.seconds / HOUR
    return Activity(
        hours=hours,
        cues_per_hour=_ratio(part.cues, hours),
        steps_per_hour=_ratio(part.steps, hours),
    )
