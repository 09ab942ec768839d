"""Whatever the seed, the placement and the rate, a simulated walk holds together."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitcue.imu import STANDARD_GRAVITY, Placement, Side
from gaitcue.recording.model import Kind, read_all
from gaitcue.replay.simulator import (
    Freeze,
    FreezeKind,
    Scenario,
    SensorModel,
    Sit,
    Stand,
    Strap,
    Turn,
    Walk,
    Walker,
    simulate,
)

durations = st.floats(0.05, 6.0)
speeds, cadences = st.floats(0.0, 2.0), st.floats(40.0, 160.0)
segments = st.one_of(
    st.builds(Walk, duration=durations, speed=speeds, cadence=cadences),
    st.builds(Turn, angle=st.floats(-7.0, 7.0), duration=durations, speed=speeds, cadence=cadences),
    st.builds(Freeze, kind=st.sampled_from(FreezeKind), duration=durations),
    st.builds(Stand, duration=durations),
    st.builds(Sit, duration=durations),
)
walkers = st.builds(
    Walker,
    height=st.floats(1.4, 2.0),
    asymmetry=st.floats(-0.3, 0.3),
    variability=st.floats(0.0, 0.2),
    tremor=st.floats(0.0, 5.0),
)
scenarios = st.builds(
    Scenario,
    name=st.just("any"),
    segments=st.lists(segments, min_size=1, max_size=5).map(tuple),
    walker=walkers,
)
models = st.builds(
    SensorModel,
    strap=st.sampled_from(Strap),
    noise=st.floats(0, 3),
    clip=st.sampled_from([2.0, 4.0, 8.0, 16.0]),
    loss=st.floats(0, 50),
)


@settings(max_examples=60, deadline=None)
@given(
    scenario=scenarios,
    placement=st.sampled_from(Placement),
    side=st.sampled_from(Side),
    rate=st.floats(25, 400),
    seed=st.integers(0, 2**32),
    model=models,
)
def test_any_walk_is_finite_and_consistent(
    scenario: Scenario,
    placement: Placement,
    side: Side,
    rate: float,
    seed: int,
    model: SensorModel,
) -> None:
    walk = simulate(scenario, placement=placement, side=side, rate=rate, seed=seed, model=model)
    count = int(scenario.duration * rate)
    blocks = list(walk.sensors[0].read())
    assert sum(len(block) for block in blocks) == count  # type: ignore[arg-type]
    if count:
        samples, _ = read_all(walk.sensors[0])
        there = ~samples.missing
        assert np.isfinite(samples.acc[there]).all()
        assert np.abs(samples.acc[there]).max(initial=0) < model.clip * STANDARD_GRAVITY + 0.001
        assert np.allclose(np.diff(samples.time), 1 / rate)
    contacts = walk.of_kind(Kind.INITIAL_CONTACT)
    assert all(0 < contact.onset < scenario.duration for contact in contacts)
    assert all(a.onset < b.onset for a, b in pairwise(contacts))
    for bout in walk.of_kind(Kind.WALKING_BOUT):
        assert bout.duration > 0
        assert bout.speed is not None
        assert 0 <= bout.speed < 2.6
    for stride in walk.of_kind(Kind.STRIDE):
        assert stride.stride_length is not None
        assert 0 <= stride.stride_length < 9
