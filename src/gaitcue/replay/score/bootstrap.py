"""95 % confidence intervals of pooled figures, by resampling people.

People, not walks or samples, are drawn with replacement, because the walks of one person are alike
(percentile bootstrap, Efron & Tibshirani 1993, chapter 13).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitcue.imu import FloatArray
from gaitcue.replay.score.figures import Figures, figures
from gaitcue.replay.score.tally import Tally, combine

RESAMPLES = 1000
SEED = 20230817
"""Any fixed number: the intervals must come out the same again."""

FEWEST_PEOPLE = 2

Interval = tuple[float, float]
Draws = NDArray[np.int64]

FIGURES: Mapping[str, Callable[[Figures], float | None]] = {
    "recall": lambda f: f.episodes.recall,
    "recall_strict": lambda f: f.episodes.recall_strict,
    "recall_5s": lambda f: f.episodes_5s.recall,
    "recall_5s_strict": lambda f: f.episodes_5s.recall_strict,
    "false_cues_per_hour": lambda f: f.false_cues_per_hour,
    "cued_minutes_per_hour": lambda f: f.cued_minutes_per_hour,
    "recall_0.3s": lambda f: f.tolerances[1].recall if f.tolerances else None,
    "recall_2s": lambda f: f.tolerances[2].recall if f.tolerances else None,
    "latency_median": lambda f: f.latency_s.median,
    "latency_p90": lambda f: f.latency_s.p90,
    "percent_time_frozen_icc": lambda f: f.percent_time_frozen.icc,
    "percent_time_frozen_mae": lambda f: f.percent_time_frozen.mae,
    "cue_stop_delay_median": lambda f: f.cue_stop_delay_s.median,
    "cue_stop_delay_p90": lambda f: f.cue_stop_delay_s.p90,
    "episode_count_icc": lambda f: f.episode_count.icc,
    "episode_count_mae": lambda f: f.episode_count.mae,
    "positive_agreement": lambda f: f.agreement.positive,
    "negative_agreement": lambda f: f.agreement.negative,
    "cued_per_100_stops": lambda f: f.voluntary_stops.cued_per_100,
    "steps_f1": lambda f: f.steps.f1,
    "steps_timing_ms": lambda f: f.steps.timing_ms,
    "false_steps_per_hour": lambda f: f.false_steps_per_hour,
    "speed_mae": lambda f: f.speed.mae,
    "speed_bias": lambda f: f.speed.bias,
    "stride_length_mae": lambda f: f.stride_length.mae,
    "stride_length_bias": lambda f: f.stride_length.bias,
}
"""The figures that get an interval here, by name; the two of the freeze score have their own."""


def intervals(tallies: Mapping[str, Tally]) -> dict[str, Interval | None]:
    """The interval of each pooled figure; None where it is undefined or there is one person."""
    people = list(tallies.values())
    if len(people) < FEWEST_PEOPLE:
        return dict.fromkeys((*FIGURES, "window_auc", "mean_window_auc"))
    draws = np.random.default_rng(SEED).integers(0, len(people), (RESAMPLES, len(people)))
    light = [_light(tally) for tally in people]
    resampled = [figures(combine([light[p] for p in draw]), len(people)) for draw in draws]
    values: dict[str, Sequence[float | None]] = {
        name: [get(one) for one in resampled] for name, get in FIGURES.items()
    }
    values["window_auc"] = _pooled_areas(people, draws)
    values["mean_window_auc"] = _mean_areas(people, draws)
    return {name: _percentiles(each) for name, each in values.items()}


def mean_window_auc(people: Sequence[Tally]) -> float | None:
    """Mean over the people who have both labels of each one's own area."""
    areas = _areas(people)
    return float(np.nanmean(areas)) if np.isfinite(areas).any() else None


def _light(tally: Tally) -> Tally:
    """The same without freeze scores, which would have to be ranked anew each time, and chance."""
    if tally.freezing is None:
        return tally
    nothing = replace(
        tally.freezing,
        scores=np.empty(0),
        frozen=np.empty(0, dtype=np.bool_),
        decisions=np.empty(0, dtype=np.int64),
        by_chance=tally.freezing.by_chance[:0],
    )
    return replace(tally, freezing=nothing)


def _areas(people: Sequence[Tally]) -> FloatArray:
    each = [figures(tally, 1).window_auc for tally in people]
    return np.array([np.nan if area is None else area for area in each])


def _mean_areas(people: Sequence[Tally], draws: Draws) -> list[float | None]:
    drawn = _areas(people)[draws]
    known = np.isfinite(drawn)
    total, count = np.where(known, drawn, 0.0).sum(axis=1), known.sum(axis=1)
    return [float(t / c) if c else None for t, c in zip(total, count, strict=True)]


def _pooled_areas(people: Sequence[Tally], draws: Draws) -> list[float | None]:
    """The area of each draw from one sorting of all scores, each weighted by its person's draws."""
    judged = [(p, t.freezing) for p, t in enumerate(people) if t.freezing is not None]
    if not judged:
        return [None] * len(draws)
    scores = np.concatenate([f.scores for _, f in judged])
    frozen = np.concatenate([f.frozen for _, f in judged])
    owner = np.concatenate([np.full(len(f.scores), p) for p, f in judged])
    order = np.argsort(scores, kind="stable")
    scores, frozen, owner = scores[order], frozen[order], owner[order]
    if not len(scores):
        return [None] * len(draws)
    first_of_value = np.flatnonzero(np.r_[True, np.diff(scores) > 0])
    areas: list[float | None] = []
    for draw in draws:
        weight = np.bincount(draw, minlength=len(people))[owner].astype(float)
        ours = np.add.reduceat(np.where(frozen, weight, 0.0), first_of_value)
        others = np.add.reduceat(np.where(frozen, 0.0, weight), first_of_value)
        pairs = ours.sum() * others.sum()
        below = np.cumsum(others) - others / 2
        areas.append(float((ours * below).sum() / pairs) if pairs else None)
    return areas


def _percentiles(values: Sequence[float | None]) -> Interval | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
