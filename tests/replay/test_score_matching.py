"""Spans of time, and pairing moments one to one."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.replay.score import spans
from gaitcue.replay.score.matching import match_times

TIMES = st.lists(st.integers(0, 40).map(lambda tenth: tenth / 10), max_size=6)
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6).map(spans.union)


def test_each_step_is_matched_once() -> None:
    # Two detections near one contact: the nearer is matched, the other is false.
    errors = match_times(np.array([1.0, 5.0]), np.array([0.9, 1.05]), 0.25)
    np.testing.assert_allclose(errors, [0.05])


def test_one_more_pair_is_worth_more_than_a_smaller_error() -> None:
    # Nearest first would pair 1.2 with 1.2 and leave 1.0 alone.
    errors = match_times(np.array([1.0, 1.2]), np.array([1.2, 1.4]), 0.25)
    np.testing.assert_allclose(errors, [0.2, 0.2])


def test_a_pair_may_be_exactly_the_tolerance_apart() -> None:
    np.testing.assert_allclose(match_times(np.array([1.0]), np.array([1.25]), 0.25), [0.25])
    assert len(match_times(np.array([1.0]), np.array([1.2501]), 0.25)) == 0


@given(TIMES, TIMES, st.sampled_from([0.1, 0.25, 0.5]))
def test_matching_is_the_best_possible(
    reference: list[float], detected: list[float], tolerance: float
) -> None:
    errors = match_times(np.array(reference), np.array(detected), tolerance)
    fewer, more = sorted((reference, detected), key=len)
    best = max(
        (_worth(fewer, chosen, tolerance) for chosen in itertools.permutations(more, len(fewer))),
        default=(0, 0.0),
    )
    assert len(errors) == best[0]
    assert np.abs(errors).sum() == pytest.approx(-best[1])
    assert np.all(np.abs(errors) <= tolerance)


def _worth(left: list[float], right: tuple[float, ...], tolerance: float) -> tuple[int, float]:
    kept = [abs(b - a) for a, b in zip(left, right, strict=True) if abs(b - a) <= tolerance]
    return len(kept), -round(sum(kept), 9)


@given(SPANS, SPANS)
def test_spans_behave_as_sets_of_moments(one: np.ndarray, other: np.ndarray) -> None:
    moments = np.arange(-0.5, 31, 0.5)
    in_one, in_other = spans.inside(moments, one), spans.inside(moments, other)
    left, both = spans.subtract(one, other), spans.intersect(one, other)
    np.testing.assert_array_equal(spans.inside(moments, left), in_one & ~in_other)
    np.testing.assert_array_equal(spans.inside(moments, both), in_one & in_other)
    assert spans.length(left) + spans.length(both) == pytest.approx(spans.length(one))
