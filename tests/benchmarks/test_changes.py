"""Rates that ``benchmarks/gait`` turns recordings into, against motion that is known."""

import numpy as np
import pytest
from benchmarks.gait.changes import RATES

from gaitcue.imu import Placement, Samples


def samples(rate, acc, says=None):
    time = 5.0 + np.arange(len(acc)) / rate
    return Samples(time=time, acc=acc, gyr=None, placement=Placement.CHEST, rate=says or rate)


def swing(rate, seconds=8):
    time = 5.0 + np.arange(int(seconds * rate)) / rate
    return np.column_stack([np.sin(2 * np.pi * time), time, np.full(len(time), 9.81)])


@pytest.mark.parametrize(("own", "says"), [(100, 100), (204.8, 204.8), (405, 405), (102, 100)])
@pytest.mark.parametrize("name", list(RATES))
def test_motion_is_the_same_at_any_rate(own, says, name):
    before = samples(own, swing(own), says)
    after = RATES[name].of(before)
    assert after.rate == RATES[name].rate
    np.testing.assert_allclose(np.diff(after.time), 1 / after.rate)
    expected = [np.sin(2 * np.pi * after.time), after.time, np.full(len(after), 9.81)]
    half_a_sample = np.pi / own
    np.testing.assert_allclose(after.acc, np.column_stack(expected), atol=half_a_sample)
    assert after.time[-1] == pytest.approx(before.time[-1], abs=2 / after.rate)


@pytest.mark.parametrize("name", list(RATES))
def test_what_is_missing_stays_missing(name):
    acc = swing(100.0)
    acc[400:410] = np.nan
    after = RATES[name].of(samples(100.0, acc))
    lost = after.time[np.isnan(after.acc).all(axis=1)]
    assert lost[0] == pytest.approx(9.0, abs=0.041)
    assert lost[-1] == pytest.approx(9.09, abs=0.041)
    assert len(lost) == pytest.approx(0.1 * after.rate, abs=4)
