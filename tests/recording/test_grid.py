import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitcue.events import DataProblem
from gaitcue.imu import Samples
from gaitcue.recording.arrays import Motion, array_sensor, grid_samples
from gaitcue.recording.clock import Clock, estimate_clock
from gaitcue.recording.model import BLOCK_ROWS, concatenate


def place(stamps, rate=None, batch=BLOCK_ROWS):
    """Put rows numbered 0, 1, ... on the grid; returns samples, row at each sample, problems."""
    stamps = np.asarray(stamps, float)
    numbers = np.repeat(np.arange(len(stamps), dtype=float)[:, None], 3, axis=1)
    clock = estimate_clock(stamps[:BLOCK_ROWS], rate)
    batches = (
        (stamps[first : first + batch], numbers[first : first + batch])
        for first in range(0, len(stamps), batch)
    )
    items = list(grid_samples(batches, clock, placement=None))
    samples = concatenate([item for item in items if isinstance(item, Samples)])
    problems = {item.kind: item for item in items if isinstance(item, DataProblem)}
    return samples, samples.acc[:, 0], problems


def kept(rows):
    return rows[~np.isnan(rows)].astype(int)


even = np.arange(20_000) / 100


def test_stamps_on_the_grid_are_kept_to_the_last_bit():
    stamps = even + 0.003
    samples, rows, problems = place(stamps)
    assert samples.time.tobytes() == stamps.tobytes()
    assert kept(rows).tolist() == list(range(len(stamps)))
    assert (samples.rate, problems) == (100.0, {})


def test_lost_rows_become_nan_in_their_places():
    lost = np.random.default_rng(1).random(len(even)) < 0.05
    lost[[0, -1]] = False
    samples, rows, problems = place(even[~lost])
    assert len(samples) == len(even)
    np.testing.assert_array_equal(np.isnan(rows), lost)
    np.testing.assert_allclose(samples.time, even, atol=1e-9)
    assert problems == {}


@given(st.integers(1, 3000), st.integers(1, 500), st.integers(1, 999))
@settings(max_examples=30)
def test_a_gap_lies_where_it_was_however_the_rows_come(start, length, batch):
    rest = np.delete(np.arange(4000), slice(start, start + length))
    _, rows, problems = place(rest / 50, batch=batch)
    missing = np.flatnonzero(np.isnan(rows))
    assert missing.tolist() == list(range(start, start + length))
    assert problems == {}


@pytest.mark.parametrize(("rate", "digits"), [(128, 3), (400, 3), (204.8, 4), (60, 3)])
def test_rate_is_found_from_rounded_stamps(rate, digits):
    samples, rows, problems = place(np.round(np.arange(12_000) / rate, digits))
    assert samples.rate == pytest.approx(rate, rel=1e-4)
    assert not np.isnan(rows).any()
    assert set(problems) <= {"bursty_time"}


def test_a_clock_that_drifts_loses_nothing_and_keeps_to_the_stamps():
    stamps = np.arange(100_000) / 100 * 1.001
    samples, rows, problems = place(stamps, rate=100.0)
    assert kept(rows).tolist() == list(range(len(stamps)))
    assert not np.isnan(rows).any()
    assert np.abs(samples.time - stamps).max() < 0.02
    assert problems == {}


def bursts(seed=0, count=6000, rate=50.0, size=5):
    """Rows measured evenly but stamped when a radio delivered them, a few at a time."""
    measured = np.arange(count) / rate
    delivered = (np.floor(np.arange(count) / size) + 1) * size / rate
    jitter = np.random.default_rng(seed).exponential(0.01, -(-count // size)).repeat(size)[:count]
    return measured, np.maximum.accumulate(np.round(delivered + jitter, 3))


def test_bursts_are_spread_out_and_told():
    measured, stamps = bursts()
    samples, rows, problems = place(stamps)
    assert samples.rate == pytest.approx(50.0, rel=0.002)
    assert kept(rows).tolist() == list(range(len(stamps)))
    assert np.isnan(rows).sum() <= 1
    assert list(problems) == ["bursty_time"]
    late = samples.time[~np.isnan(rows)] - measured
    assert late.max() - late.min() < 0.1


def test_rows_delivered_late_are_not_taken_for_lost():
    _, stamps = bursts()
    stamps[2000:2040] = np.maximum(stamps[2000:2040], stamps[2040])  # held up, then all at once
    _, rows, _ = place(stamps)
    assert kept(rows).tolist() == list(range(len(stamps)))
    assert np.isnan(rows).sum() <= 2


def test_rows_lost_between_bursts_leave_a_gap():
    _, stamps = bursts()
    _, rows, _ = place(np.delete(stamps, slice(3000, 3100)))
    missing = np.flatnonzero(np.isnan(rows))
    assert len(missing) == pytest.approx(100, abs=4)
    assert abs(np.median(missing) - 3050) < 5


def test_repeated_and_backward_times_are_counted_and_shift_nothing():
    stamps = even.copy()
    stamps[500] = stamps[499]
    stamps[900] = 3.0
    stamps[1200] = 5e4
    stamps[1500] = np.nan
    _, rows, problems = place(stamps)
    assert kept(rows).tolist() == list(range(len(stamps)))
    assert {kind: problem.count for kind, problem in problems.items()} == {
        "repeated_time": 1,
        "backward_time": 2,
        "no_time": 1,
    }
    assert problems["repeated_time"].time == pytest.approx(5.0)
    assert problems["no_time"].time == pytest.approx(15.0)


def test_rows_delivered_after_later_ones_go_back_to_their_places():
    late = np.arange(1000, 1020)
    order = np.concatenate([np.delete(np.arange(3000), late)[:1040], late, np.arange(1060, 3000)])
    for stamps in (even[:3000], bursts(count=3000)[1]):
        samples, rows, problems = place(stamps[order])
        assert samples.time[-1] == pytest.approx(stamps[-1], abs=0.15)
        assert np.isnan(rows).sum() <= 1
        np.testing.assert_array_equal(order[kept(rows)], np.arange(3000))
        assert problems["late_rows"].count == 20
        assert set(problems) <= {"late_rows", "bursty_time"}


def test_a_row_delivered_twice_is_left_out_and_told():
    twice = np.insert(even, 700, even[699])
    values = np.insert(np.arange(len(even), dtype=float), 700, 699.0)
    sensor = array_sensor(
        "s", lambda: Motion(np.repeat(values[:, None], 3, 1), stamps=twice),
        rate=100.0, placement=None, gyroscope=False,
    )  # fmt: skip
    items = list(sensor.read())
    samples = concatenate([item for item in items if isinstance(item, Samples)])
    (problem,) = (item for item in items if isinstance(item, DataProblem))
    assert (problem.kind, problem.count) == ("repeated_time", 1)
    assert "(left out: 1)" in problem.detail
    assert samples.acc[:, 0].tolist() == list(range(len(even)))


def test_a_clock_that_is_set_back_or_forward_is_told_and_nothing_is_lost():
    for stamps in (
        np.concatenate([even[:9000], even[:5000]]),
        np.concatenate([even[:9000], even[9000:] + 1e7]),
    ):
        samples, rows, problems = place(stamps)
        assert kept(rows).tolist() == list(range(len(stamps)))
        assert list(problems) == ["clock_jump"]
        assert len(samples) == len(stamps)


@pytest.mark.parametrize("rate", [50, 80, 150, 200])
def test_a_changed_rate_is_told(rate):
    stamps = np.concatenate([even[:9000], even[9000] + np.arange(3000) / rate])
    samples, _, problems = place(stamps)
    assert "rate_change" in problems
    assert f"about {rate} Hz instead of 100 Hz" in problems["rate_change"].detail
    assert samples.time[-1] == pytest.approx(stamps[-1], abs=0.3)


def test_random_losses_are_not_a_changed_rate():
    lost = np.random.default_rng(4).random(len(even)) < 0.2
    _, _, problems = place(even[~lost])
    assert problems == {}


def test_rows_without_stamps_are_consecutive():
    acc = np.ones((BLOCK_ROWS + 5, 3))
    sensor = array_sensor(
        "s", lambda: Motion(acc, gyr=acc, start=2.0), rate=64.0, placement=None, gyroscope=True
    )
    blocks = list(sensor.read())
    assert [len(block) for block in blocks] == [BLOCK_ROWS, 5]
    samples = concatenate(blocks)
    np.testing.assert_array_equal(samples.time, 2.0 + np.arange(len(acc)) / 64)
    assert samples.gyr.shape == acc.shape


@given(
    st.lists(
        st.one_of(
            st.floats(-10, 1000),
            st.floats(allow_nan=True, allow_infinity=True),
            st.integers(0, 500).map(lambda n: n / 100),
        ),
        max_size=300,
    ),
    st.integers(1, 200),
    st.sampled_from([0.0, 0.1]),
)
@settings(max_examples=150)
def test_any_stamps_give_an_advancing_grid_with_each_row_at_most_once(stamps, batch, jitter):
    stamps = np.array(stamps)
    numbers = np.repeat(np.arange(len(stamps), dtype=float)[:, None], 3, axis=1)
    batches = (
        (stamps[first : first + batch], numbers[first : first + batch])
        for first in range(0, len(stamps), batch)
    )
    last, seen = -np.inf, []
    for item in grid_samples(batches, Clock(100.0, jitter), placement=None):
        if isinstance(item, Samples):
            assert len(item) <= BLOCK_ROWS
            assert (np.diff(item.time) > 0).all()
            assert item.time[0] > last
            last = item.time[-1]
            seen.append(item.acc[:, 0])
    rows = kept(np.concatenate(seen)) if seen else np.zeros(0, int)
    assert len(set(rows.tolist())) == len(rows)
