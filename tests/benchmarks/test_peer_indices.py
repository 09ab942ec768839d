"""The freeze indices that ``benchmarks/peers`` compares with, against motion of known power."""

import math

import numpy as np
import pytest
from benchmarks.peers.indices import indices

RATE = 64.0
STEPPING, TREMBLING = 1.5, 5.0
"""Hz, with a whole number of periods in every window."""


def motion(stepping, trembling, seconds=20):
    """Size of the acceleration, m/s², with these amplitudes."""
    time = np.arange(int(seconds * RATE)) / RATE
    steps = stepping * np.sin(2 * np.pi * STEPPING * time)
    return 9.81 + steps + trembling * np.sin(2 * np.pi * TREMBLING * time)


@pytest.mark.parametrize("name", ["moore", "baechlin", "multitaper", "recent"])
@pytest.mark.parametrize("ratio", [0.25, 1.0, 4.0])
def test_an_index_is_the_ratio_of_the_powers(name, ratio):
    found = indices(motion(1.0, ratio), RATE, np.array([1279]))
    assert found[name][0] == pytest.approx(2 * math.log(ratio), abs=0.2)


@pytest.mark.parametrize("name", ["baechlin power", "recent power"])
def test_a_power_is_the_mean_square(name):
    found = indices(motion(1.0, 2.0), RATE, np.array([1279]))
    assert math.exp(found[name][0]) == pytest.approx((1.0 + 4.0) / 2, rel=0.05)


def test_nothing_after_a_tick_is_seen():
    ticks = np.arange(15, 640, 16)
    before = motion(1.0, 1.0)
    after = before.copy()
    after[640:] += 50.0
    for name, values in indices(before, RATE, ticks).items():
        np.testing.assert_array_equal(values, indices(after, RATE, ticks)[name])


def test_newest_motion_weighs_most_in_the_recent_index():
    changed = np.concatenate([motion(2.0, 0.5, 10), motion(0.5, 2.0, 2)])
    found = indices(changed, RATE, np.array([len(changed) - 1]))
    assert found["recent"][0] > found["baechlin"][0] > found["moore"][0]
