"""What is kept of one data set at one placement: a line of ``results/gait.jsonl``."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
from benchmarks.gait.measure import Person

from gaitcue.imu import Placement
from gaitcue.replay.score import Tally, combine
from gaitcue.replay.score.walking import StepTally, combine_steps

RESAMPLES = 1000
SEED = 20230817
"""Any fixed number: the intervals must come out the same again."""

Interval = list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Pooled over people; ms, m/s and m.

    `f1` and `f1_wide` are at 0.25 s and 0.5 s, each with its 95 % bootstrap interval over people;
    `offset` and `timing` the median error and the median absolute one; `count_error` the median
    over recordings; `delay` the percentiles 50, 90 and 99; `speed` and `stride_length` number of
    bouts, mean absolute error and bias; `still` hours and false steps by activity; `persons` F1 at
    0.25 s of each.
    """

    piece: str
    data: str
    placement: str
    people: int
    contacts: int
    f1: float | None
    f1_interval: Interval | None
    f1_wide: float | None
    f1_wide_interval: Interval | None
    offset: float | None
    timing: float | None
    count_error: float | None
    delay: Interval | None
    speed: Interval | None
    stride_length: Interval | None
    still: dict[str, Interval]
    persons: dict[str, float]

    def line(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))


def figures(piece: str, data: str, placement: Placement, people: dict[str, Person]) -> Figures:
    """Pool `people`."""
    near = {name: _steps(person.near) for name, person in people.items()}
    wide = [_steps(person.wide) for person in people.values()]
    tallies = [t for person in people.values() for t in person.near]
    tally = combine(tallies)
    still = combine(t for t in tallies if t.still is not None)
    scored = [one for one in near.values() if one.reference]
    errors = np.concatenate([one.errors for one in scored]) if scored else np.empty(0)
    delays = [d for person in people.values() for d in person.delays]
    counts = [e for person in people.values() for e in person.count_errors]
    return Figures(
        piece=piece,
        data=data,
        placement=str(placement),
        people=len(people),
        contacts=sum(one.reference for one in scored),
        f1=_f1(scored),
        f1_interval=_interval(scored),
        f1_wide=_f1(wide),
        f1_wide_interval=_interval([one for one in wide if one.reference]),
        offset=round(1000 * float(np.median(errors)), 1) if len(errors) else None,
        timing=round(1000 * float(np.median(np.abs(errors))), 1) if len(errors) else None,
        count_error=round(float(np.median(counts)), 4) if counts else None,
        delay=[round(1000 * float(p), 1) for p in np.percentile(delays, (50, 90, 99))]
        if delays
        else None,
        speed=_agreement(tally.speed.pairs),
        stride_length=_agreement(tally.stride_length.pairs),
        still={name: [round(a.seconds / 3600, 4), a.steps] for name, a in still.activities.items()},
        persons={
            name: round(2 * len(one.errors) / (one.reference + one.detected), 4)
            for name, one in near.items()
            if one.reference
        },
    )


def _steps(tallies: Iterable[Tally]) -> StepTally:
    none = StepTally(0, 0, np.empty(0))
    return combine_steps(t.steps for t in tallies if t.steps is not None) or none


def _f1(people: list[StepTally]) -> float | None:
    total = sum(one.reference + one.detected for one in people)
    if not any(one.reference for one in people):
        return None
    return round(2 * sum(len(one.errors) for one in people) / total, 4)


def _interval(people: list[StepTally]) -> Interval | None:
    """95 % percentile bootstrap interval of the pooled F1, people drawn at random."""
    if len(people) < 2:
        return None
    counts = np.array([(len(s.errors), s.reference + s.detected) for s in people], dtype=float)
    draws = np.random.default_rng(SEED).integers(0, len(counts), (RESAMPLES, len(counts)))
    matched, total = counts[draws].sum(axis=1).T
    return [round(float(p), 4) for p in np.percentile(2 * matched / total, (2.5, 97.5))]


def _agreement(pairs: np.ndarray) -> Interval | None:
    errors = pairs[:, 1] - pairs[:, 0]
    errors = errors[~np.isnan(errors)]
    if not len(errors):
        return None
    return [len(errors), round(float(np.abs(errors).mean()), 4), round(float(errors.mean()), 4)]
