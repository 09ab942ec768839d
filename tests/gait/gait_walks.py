"""Simulated walks and short ways to track them."""

from functools import cache
from itertools import pairwise

import numpy as np

from gaitcue.events import Event
from gaitcue.gait import Tracker
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.model import Recording, read_all
from gaitcue.replay.simulator import (
    Freeze,
    FreezeKind,
    Scenario,
    SensorModel,
    Sit,
    Stand,
    Turn,
    Walk,
    Walker,
    simulate,
)

SHORT = Scenario(
    name="short",
    segments=(
        Stand(duration=4),
        Walk(duration=16),
        Freeze(kind=FreezeKind.TREMBLING, duration=6),
        Walk(duration=8),
        Turn(angle=np.pi, duration=3),
        Walk(duration=8),
        Stand(duration=6),
    ),
)
"""A minute with everything in it that the tracker tells."""

STEADY = Scenario(
    name="steady",
    segments=(Stand(duration=4), Walk(duration=40, speed=1.1, cadence=110), Stand(duration=5)),
)
SITTING = Scenario(name="sitting", segments=(Sit(duration=40),), walker=Walker(tremor=2.0))
STANDING = Scenario(name="standing", segments=(Stand(duration=40),))
STOPS = Scenario(
    name="stops",
    segments=tuple(s for _ in range(4) for s in (Walk(duration=10), Stand(duration=8))),
)


@cache
def walk(
    scenario: Scenario,
    placement: Placement = Placement.LOWER_BACK,
    side: Side = Side.NONE,
    rate: float = 100.0,
    model: SensorModel = SensorModel(),  # noqa: B008 - it is immutable
) -> tuple[Samples, Recording]:
    recording = simulate(scenario, placement=placement, side=side, rate=rate, seed=3, model=model)
    return read_all(recording.sensors[0])[0], recording


def tracker_for(samples: Samples, **settings: object) -> Tracker:
    assert samples.placement is not None
    return Tracker(
        placement=samples.placement,
        rate=samples.rate,
        side=samples.side,
        gyroscope=samples.gyr is not None,
        **settings,  # type: ignore[arg-type]
    )


def track(samples: Samples, cuts: list[int] | None = None, **settings: object) -> list[Event]:
    """All events of `samples`, handed over in blocks that end at `cuts`."""
    tracker = tracker_for(samples, **settings)
    edges = [0, *sorted(cuts or []), len(samples)]
    events = []
    for start, stop in pairwise(edges):
        events += tracker.update(samples[start:stop])
    return events + tracker.finish()
