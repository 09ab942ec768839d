"""Pairing detected moments with reference moments, one to one."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from gaitcue.imu import FloatArray


def match_times(reference: FloatArray, detected: FloatArray, tolerance: float) -> FloatArray:
    """Pair as many moments as possible, each once, and those with the least total error.

    Parameters
    ----------
    reference, detected
        (n,) and (m,) times, s, in any order.
    tolerance
        A pair is at most this far apart, s.

    Returns
    -------
    FloatArray
        (pairs,) error of each pair, detected minus reference, s, in order of time.

    Notes
    -----
    Solved as a linear assignment (Kuhn 1955, Naval Res Logist Q 2:83) within each neighbourhood of
    moments that could be paired at all; in one dimension that never crosses pairs for a gain.
    """
    reference, detected = np.sort(reference), np.sort(detected)
    moments = np.sort(np.concatenate([reference, detected]))
    cuts = moments[1:][np.diff(moments) > tolerance]
    errors: list[FloatArray] = [np.empty(0)]
    for wanted, found in zip(_split(reference, cuts), _split(detected, cuts), strict=True):
        if not (len(wanted) and len(found)):
            continue
        error = found[None, :] - wanted[:, None]
        apart = np.abs(error)
        # One pair more is worth more than any saving in error the others could make.
        beyond = 1.0 + 2.0 * tolerance * min(error.shape)
        rows, columns = linear_sum_assignment(np.where(apart <= tolerance, apart, beyond))
        chosen = error[rows, columns]
        errors.append(chosen[np.abs(chosen) <= tolerance])
    return np.concatenate(errors)


def _split(times: FloatArray, cuts: FloatArray) -> list[FloatArray]:
    return np.split(times, np.searchsorted(times, cuts, side="left"))
