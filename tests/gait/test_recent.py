"""Cutting a stride out of the motion of late."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.gait.recent import Recent

KEPT = 20
TIME = np.arange(200) / 10
ROWS = np.arange(600.0).reshape(200, 3)


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=30),
    back=st.floats(0.3, KEPT / 10),
    length=st.floats(0.1, 3),
)
def test_what_is_kept_comes_back_however_it_came(sizes, back, length):
    recent, end = Recent(KEPT), 0
    for size in sizes:
        begin, end = end, min(end + size, len(TIME))
        if begin == end:
            break
        recent.add(TIME[begin:end], ROWS[begin:end])
        start = TIME[begin] - back  # up to KEPT rows before the newest piece
        cut = recent.between(start, start + length)
        if start <= 0:
            assert cut is None
            continue
        assert cut is not None
        inside = (TIME[:end] >= start) & (TIME[:end] < start + length)
        assert np.array_equal(cut[0], TIME[:end][inside])
        assert np.array_equal(cut[1], ROWS[:end][inside])


@pytest.mark.parametrize("size", [1, 7])
def test_what_is_too_old_is_forgotten(size):
    recent = Recent(KEPT)
    for begin in range(0, len(TIME), size):
        recent.add(TIME[begin : begin + size])
    assert recent.between(TIME[-1] - (KEPT + 3 * size) / 10, TIME[-1]) is None
