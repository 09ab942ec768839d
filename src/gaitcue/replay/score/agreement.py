"""Statistics of agreement: area under the ROC curve and intraclass correlation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution
from scipy.stats import rankdata

from gaitcue.imu import FloatArray

CONFIDENCE = 0.95
"""Of every interval given here, by convention of the field."""

FEWEST_WALKS = 3
"""Below this, the interval of an intraclass correlation spans nearly all values: not given."""


def roc_area(scores: FloatArray, positive: NDArray[np.bool_]) -> float | None:
    """Chance that a positive scores above a negative, ties counting half; None with one class.

    This is the Mann-Whitney U of the positives over its largest value (Hanley & McNeil 1982,
    Radiology 143:29). `scores` and `positive` are (n,).
    """
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if positives == 0 or negatives == 0:
        return None
    ranks = float(rankdata(scores)[positive].sum())
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


@dataclass(frozen=True, slots=True)
class Agreement:
    """An intraclass correlation and its 95 % confidence interval, without unit."""

    icc: float
    ci_low: float | None
    ci_high: float | None


def intraclass_correlation(ratings: FloatArray) -> Agreement | None:
    """ICC(2,1): two-way random effects, absolute agreement, a single measurement.

    Parameters
    ----------
    ratings
        (n, k): each of n walks as measured by each of k methods, the reference in column 0.

    Returns
    -------
    Agreement | None
        None with fewer than three walks, or when the reference is the same for all of them, as
        there is then no difference between walks to agree on.

    Notes
    -----
    Shrout & Fleiss 1979 (Psychol Bull 86:420), ICC(2,1); called ICC(A,1) by McGraw & Wong 1996
    (Psychol Methods 1:30), whose table 7 gives the interval from the F distribution with
    Satterthwaite's degrees of freedom.
    """
    n, k = ratings.shape
    if n < FEWEST_WALKS or np.ptp(ratings[:, 0]) == 0:
        return None
    mean = ratings.mean()
    walks, methods = ratings.mean(axis=1), ratings.mean(axis=0)
    residual = ratings - walks[:, None] - methods[None, :] + mean
    ms_walks = float(k * ((walks - mean) ** 2).sum() / (n - 1))
    ms_methods = float(n * ((methods - mean) ** 2).sum() / (k - 1))
    ms_error = float((residual**2).sum() / ((n - 1) * (k - 1)))
    total = ms_walks + (k - 1) * ms_error + k * (ms_methods - ms_error) / n
    if not total > 0:
        return None
    icc = (ms_walks - ms_error) / total
    if icc >= 1:  # every walk measured alike by every method, to rounding
        return Agreement(1.0, 1.0, 1.0)

    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    spread = (a * ms_methods) ** 2 / (k - 1) + (b * ms_error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * ms_methods + b * ms_error) ** 2 / spread if spread > 0 else 0.0
    if not freedom > 0:
        return Agreement(icc, None, None)
    tail = 1 - (1 - CONFIDENCE) / 2
    f_low = float(f_distribution.ppf(tail, n - 1, freedom))
    f_high = float(f_distribution.ppf(tail, freedom, n - 1))
    rest = k * ms_methods + (k * n - k - n) * ms_error
    low = n * (ms_walks - f_low * ms_error) / (f_low * rest + n * ms_walks)
    high = n * (f_high * ms_walks - ms_error) / (rest + n * f_high * ms_walks)
    # With next to no degrees of freedom the F distribution has no such quantile.
    return Agreement(icc, _finite(low), _finite(high))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
