"""Simulated walkers to learn from: what nobody does in the public sets, such as tremor at rest.

Nobody is judged on them, and no threshold is chosen on them.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gaitcue.imu import Placement
from gaitcue.recording.model import Recording
from gaitcue.replay.simulator import (
    Freeze,
    FreezeKind,
    Scenario,
    Sit,
    Stand,
    Turn,
    Walk,
    Walker,
    simulate,
)

SIMULATED = "simulated"
WALKERS = 10
"""A third of a real set's people: enough to be seen, too few to decide."""

RATES = (50.0, 100.0, 128.0, 200.0)
"""Hz."""

MOST_TREMOR = 4.0
"""m/s²."""


def simulated_walks(placement: Placement) -> Iterator[Recording]:
    """One walk of each walker, always the same ones."""
    for number in range(WALKERS):
        rng = np.random.default_rng([20230817, number])
        recording = simulate(
            _scenario(number, rng),
            placement=placement,
            rate=RATES[number % len(RATES)],
            seed=1000 + number,
        )
        yield replace(recording, subject=f"walker {number}")


def _scenario(number: int, rng: np.random.Generator) -> Scenario:
    walker = Walker(
        height=rng.uniform(1.5, 1.9),
        asymmetry=rng.uniform(0.0, 0.08),
        variability=rng.uniform(0.02, 0.08),
        arm_swing=rng.uniform(0.1, 0.8),
        tremor=rng.uniform(0.0, MOST_TREMOR),
    )

    def walk() -> Walk:
        return Walk(
            duration=rng.uniform(8, 20), speed=rng.uniform(0.4, 1.3), cadence=rng.uniform(85, 120)
        )

    def turn() -> Turn:
        return Turn(angle=rng.choice([-1, 1]) * rng.uniform(1.5, 6.3), duration=rng.uniform(2, 5))

    freezes = [Freeze(kind=kind, duration=rng.uniform(3, 10)) for kind in FreezeKind]
    rng.shuffle(freezes)
    rest = Sit(duration=rng.uniform(20, 40)), Stand(duration=rng.uniform(10, 20))
    return Scenario(
        name=f"walker_{number}",
        walker=walker,
        segments=(
            rest[number % 2],
            walk(),
            Stand(duration=rng.uniform(3, 10)),
            walk(),
            turn(),
            walk(),
            freezes[0],
            walk(),
            Sit(duration=rng.uniform(15, 30)),
            walk(),
            turn(),
            freezes[1],
            walk(),
            Stand(duration=rng.uniform(3, 10)),
        ),
    )
