"""Finding where rows come steadily faster or slower than the sensor's rate."""

import numpy as np
from numpy.typing import NDArray

from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray

RATE_CHANGE = 0.1
"""Share of rows too many or too few, spread over a window, that counts as a changed rate."""

RATE_WINDOW = 128
"""Rows over which a changed rate is looked for."""

EVENNESS = 0.5
"""Standard deviation over mean of distances: 0 when even, nearly 1 when random."""


def rate_problems(
    stamps: FloatArray, slots: NDArray[np.int64], left_out: NDArray[np.bool_], rate: float
) -> list[DataProblem]:
    """What to tell of consecutive rows with `stamps` s that were placed at `slots` of the grid.

    `left_out` marks the rows that found no place; all arrays are (n,).
    """
    dropped = int(left_out.sum())
    changed = _changed_windows(slots, left_out)
    if changed.any():
        first = int(np.argmax(changed)) + 1  # the first changed window may be so only in part
        at = stamps[first * RATE_WINDOW : (first + 1) * RATE_WINDOW]
        seen = (len(at) - 1) / max(float(at[-1] - at[0]), 1e-9)
        words = f" (left out, as they do not fit in: {dropped})" if dropped else ""
        return [
            DataProblem(
                time=float(stamps[(first - 1) * RATE_WINDOW]),
                decided=float(stamps[-1]),
                kind="rate_change",
                count=int(changed.sum()) * RATE_WINDOW,
                detail=f"from about {at[0]:.3g} s on rows come at about {seen:.3g} Hz instead of "
                f"{rate:.6g} Hz{words}",
            )
        ]
    if dropped:
        return [
            DataProblem(
                time=float(stamps[np.argmax(left_out)]),
                decided=float(stamps[-1]),
                kind="too_many_rows",
                count=dropped,
                detail=f"rows too early to fit in at {rate:.6g} Hz, left out: {dropped}",
            )
        ]
    return []


def _changed_windows(slots: NDArray[np.int64], left_out: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which windows of `RATE_WINDOW` rows run at another rate; one window alone may be chance."""
    windows = len(slots) // RATE_WINDOW
    if not windows:
        return np.zeros(0, bool)
    rows = windows * RATE_WINDOW
    faster = left_out[:rows].reshape(windows, -1).mean(axis=1)
    steps = np.diff(slots[:rows], prepend=slots[0] - 1).reshape(windows, -1)
    slower = np.array([_regular(np.flatnonzero(window > 1)) for window in steps])
    changed = np.pad((faster >= RATE_CHANGE) | slower, 1)
    pairs: NDArray[np.bool_] = changed[1:-1] & (changed[:-2] | changed[2:])
    return pairs


def _regular(gaps: NDArray[np.int64]) -> bool:
    """Whether gaps before these rows of a window are those of a lower rate, not of lost rows.

    Rows of a lower rate leave gaps at even distances; losses come at random ones.
    """
    if len(gaps) < RATE_CHANGE * RATE_WINDOW:
        return False
    distances = np.diff(gaps)
    return bool(distances.std() < EVENNESS * distances.mean())
