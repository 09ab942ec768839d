"""Missing is missing: what is lost is told, and nothing is found in it."""

from dataclasses import replace

import numpy as np
import pytest
from gait_walks import SHORT, STEADY, track, walk

from gaitcue.events import DataProblem, FreezeScore, SensorGap, Step, WalkingBoutEnd
from gaitcue.imu import Placement


def with_gap(samples, start, stop):
    """`samples` without what was measured in [start, stop) s."""
    lost = (samples.time >= start) & (samples.time < stop)
    acc, gyr = samples.acc.copy(), samples.gyr.copy()
    acc[lost], gyr[lost] = np.nan, np.nan
    return replace(samples, acc=acc, gyr=gyr)


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def test_one_lost_sample_costs_no_step():
    samples, _ = walk(STEADY)
    events = track(with_gap(samples, 20.0, 20.005))
    (gap,) = of(SensorGap, events)
    assert (gap.samples, gap.reset) == (1, False)
    assert len(of(Step, events)) >= len(of(Step, track(samples))) - 1


def test_a_step_is_seen_across_a_gap_shorter_than_half_a_period():
    samples, _ = walk(STEADY)
    steps = of(Step, track(samples))
    for step in steps[10:20]:
        gap = (step.time - 0.04, step.time + 0.04)
        found = of(Step, track(with_gap(samples, *gap)))
        (same,) = [s for s in found if abs(s.time - step.time) < 0.1]
        assert same.time == pytest.approx(step.time, abs=0.03)
        assert same.decided >= gap[1] - 0.01


def test_no_step_is_put_into_a_bridged_gap():
    samples, _ = walk(STEADY)
    steps = of(Step, track(samples))
    for step in steps[10:20]:
        gap = (step.time - 0.1, step.time + 0.1)
        found = of(Step, track(with_gap(samples, *gap)))
        # The step's own landmark is lost, so that it must not be told as if it had been seen.
        assert not [s for s in found if gap[0] + 0.03 < s.time < gap[1] - 0.03]


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.SHANK])
def test_a_long_gap_is_told_and_tracking_begins_afresh(placement):
    samples, _ = walk(SHORT, placement)
    events = track(with_gap(samples, 12.0, 16.0))
    (gap,) = of(SensorGap, events)
    assert gap.reset
    assert (gap.time, gap.end) == pytest.approx((12.0, 16.0))
    assert gap.samples == 400
    assert gap.decided == gap.end
    inside = [e for e in events if 12.02 < e.time < 15.98 and e is not gap]
    assert inside == []
    assert of(WalkingBoutEnd, events)[0].time < 12.0
    # Scores wait until the filters have settled again.
    assert min(s.time for s in of(FreezeScore, events) if s.time > 12.0) >= 18.0


def test_gaps_at_both_ends_are_told():
    samples, _ = walk(STEADY)
    events = track(with_gap(with_gap(samples, 0.0, 1.0), 45.0, 99.0))
    first, last = of(SensorGap, events)
    assert (first.time, first.end) == pytest.approx((0.0, 1.0))
    assert last.end == pytest.approx(samples.time[-1] + 0.01)
    assert (
        first.samples + last.samples
        == np.isnan(with_gap(with_gap(samples, 0.0, 1.0), 45.0, 99.0).acc).any(axis=1).sum()
    )


def test_a_walk_of_nothing_but_gaps_is_only_a_gap():
    samples, _ = walk(STEADY)
    events = track(with_gap(samples, 0.0, 99.0))
    assert [type(event) for event in events] == [SensorGap]
    assert events[0].samples == len(samples)


def test_losing_packets_costs_few_steps():
    samples, _ = walk(STEADY)
    steps = len(of(Step, track(samples)))
    rng = np.random.default_rng(1)
    for start in rng.choice(np.arange(0, 48, 0.1), size=10, replace=False):  # 2 % of packets
        samples = with_gap(samples, start, start + 0.1)
    assert len(of(Step, track(samples))) == pytest.approx(steps, rel=0.05)


@pytest.mark.parametrize("value", [np.inf, -1e300, 1e6])
def test_an_impossible_value_is_told_and_taken_as_missing(value):
    samples, _ = walk(STEADY)
    acc = samples.acc.copy()
    acc[2000, 1] = value
    events = track(replace(samples, acc=acc))
    (problem,) = of(DataProblem, events)
    assert problem.kind == "impossible_value"
    assert problem.count == 1
    assert problem.time == samples.time[2000]
    (gap,) = of(SensorGap, events)
    assert gap.samples == 1


def test_a_sensor_that_always_reads_zero_is_survived():
    samples, _ = walk(STEADY)
    events = track(replace(samples, acc=np.zeros_like(samples.acc), gyr=np.zeros_like(samples.gyr)))
    assert not of(Step, events)
    assert all(0 <= event.score <= 1 for event in of(FreezeScore, events))
