"""Simulated walkers who stop, sit and set off again, to be judged on; nobody learns from them.

What the public sets do not mark: stops on purpose, tremor at rest, and where a walk begins with
and without hesitation. The simulator is also what the model learned tremor from, though by other
walkers, so these figures are kinder than life.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gaitcue.imu import Placement
from gaitcue.recording.model import Annotation, Kind, Recording
from gaitcue.replay.simulator import (
    Freeze,
    FreezeKind,
    Scenario,
    Sit,
    Stand,
    Walk,
    Walker,
    simulate,
)
from gaitcue.replay.simulator.scenario import Segment

WALKERS = 20
SEED = 20261124
"""Other walkers than those learned from."""

TREMOR = 1.0, 4.0
"""m/s² of every second walker's tremor."""


def everyday_walks(placement: Placement) -> Iterator[Recording]:
    """One walk of each walker, always the same ones."""
    for number in range(WALKERS):
        rng = np.random.default_rng([SEED, number])
        trembles = bool(number % 2)
        walker = Walker(
            height=rng.uniform(1.5, 1.9),
            asymmetry=rng.uniform(0.0, 0.08),
            variability=rng.uniform(0.02, 0.08),
            arm_swing=rng.uniform(0.1, 0.8),
            tremor=rng.uniform(*TREMOR) if trembles else 0.0,
        )
        scenario = Scenario(name=f"everyday_{number}", walker=walker, segments=_segments(rng))
        recording = simulate(scenario, placement=placement, rate=100.0, seed=5000 + number)
        labels = tuple(_with_tremor(a) for a in recording.annotations)
        yield replace(
            recording,
            subject=f"walker {number}",
            annotations=labels if trembles else recording.annotations,
        )


def _segments(rng: np.random.Generator) -> tuple[Segment, ...]:
    """Ten stops on purpose and a seat, and then five pauses that end in a start hesitation."""

    def walk() -> Walk:
        return Walk(
            duration=rng.uniform(8, 20), speed=rng.uniform(0.4, 1.3), cadence=rng.uniform(85, 120)
        )

    segments: list[Segment] = [Sit(duration=rng.uniform(20, 40))]
    for _ in range(10):
        segments += [walk(), Stand(duration=rng.uniform(2.5, 10))]
    segments += [walk(), Sit(duration=rng.uniform(20, 40))]
    for _ in range(5):
        hesitation = Freeze(kind=FreezeKind.START_HESITATION, duration=rng.uniform(2, 8))
        segments += [walk(), Stand(duration=rng.uniform(3, 10)), hesitation]
    return (*segments, walk(), Stand(duration=5))


def _with_tremor(label: Annotation) -> Annotation:
    at_rest = label.kind is Kind.ACTIVITY and label.detail in ("sitting", "standing", "stop")
    return replace(label, detail=f"{label.detail} with tremor") if at_rest else label
