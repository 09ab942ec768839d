"""Agreement statistics against published examples and independent implementations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from gaitcue.replay.score.agreement import intraclass_correlation, roc_area

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)
"""Six targets rated by four judges: Shrout & Fleiss 1979, table 2."""


def test_icc_reproduces_the_published_example() -> None:
    agreement = intraclass_correlation(SHROUT_FLEISS)
    assert agreement is not None
    assert agreement.icc == pytest.approx(0.29, abs=0.005)  # their table 4
    # The interval as pingouin 0.7.0 gives it for the same table.
    assert agreement.ci_low == pytest.approx(0.02, abs=0.005)
    assert agreement.ci_high == pytest.approx(0.76, abs=0.005)


def test_a_constant_offset_lowers_absolute_agreement() -> None:
    # Walks 1, 2, 3 measured as 2, 3, 4: MS walks 2, MS methods 1.5, MS error 0, so that
    # ICC(2,1) = 2 / (2 + 2 * 1.5 / 3) by hand.
    agreement = intraclass_correlation(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]]))
    assert agreement is not None
    assert agreement.icc == pytest.approx(2 / 3)


def test_perfect_agreement_is_one() -> None:
    agreement = intraclass_correlation(np.array([[0.1, 0.1], [33.3, 33.3], [70.0, 70.0]]))
    assert agreement is not None
    assert (agreement.icc, agreement.ci_low, agreement.ci_high) == pytest.approx((1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    "ratings",
    [
        pytest.param(np.empty((0, 2)), id="no walk"),
        pytest.param(np.array([[1.0, 1.0], [2.0, 2.0]]), id="two walks"),
        pytest.param(np.array([[0.0, 0.0], [0.0, 5.0], [0.0, 9.0]]), id="reference all the same"),
    ],
)
def test_icc_is_undefined_without_differences_to_agree_on(ratings: np.ndarray) -> None:
    assert intraclass_correlation(ratings) is None


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=60).filter(
        lambda rows: len({positive for _, positive in rows}) == 2
    )
)
def test_roc_area_is_the_mann_whitney_statistic(rows: list[tuple[int, bool]]) -> None:
    scores = np.array([score / 5 for score, _ in rows])
    positive = np.array([flag for _, flag in rows])
    statistic = mannwhitneyu(scores[positive], scores[~positive]).statistic
    assert roc_area(scores, positive) == pytest.approx(
        statistic / (positive.sum() * (~positive).sum())
    )


@pytest.mark.parametrize("positive", [[], [True, True], [False, False]])
def test_roc_area_needs_both_classes(positive: list[bool]) -> None:
    assert roc_area(np.linspace(0, 1, len(positive)), np.array(positive, dtype=bool)) is None


def test_icc_of_walks_that_disagree_wildly_has_no_made_up_limit() -> None:
    agreement = intraclass_correlation(np.array([[90.0, 0.0], [1.0, 100.0], [1.0, 100.0]]))
    assert agreement is not None
    assert agreement.ci_low is None  # no quantile of F with so few degrees of freedom
    assert agreement.icc < -1


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.one_of(st.just(0.0), st.floats(0, 100))),
        min_size=3,
        max_size=12,
    )
)
def test_icc_and_its_interval_are_numbers_or_undefined(rows: list[tuple[float, float]]) -> None:
    agreement = intraclass_correlation(np.array(rows))
    if agreement is not None:
        figures = (agreement.icc, agreement.ci_low, agreement.ci_high)
        assert all(figure is None or np.isfinite(figure) for figure in figures)
