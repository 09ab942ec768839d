"""What holds for every tracker: the same for any blocks and any strap, never from the future."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from gait_walks import SHORT, STEADY, track, tracker_for, walk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from gaitcue.events import Step, to_json
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.model import concatenate
from gaitcue.replay.simulator import SensorModel

PLACEMENTS = [Placement.LOWER_BACK, Placement.SHANK, Placement.FOOT, Placement.WRIST]
LOSSY = SensorModel(loss=4.0, clip=2.0)


def lines(events):
    return [to_json(event) for event in events]


def without_gyroscope(samples: Samples) -> Samples:
    return replace(samples, gyr=None)


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("size", [7, 100])
def test_blocks_of_any_size_give_the_same_events(placement, size):
    samples, _ = walk(SHORT, placement, model=LOSSY)
    whole = lines(track(samples))
    assert len(whole) > 200
    assert lines(track(samples, list(range(size, len(samples), size)))) == whole


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_sample_by_sample_gives_the_same_events(placement):
    samples, _ = walk(SHORT, placement, model=LOSSY)
    samples = samples[1600:3200]  # from walking into the freeze and out of it
    assert lines(track(samples, list(range(1, len(samples))))) == lines(track(samples))


@settings(max_examples=15, deadline=None)
@given(
    cuts=st.lists(st.integers(1, 5000), max_size=40),
    placement=st.sampled_from(PLACEMENTS),
    gyroscope=st.booleans(),
)
def test_blocks_cut_anywhere_give_the_same_events(cuts, placement, gyroscope):
    samples, _ = walk(SHORT, placement, model=LOSSY)
    samples = samples if gyroscope else without_gyroscope(samples)
    cuts = [cut for cut in cuts if cut < len(samples)]
    assert lines(track(samples, cuts)) == lines(track(samples))


@settings(max_examples=15, deadline=None)
@given(
    cut=st.integers(300, 5000),
    placement=st.sampled_from(PLACEMENTS),
    gyroscope=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_future_does_not_change_the_past(cut, placement, gyroscope, seed):
    samples, _ = walk(SHORT, placement, model=LOSSY)
    samples = samples if gyroscope else without_gyroscope(samples)
    noise = np.random.default_rng(seed).normal(0, 20, (len(samples), 3))
    other = replace(
        samples[cut:],
        acc=noise[cut:],
        gyr=None if samples.gyr is None else noise[cut:] / 5,
    )
    known = samples.time[cut - 1]

    def decided(events):
        return lines(event for event in events if event.decided <= known)

    assert decided(track(concatenate([samples[:cut], other]))) == decided(track(samples))


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_nothing_is_known_before_it_happened(placement):
    samples, _ = walk(SHORT, placement, model=LOSSY)
    events = track(samples)
    assert all(event.time <= event.decided <= samples.time[-1] + 0.01 for event in events)
    assert [e.decided for e in events] == sorted(e.decided for e in events)


@settings(max_examples=15, deadline=None)
@given(
    turn=st.tuples(*[st.floats(-np.pi, np.pi)] * 3),
    placement=st.sampled_from(PLACEMENTS),
    gyroscope=st.booleans(),
)
def test_the_strap_may_sit_any_way_round(turn, placement, gyroscope):
    samples, _ = walk(SHORT, placement)
    samples = samples if gyroscope else without_gyroscope(samples)
    rotation = Rotation.from_rotvec(turn)
    turned = replace(
        samples,
        acc=rotation.apply(samples.acc),
        gyr=None if samples.gyr is None else rotation.apply(samples.gyr),
    )
    events, same = track(samples), track(turned)
    assert [e.type for e in same] == [e.type for e in events]
    # Rounding differs in the sixteenth digit, filters carry that on, events hardly move.
    assert [e.time for e in same] == pytest.approx([e.time for e in events], abs=1e-6)


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_memory_does_not_grow_with_the_walk(placement):
    samples, _ = walk(STEADY, placement, Side.RIGHT)
    tracker = tracker_for(samples)
    sizes = []
    for round_ in range(12):  # eight minutes
        shifted = replace(samples, time=samples.time + round_ * len(samples) / samples.rate)
        for block in shifted.blocks(50):
            tracker.update(block)
        sizes.append(len(pickle.dumps(tracker)))
    assert max(sizes[2:]) <= 1.02 * max(sizes[:2])


def test_memory_does_not_grow_with_a_gap():
    samples, _ = walk(STEADY)
    tracker = tracker_for(samples)
    tracker.update(samples)
    lost = replace(
        samples, acc=np.full_like(samples.acc, np.nan), gyr=np.full_like(samples.gyr, np.nan)
    )
    sizes = []
    for _ in range(5):
        tracker.update(lost)
        sizes.append(len(pickle.dumps(tracker)))
    assert max(sizes) == sizes[0]


def test_a_faster_or_slower_sensor_tells_the_same_steps():
    def times(rate):
        samples, _ = walk(STEADY, rate=rate)
        steps = [event.time for event in track(samples) if isinstance(event, Step)]
        # The closing step, at 43.8 s, moves the trunk so little that noise decides on it.
        return [time for time in steps if time < 43.5]

    reference = times(100.0)
    for rate in (25.0, 50.0, 200.0, 400.0):
        assert times(rate) == pytest.approx(reference, abs=0.05)
