"""The walks that can be asked for by name."""

from math import pi

from gaitcue.replay.simulator.scenario import (
    Freeze,
    FreezeKind,
    Scenario,
    Sit,
    Stand,
    Turn,
    Walk,
    Walker,
)

_PARKINSON = Walker(height=1.72, asymmetry=0.04, variability=0.05, arm_swing=0.3)

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            name="freezing",
            walker=_PARKINSON,
            segments=(
                Stand(duration=6),
                Freeze(kind=FreezeKind.START_HESITATION, duration=3),
                Walk(duration=22, speed=0.9, cadence=104),
                Freeze(kind=FreezeKind.TREMBLING, duration=8),
                Walk(duration=18, speed=0.85, cadence=106),
                Turn(angle=pi, duration=3.5),
                Walk(duration=15, speed=0.85, cadence=106),
                Freeze(kind=FreezeKind.SHUFFLING, duration=5),
                Walk(duration=15, speed=0.9, cadence=104),
                Stand(duration=8),
                Walk(duration=15, speed=0.9, cadence=104),
                Freeze(kind=FreezeKind.AKINETIC, duration=7),
                Walk(duration=18, speed=0.85, cadence=104),
                Stand(duration=5),
            ),
        ),
        Scenario(
            name="steady",
            walker=Walker(asymmetry=0.01, variability=0.02),
            segments=(
                Stand(duration=5),
                Walk(duration=40, speed=1.25, cadence=112),
                Turn(angle=pi, duration=2.2, speed=0.5, cadence=112),
                Walk(duration=40, speed=1.25, cadence=112),
                Turn(angle=-pi / 2, duration=1.5, speed=0.5, cadence=112),
                Walk(duration=20, speed=1.0, cadence=100),
                Stand(duration=5),
            ),
        ),
        Scenario(
            name="slow",
            walker=_PARKINSON,
            segments=(
                Stand(duration=4),
                Walk(duration=30, speed=0.2, cadence=80),
                Walk(duration=30, speed=0.4, cadence=90),
                Turn(angle=pi, duration=5, speed=0.1, cadence=90),
                Walk(duration=30, speed=0.6, cadence=98),
                Stand(duration=4),
            ),
        ),
        Scenario(
            name="stops",
            walker=_PARKINSON,
            segments=(
                Stand(duration=5),
                Walk(duration=14, speed=0.9, cadence=104),
                Stand(duration=6),
                Walk(duration=14, speed=0.9, cadence=104),
                Sit(duration=20),
                Walk(duration=14, speed=0.9, cadence=104),
                Stand(duration=3),
                Turn(angle=pi, duration=4, speed=0, cadence=100),
                Walk(duration=14, speed=0.9, cadence=104),
                Stand(duration=6),
            ),
        ),
        Scenario(
            name="turning",
            walker=_PARKINSON,
            segments=(
                Stand(duration=4),
                Turn(angle=4 * pi, duration=14, speed=0, cadence=110),
                Freeze(kind=FreezeKind.TREMBLING, duration=5),
                Turn(angle=2 * pi, duration=8, speed=0, cadence=110),
                Stand(duration=4),
                Turn(angle=-4 * pi, duration=14, speed=0, cadence=110),
                Freeze(kind=FreezeKind.SHUFFLING, duration=4),
                Turn(angle=-2 * pi, duration=8, speed=0, cadence=110),
                Stand(duration=4),
            ),
        ),
        Scenario(name="sitting", walker=_PARKINSON, segments=(Sit(duration=60),)),
        Scenario(name="standing", walker=_PARKINSON, segments=(Stand(duration=60),)),
    )
}
"""By name, as ``gaitcue simulate --scenario`` takes them."""
