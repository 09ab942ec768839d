import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streaming import (
    ACC,
    BLIND,
    COUNTED,
    EVERY_TIMING,
    FULL,
    GYR,
    STAMPED,
    Sent,
    assembler,
    decoder,
    problems,
    run,
    samples,
    send,
    stalled,
)

from gaitcue.bluetooth.device import Battery, Notice
from gaitcue.bluetooth.stream import HOLD, SETTLE
from gaitcue.imu import Samples

timings = pytest.mark.parametrize("timing", EVERY_TIMING.values(), ids=EVERY_TIMING.keys())
knowing = pytest.mark.parametrize("timing", [STAMPED, COUNTED, FULL], ids=["ms", "index", "both"])


def error(time, numbers, rate, at=0.0):
    """Times' error, s, of the samples that came; the delay of the link is in it."""
    came = ~np.isnan(numbers)
    return (time - at - numbers / rate)[came]


@timings
@pytest.mark.parametrize("true_rate", [98.5, 100.0, 101.5])
@pytest.mark.parametrize("stall", [0, 5])
def test_times_follow_what_was_measured_not_what_arrived(timing, true_rate, stall):
    sent = send(timing, 45, true_rate=true_rate, skew=60e-6, jitter=0.05)
    if stall:
        sent = stalled(sent, 25, stall)
    items = run(timing, sent)
    time, numbers = samples(items)
    assert np.array_equal(numbers, np.arange(len(numbers)))
    assert len(numbers) == 5 * len(sent)
    assert problems(items) == {}
    off = error(time, numbers, true_rate)[1500:]
    assert off.std() < 1e-3
    assert abs(off.mean() - 0.02) < 2e-3  # what stays is the least delay of the link


@knowing
@given(st.sets(st.integers(20, 390), max_size=60), st.integers(0, 9))
@settings(max_examples=6)
def test_every_lost_sample_is_a_row_without_values_in_its_place(timing, lost, seed):
    sent = send(timing, 20, jitter=0.04, seed=seed)
    items = run(timing, [one for number, one in enumerate(sent) if number not in lost])
    time, numbers = samples(items)
    gone = {row for number in lost for row in range(5 * number, 5 * number + 5)}
    expected = [np.nan if row in gone else row for row in range(2000)]
    np.testing.assert_array_equal(numbers, expected)
    assert problems(items) == {}
    assert error(time, numbers, 100).std() < 5e-3


@knowing
def test_repeated_notifications_are_dropped_and_counted(timing):
    sent = send(timing, 10)
    doubled = [one for one in sent for _ in range(2)]
    once, twice = run(timing, sent), run(timing, doubled)
    assert np.array_equal(samples(once)[1], samples(twice)[1])
    assert problems(once) == {}
    assert problems(twice) == {"repeated_samples": 1000}


@knowing
def test_notifications_that_changed_places_are_put_back(timing):
    sent = send(timing, 20)
    for number in range(50, 350, 10):
        a, b = sent[number : number + 2]
        sent[number] = Sent(b.first, b.rows, a.arrival, b.characteristic, b.value)
        sent[number + 1] = Sent(a.first, a.rows, b.arrival, a.characteristic, a.value)
    items = run(timing, sent)
    assert np.array_equal(samples(items)[1], np.arange(2000))
    assert problems(items) == {}


@knowing
def test_what_comes_too_late_for_its_place_is_counted(timing):
    sent = send(timing, 10)
    late = sent.pop(60)
    sent.insert(75, late)
    items = run(timing, sent)
    _, numbers = samples(items)
    assert np.flatnonzero(np.isnan(numbers)).tolist() == list(range(300, 305))
    assert problems(items) == {"late_samples": 5}


@timings
def test_acc_and_gyr_that_come_apart_are_joined(timing):
    items = run(timing, send(timing, 20, parts=(ACC, GYR), jitter=0.03))
    assert np.array_equal(samples(items)[1], np.arange(2000))


@knowing
def test_acc_without_its_gyr_is_a_missing_row(timing):
    sent = send(timing, 10, parts=(ACC, GYR))
    sent = [one for one in sent if not (one.characteristic == GYR and one.first == 300)]
    items = run(timing, sent)
    _, numbers = samples(items)
    assert np.flatnonzero(np.isnan(numbers)).tolist() == list(range(300, 305))
    kept = [block.acc[:, 0] for block in items if isinstance(block, Samples)]
    assert np.array_equal(np.concatenate(kept), np.arange(1000))  # the acceleration stays


@knowing
def test_angular_rate_that_comes_seconds_late_is_counted_and_leaves_its_rows_missing(timing):
    sent = send(timing, 20, parts=(ACC, GYR))
    late = [one for one in sent if one.characteristic == GYR and 500 <= one.first < 1000]
    on_time = [one for one in sent if one not in late]
    moved = [Sent(o.first, o.rows, 10.03, o.characteristic, o.value) for o in late]
    after = next(n for n, one in enumerate(on_time) if one.first == 1000)
    items = run(timing, on_time[:after] + moved + on_time[after:])
    _, numbers = samples(items)
    held = 25  # those that still wait for it when it comes
    assert np.flatnonzero(np.isnan(numbers)).tolist() == list(range(500, 1000 - held))
    assert problems(items) == {"late_samples": 500 - held}


@pytest.mark.parametrize("part", [ACC, GYR])
@pytest.mark.parametrize("lost", [2, 6])
def test_uncounted_acc_and_gyr_find_together_again(part, lost):
    sent = send(BLIND, 40, parts=(ACC, GYR), jitter=0.01)
    gone = range(1000, 1000 + 5 * lost)
    items = run(BLIND, [o for o in sent if not (o.characteristic == part and o.first in gone)])
    blocks = [item for item in items if isinstance(item, Samples)]
    acc = np.concatenate([block.acc[:, 0] for block in blocks])
    gyr = np.concatenate([block.gyr[:, 0] for block in blocks])
    assert np.array_equal(acc[1300:], gyr[1300:])
    assert len(acc) == 4000
    assert np.isnan(acc if part == ACC else gyr).sum() == 5 * lost
    assert problems(items) == {"uncounted_loss": 5 * lost}


def test_a_sensor_without_gyroscope():
    items = run(FULL, send(FULL, 10, parts=(ACC,)), gyroscope=False)
    assert np.array_equal(samples(items)[1], np.arange(1000))
    assert all(item.gyr is None for item in items)


@timings
def test_a_row_leaves_with_its_notification_and_waits_only_behind_a_lost_one(timing):
    sent = send(timing, 20)
    if timing is not BLIND:
        del sent[200]
    stream = assembler(timing)
    stream.connected(timing, decoder(timing))
    given_out = 0
    for one in sent:
        items = stream.value(one.arrival, one.characteristic, one.value)
        given_out += sum(len(item) for item in items if isinstance(item, Samples))
        newest = one.first + one.rows
        if one.arrival < sent[0].arrival + SETTLE:
            assert given_out == 0
        elif not 1000 <= one.first <= 1000 + 100 * HOLD:
            assert given_out == newest
        else:
            assert newest - given_out <= 100 * HOLD + one.rows


@timings
@given(gap=st.floats(0.3, 20), rest=st.floats(1, 20), phase=st.floats(0, 600))
@settings(max_examples=6)
def test_a_new_connection_goes_on_in_the_same_walk_with_the_gap_in_it(timing, gap, rest, phase):
    first = send(timing, 15, jitter=0.02)
    start, rest = int((15 + gap) * 100), round(20 * rest) / 20
    second = send(
        timing, rest, jitter=0.02, start=start, at=start / 100, clock=phase, index=7, seed=1
    )
    items = run(timing, first, second)
    time, numbers = samples(items)
    came = numbers[~np.isnan(numbers)]
    assert np.array_equal(came, [*range(1500), *range(start, start + round(rest * 100))])
    assert abs(np.isnan(numbers).sum() - (start - 1500)) <= 3  # the delays differ by some ms
    assert error(time, numbers, 100).std() < 15e-3
    assert problems(items) == {}


@pytest.mark.parametrize("timing", [STAMPED, FULL], ids=["ms", "both"])
@pytest.mark.parametrize("jump", [-30.0, -3.0, 3.0, 30.0])
def test_a_sensor_clock_that_is_set_costs_nothing_and_is_told(timing, jump):
    before = send(timing, 20)
    after = send(timing, 20, start=2000, at=20.0, clock=1254.5 + jump, index=2000)
    items = run(timing, before + after)
    time, numbers = samples(items)
    assert np.array_equal(numbers[~np.isnan(numbers)], np.arange(4000))
    assert np.isnan(numbers).sum() <= 1
    assert problems(items) == {"clock_jump": 1}
    assert error(time, numbers, 100).std() < 5e-3


def test_a_counter_that_starts_again_costs_nothing_and_is_told():
    before = send(COUNTED, 20, index=30_000)
    after = send(COUNTED, 20, start=2000, at=20.0)
    items = run(COUNTED, before + after)
    time, numbers = samples(items)
    assert np.array_equal(numbers[~np.isnan(numbers)], np.arange(4000))
    assert problems(items) == {"clock_jump": 1}
    assert error(time, numbers, 100).std() < 5e-3


@knowing
def test_clocks_and_counters_wrap(timing):
    items = run(timing, send(timing, 30, clock=2**32 * 1e-6 - 15, index=65536 - 1000))
    assert np.array_equal(samples(items)[1], np.arange(3000))
    assert problems(items) == {}


def test_a_sensor_that_counts_nothing_loses_half_a_second():
    sent = send(BLIND, 40, jitter=0.01)
    items = run(BLIND, [one for one in sent if not 2000 <= one.first < 2050])
    time, numbers = samples(items)
    lost = problems(items)
    assert lost.keys() == {"uncounted_loss"}
    assert abs(lost["uncounted_loss"] - 50) <= 3
    assert abs(np.isnan(numbers).sum() - 50) <= 3
    settled = error(time, numbers, 100)[3000:]
    assert abs(settled.mean() - 0.02) < 0.03
    assert np.abs(np.diff(settled)).max() < 1e-3


@pytest.mark.parametrize("values", [[b""], [b"12"], [b"x" * 21] * 30])
def test_bytes_that_are_none_are_counted_and_cost_nothing_else(values):
    sent = send(FULL, 10)
    wrong = [Sent(0, 0, sent[100].arrival, ACC, value) for value in values]
    items = run(FULL, sent[:100] + wrong + sent[100:])
    assert np.array_equal(samples(items)[1], np.arange(1000))
    assert problems(items) == {"undecodable": len(values)}
    told, *_ = [item for item in items if getattr(item, "kind", "") == "undecodable"]
    assert "expected 20 bytes" in told.detail


def test_battery_and_buttons_are_passed_on():
    sent = send(FULL, 2)
    extra = [Sent(0, 0, 1.0, ACC, b"low"), Sent(0, 0, 1.0, ACC, b"press")]
    items = run(FULL, sent[:20] + extra + sent[20:])
    others = [item for item in items if not isinstance(item, Samples)]
    assert others == [Battery(percent=5), Notice(text="pressed")]


def test_values_before_a_connection_are_not_guessed_at():
    stream = assembler(FULL)
    assert stream.value(1.0, ACC, b"x") == []
    assert stream.disconnected() == []


wild = st.lists(
    st.tuples(
        st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 32) - 1), st.integers(0, 30),
        st.floats(0, 3), st.sampled_from([ACC, GYR]), st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


@timings
@given(wild)
@settings(max_examples=40)
def test_whatever_a_sensor_counts_time_runs_on_and_no_sample_is_made_up(timing, notifications):
    stream = assembler(timing)
    items = stream.connected(timing, decoder(timing))
    arrival, sent = 0.0, 0
    for index, ticks, rows, later, part, again in notifications:
        arrival += later
        if again:
            items += stream.connected(timing, decoder(timing))
        count = index % (timing.index_modulus or 1)
        stamp = ticks % (timing.tick_modulus or 1)
        value = struct.pack("<qIIi", count, stamp, rows, sent)
        sent += rows
        items += stream.value(arrival, part, value)
    items += stream.disconnected()
    blocks = [item for item in items if isinstance(item, Samples)]
    for values in ([b.acc[:, 0] for b in blocks], [b.gyr[:, 0] for b in blocks]):
        came = np.concatenate([*values, np.empty(0)])
        came = came[~np.isnan(came)]
        assert len(np.unique(came)) == len(came)
        assert np.isin(came, np.arange(sent)).all()
    time = np.concatenate([*(b.time for b in blocks), np.empty(0)])
    assert (np.diff(time) > 0).all()


def test_an_hour_of_silence_comes_as_blocks_of_bounded_size():
    later = send(FULL, 5, start=360_000, at=3600.0)
    items = run(FULL, send(FULL, 5), later)
    _, numbers = samples(items)
    assert abs(np.isnan(numbers).sum() - (360_000 - 500)) <= 1
    assert max(len(item) for item in items) <= 8192
