"""Track the recordings of one data set and score their steps, person by person."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from gait.changes import Change
from gaitcue.events import Step
from gaitcue.imu import Placement
from gaitcue.recording.model import Recording
from gaitcue.replay.pipeline import replay
from gaitcue.replay.score import Tally, combine, tally_walk
from gaitcue.replay.score.walking import combine_steps

RESAMPLES = 1000
SEED = 20230817
"""Any fixed number: the intervals must come out the same again."""


@dataclass
class Person:
    """Everything of one person: tallies at 0.25 s and at 0.5 s, and decision delays, s."""

    near: list[Tally] = field(default_factory=list)
    wide: list[Tally] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    count_errors: list[float] = field(default_factory=list)


def measure(
    recordings: Iterable[Recording], placement: Placement, change: Change
) -> dict[str, Person]:
    """Each person's tallies, from every sensor worn at `placement`."""
    people: dict[str, Person] = {}
    for recording in map(change, recordings):
        for sensor in recording.sensors:
            if sensor.placement is not placement:
                continue
            events = list(replay(sensor, height=recording.height))
            near, wide = (
                tally_walk(events, recording.annotations, recording.annotated, tolerance)
                for tolerance in (0.25, 0.5)
            )
            person = people.setdefault(recording.subject or recording.name, Person())
            person.near.append(near)
            person.wide.append(wide)
            person.delays += [e.decided - e.time for e in events if isinstance(e, Step)]
            steps = near.steps
            if steps is not None and steps.reference:
                person.count_errors.append(abs(steps.detected / steps.reference - 1))
    return people


def f1(tallies: Iterable[Tally]) -> float:
    """F1 of all initial contacts of `tallies` together."""
    steps = combine_steps(t.steps for t in tallies if t.steps is not None)
    if steps is None or steps.reference + steps.detected == 0:
        return float("nan")
    return 2 * len(steps.errors) / (steps.reference + steps.detected)


def interval(people: list[Person]) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the pooled F1 at 0.25 s, people drawn at random."""
    parts = [combine_steps(t.steps for t in p.near if t.steps is not None) for p in people]
    counts = np.array(
        [(len(s.errors), s.reference + s.detected) for s in parts if s is not None], dtype=float
    )
    draws = np.random.default_rng(SEED).integers(0, len(counts), (RESAMPLES, len(counts)))
    matched, total = counts[draws].sum(axis=1).T
    low, high = np.percentile(2 * matched / total, (2.5, 97.5))
    return float(low), float(high)


def false_steps(people: Iterable[Person]) -> dict[str, tuple[float, int]]:
    """Hours and false steps in each activity that has no walking in it."""
    still = combine(t for p in people for t in p.near if t.still is not None)
    return {name: (a.seconds / 3600, a.steps) for name, a in still.activities.items()}
