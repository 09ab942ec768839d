import os
import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitcue.bluetooth.clock import (
    FARTHEST_BEHIND,
    LARGEST_SKEW,
    LEAST_SPREAD,
    NEAR,
    ClockMap,
    CountMap,
    Skew,
    unwrap,
)

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "clock.py"


@given(
    st.lists(st.integers(-50, 150), max_size=100),
    st.sampled_from([256, 1 << 16, 1 << 32]),
    st.integers(0, 1 << 33),
)
def test_counters_are_unwrapped_over_any_number_of_turns(steps, modulus, start):
    true = np.cumsum([start, *steps])
    known = start
    for value in true.tolist():
        known = unwrap(value % modulus, known, modulus)
        assert known == value


def mapped(arrivals, devices, clock=None):
    """Offsets after each arrival, s."""
    clock = clock or ClockMap()
    offsets = []
    for arrival, device in zip(arrivals, devices, strict=True):
        clock.observe(float(arrival), float(device))
        offsets.append(clock.offset)
    return np.array(offsets)


delays = st.lists(st.floats(0, 0.2), min_size=50, max_size=400)


@given(delays, st.floats(-1e6, 1e6))
@settings(max_examples=50)
def test_the_map_is_never_later_than_an_arrival_nor_far_before_the_promptest(late, zero):
    devices = np.arange(len(late)) / 10
    arrivals = devices + 100 + np.array(late)
    offsets = mapped(arrivals, devices + zero) + zero
    assert (devices + offsets <= arrivals + 1e-6).all()
    assert (offsets >= 100 + min(late) - LARGEST_SKEW * NEAR - 1e-6).all()
    rise = np.diff(offsets)
    steepest = 2 * LARGEST_SKEW  # as large as a skew can be, and as unsure
    assert (rise <= steepest * np.abs(np.diff(arrivals)) + 1e-6).all()


def exponential(seconds, ppm, seed=1):
    """Arrivals, stamps and true times of a link with a least delay of 10 ms."""
    true = np.arange(0, seconds, 0.05)
    arrivals = true + 0.01 + np.random.default_rng(seed).exponential(0.02, len(true))
    return arrivals, true * (1 + ppm * 1e-6), true


@pytest.mark.parametrize("ppm", [-200, -80, 0, 80, 200])
def test_a_drifting_clock_is_followed_without_falling_behind(ppm):
    arrivals, devices, true = exponential(1800, ppm)
    clock = ClockMap()
    error = devices + mapped(arrivals, devices, clock) - true - 0.01
    settled = error[true > 300]
    assert settled.std() < 0.3e-3
    assert np.abs(settled).max() < 1.5e-3
    assert abs(clock.skew.mean + ppm * 1e-6) < clock.skew.spread < 15e-6


def test_what_was_learned_of_a_crystal_serves_the_next_connection():
    clock = ClockMap()
    mapped(*exponential(1800, -150)[:2], clock)
    arrivals, devices, true = exponential(60, -150, seed=2)
    worst = {}
    for known in (None, clock.skew):
        error = devices + mapped(arrivals, devices, ClockMap(known)) - true - 0.01
        worst[known] = np.abs(error[true > 5]).max()
    assert worst[clock.skew] < 2e-3 < 4e-3 < worst[None]


def test_a_link_that_becomes_slower_is_not_taken_for_a_skew():
    arrivals, devices, true = exponential(900, 0)
    arrivals = np.where(true > 450, arrivals + 0.08, arrivals)
    clock = ClockMap()
    offsets = mapped(arrivals, devices, clock)
    # Intervals stay right, though times move over to the new delay: 0.4 ms in a second at most.
    steps = np.diff(offsets[true > 60][::20])
    assert -LARGEST_SKEW < steps.min() < steps.max() < 2.1 * LARGEST_SKEW
    assert abs(clock.skew.mean) < LARGEST_SKEW / 3


@pytest.mark.parametrize("stall", [1.0, 5.0, 15.0, 40.0])
def test_a_stall_does_not_move_the_map(stall):
    devices = np.arange(0, 300, 0.05)
    arrivals = devices + 0.01 + np.random.default_rng(2).exponential(0.02, len(devices))
    held = (arrivals > 150) & (arrivals < 150 + stall)
    arrivals = np.where(held, 150 + stall, arrivals)
    offsets = mapped(np.maximum.accumulate(arrivals), devices)
    after = offsets[devices > 60]
    assert np.ptp(after) < 1e-3
    assert abs(after[-1] - 0.01) < 1e-3


def test_a_skew_is_never_surer_than_crystals_are():
    clock = ClockMap(Skew(0.0, LEAST_SPREAD))
    mapped(*exponential(600, 0)[:2], clock)
    assert clock.skew.spread == LEAST_SPREAD


def test_a_clock_slower_than_any_crystal_does_not_run_away():
    true = np.arange(0, 3600, 0.1)
    devices = true * 0.99
    late = devices + mapped(true, devices) - true
    # One per cent of what it goes by, and what it may stay behind.
    assert late.min() > -FARTHEST_BEHIND - 0.01 * NEAR - 0.05
    assert late.max() <= 1e-9


def counted(arrivals, numbers, period=0.01):
    count = CountMap(period)
    for arrival, number in zip(arrivals, numbers, strict=True):
        count.observe(float(arrival), int(number))
    return count


@pytest.mark.parametrize("rate", [98.0, 100.0, 102.0])
@pytest.mark.parametrize("stall", [0.0, 5.0])
def test_counts_alone_tell_rate_and_time(rate, stall):
    random = np.random.default_rng(3)
    numbers = np.arange(4, 6000, 5)
    arrivals = numbers / rate + 0.01 + random.exponential(0.02, len(numbers))
    held = (arrivals > 40) & (arrivals < 40 + stall)
    arrivals = np.where(held, 40 + stall, arrivals)
    count = counted(np.maximum.accumulate(arrivals), numbers)
    assert abs(1 / count.period / rate - 1) < 2e-4
    assert abs(count.time(5999) - 5999 / rate - 0.01) < 5e-3
    assert count.lost() == 0


@pytest.mark.parametrize("gone", [2, 37, 300])
def test_what_was_lost_is_seen_from_arrivals_that_stay_late(gone):
    count, skipped = CountMap(0.01), 0
    for number in range(4, 4000, 5):
        arrival = number / 100 + 0.01 + (gone / 100 if number > 2500 else 0.0)
        if count.observe(arrival, number + skipped) and (lost := count.lost()):
            assert 2500 < number < 2500 + 600
            count.skip(lost)
            skipped += lost
    assert skipped == gone


def traces():
    folder = os.environ.get("GAITCUE_CLOCK_TRACES")
    if not folder:
        pytest.skip("set GAITCUE_CLOCK_TRACES to a folder of arrival_s,device_s traces")
    return sorted(Path(folder).glob("*.csv"))


@pytest.mark.parametrize("stall", [False, True])
def test_real_traces_are_mapped_within_half_a_millisecond(stall):
    found = traces()
    benchmark = runpy.run_path(str(BENCHMARK))
    long = [t for t in found if np.loadtxt(t, delimiter=",", skiprows=1)[-1, 0] > 60]
    ours = benchmark["figures"](long, benchmark["gaitcue_map"], stall=stall)
    least = benchmark["figures"](long, benchmark["recursive_least_squares"], stall=stall)
    assert ours["sd_ms"] < 0.5
    assert ours["sd_ms"] < least["sd_ms"]
