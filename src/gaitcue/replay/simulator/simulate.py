"""From a scenario and a seed to a recording."""

from collections.abc import Iterator

import numpy as np

from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.model import BLOCK_ROWS, Recording, Sensor
from gaitcue.replay.simulator.body import feel
from gaitcue.replay.simulator.plan import make_plan
from gaitcue.replay.simulator.scenario import Scenario
from gaitcue.replay.simulator.sensor import SensorModel, sample
from gaitcue.replay.simulator.truth import ANNOTATED, annotations

RATES = (25.0, 400.0)
"""The sampling rates that can be simulated, Hz."""

_LIMBS = (Placement.SHANK, Placement.THIGH, Placement.FOOT, Placement.WRIST)


def simulate(
    scenario: Scenario,
    *,
    placement: Placement = Placement.LOWER_BACK,
    side: Side = Side.NONE,
    rate: float = 100.0,
    seed: int = 0,
    model: SensorModel = SensorModel(),  # noqa: B008 - it is immutable
) -> Recording:
    """Record a simulated walk by one worn sensor, with every label known exactly.

    The same arguments give the same recording; scenario and seed alone decide what the walker
    does, whatever sensor looks on. A limb without a `side` is the right one.

    Raises
    ------
    ValueError
        When `rate` is not from 25 to 400 Hz or `seed` is below 0.
    """
    if not RATES[0] <= rate <= RATES[1]:
        raise ValueError(f"rate must be from {RATES[0]:g} to {RATES[1]:g} Hz, got {rate:g}")
    if seed < 0:
        raise ValueError(f"seed must be 0 or above, got {seed}")
    if placement in _LIMBS and side is Side.NONE:
        side = Side.RIGHT
    walk_rng, body_rng, sensor_rng = np.random.default_rng(seed).spawn(3)
    plan = make_plan(scenario, walk_rng)
    acc, gyr = feel(plan, placement, side, body_rng)
    time, acc, gyr = sample(acc, gyr, scenario.duration, rate, model, sensor_rng)
    samples = Samples(time=time, acc=acc, gyr=gyr, placement=placement, side=side, rate=rate)

    def read() -> Iterator[Samples]:
        return samples.blocks(BLOCK_ROWS)

    name = placement.value if side is Side.NONE else f"{side.value}_{placement.value}"
    return Recording(
        name=f"{scenario.name}_{name}_{seed}",
        subject="simulated",
        sensors=(
            Sensor(
                name=name, placement=placement, side=side, rate=rate, gyroscope=True,
                device="simulated", read=read,
            ),
        ),
        annotations=annotations(plan),
        annotated=ANNOTATED,
        height=scenario.walker.height,
        source="simulated",
    )  # fmt: skip
