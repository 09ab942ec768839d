"""The figures of a tally, as they are printed and written as JSON; None where undefined.

Each field's name is its JSON key. ``docs/reference/score.md`` documents them for users.
"""

from dataclasses import dataclass

import numpy as np

from gaitcue.replay.score import freezing_figures as freezing
from gaitcue.replay.score.activity import ActivityTally, StillTally
from gaitcue.replay.score.episodes import LONG
from gaitcue.replay.score.freezing_figures import (
    HOUR,
    Chance,
    Delay,
    Episodes,
    Stops,
    TimeAgreement,
    Tolerance,
    WalkAgreement,
    ratio,
)
from gaitcue.replay.score.tally import Tally
from gaitcue.replay.score.walking import BoutTally, StepTally


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
    cues: int
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
    tolerances: tuple[Tolerance, ...]
    false_cues_per_hour: float | None
    cued_minutes_per_hour: float | None
    latency_s: Delay
    cue_stop_delay_s: Delay
    percent_time_frozen: WalkAgreement
    episode_count: WalkAgreement
    agreement: TimeAgreement
    chance: Chance
    voluntary_stops: Stops
    steps: Steps
    false_steps_per_hour: float | None
    speed: BoutError
    stride_length: BoutError
    activities: dict[str, Activity]


def figures(tally: Tally, subjects: int) -> Figures:
    """The figures of a tally over `subjects` people."""
    frozen = tally.freezing
    return Figures(
        recordings=tally.recordings,
        subjects=subjects,
        hours=tally.seconds / HOUR,
        hours_without_freezing=None if frozen is None else frozen.free_seconds / HOUR,
        window_auc=freezing.window_area(frozen),
        episodes=freezing.episodes(frozen),
        episodes_5s=freezing.episodes(frozen, LONG),
        tolerances=freezing.tolerances(frozen),
        false_cues_per_hour=freezing.false_cues(frozen),
        cued_minutes_per_hour=freezing.cued_minutes(frozen),
        latency_s=freezing.latency(frozen),
        cue_stop_delay_s=freezing.stop_delay(frozen),
        percent_time_frozen=freezing.percent_time_frozen(frozen),
        episode_count=freezing.episode_count(frozen),
        agreement=freezing.time_agreement(frozen),
        chance=freezing.by_chance(frozen),
        voluntary_stops=freezing.voluntary_stops(tally.stops),
        steps=_steps(tally.steps),
        false_steps_per_hour=_false_steps(tally.still),
        speed=_bouts(tally.speed),
        stride_length=_bouts(tally.stride_length),
        activities={name: _activity(part) for name, part in tally.activities.items()},
    )


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
    return None if still is None else ratio(still.detected, still.seconds / HOUR)


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
        cues=part.cues,
        cues_per_hour=ratio(part.cues, hours),
        steps_per_hour=ratio(part.steps, hours),
    )
