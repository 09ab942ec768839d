"""Which time stamps of a file can be believed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitcue.imu import FloatArray

AHEAD_ROWS = 64
"""Rows looked ahead to tell rows that were late from rows that were lost."""

RESTART_ROWS = 16
"""Rows that run on below earlier stamps: a clock that was set back, not stray stamps."""

LONGEST_GAP = 24 * 3600.0
"""s; a longer jump forward is a clock that was set, not a loss to be filled with missing rows."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of the stamps of consecutive rows; arrays are (n,) and true where it holds.

    `trusted` rows come after all trusted ones before them. The others `repeated` a time, lie
    `backward` of it (or leap out forward alone), or have none (`unknown`). `jump` is how many
    seconds the clock was set by right after these rows, None where it was not.
    """

    trusted: NDArray[np.bool_]
    repeated: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    jump: float | None


def judge_stamps(stamps: FloatArray, ready: int, *, last: float, tolerance: float) -> Trust:
    """Judge the first `ready` stamps (s), or those up to the first jump of the clock.

    `stamps` goes on beyond `ready` where more rows are known. `last` is the latest trusted stamp
    before these; stamps may lie up to `tolerance` s before a trusted one, as bursts do.
    """
    unknown = ~np.isfinite(stamps)
    spike = _spikes(stamps, last, tolerance)
    usable = np.where(unknown | spike, -np.inf, stamps)
    latest = np.maximum.accumulate(np.concatenate([[last], usable]))
    before = latest[:-1]
    if tolerance > 0:
        trusted = ~unknown & ~spike & (stamps >= before - tolerance)
    else:
        trusted = ~unknown & ~spike & (stamps > before)
    jump: float | None = None
    count = ready
    leap = trusted & (stamps - before > LONGEST_GAP) & np.isfinite(before)
    for where, size in (_first(leap, stamps, before), _first_restart(trusted, stamps, before)):
        if where < count:
            count, jump = where, size
    rows = slice(count)
    repeated = ~trusted & (stamps == before)
    backward = ~trusted & ~unknown & ~repeated
    return Trust(trusted[rows], repeated[rows], backward[rows], unknown[rows], jump)


def delivery_order(stamps: FloatArray, period: float) -> tuple[NDArray[np.int64], int]:
    """The order that puts rows delivered late back into the gap they left, and how many those are.

    Only a run of rows that as a whole fits between two neighbours before it, which lie at least
    1.5 and half as many periods (s) apart as the run has rows, was delivered late.
    """
    order = np.arange(len(stamps))
    late = 0
    for back in np.flatnonzero(np.diff(stamps) < 0).tolist():
        now, start = stamps[order], back + 1
        returns = np.flatnonzero(now[start:] > now[back])
        end = start + int(returns[0]) if len(returns) else len(now)
        run = now[start:end]
        earlier = np.flatnonzero(now[:start] < run[0])
        if not len(earlier) or not (np.diff(run) >= 0).all():
            continue
        into = int(earlier[-1]) + 1
        gap = now[into] - now[into - 1]
        if (now[into:start] > run[-1]).all() and gap > max(1.5, len(run) / 2) * period:
            pieces = (order[:into], order[start:end], order[into:start], order[end:])
            order = np.concatenate(pieces)
            late += len(run)
    return order, late


def _spikes(stamps: FloatArray, last: float, tolerance: float) -> NDArray[np.bool_]:
    """Stamps that leap ahead alone: the next two rows go on from where the last one was."""
    spike = np.zeros(len(stamps), bool)
    if len(stamps) < 3:
        return spike
    previous = np.concatenate([[last], stamps[:-3]])
    one, two = stamps[1:-1], stamps[2:]
    here = stamps[:-2]
    spike[:-2] = (
        (here > one + tolerance) & (here > two + tolerance) & (one > previous) & (two > one)
    )
    return spike


def _first(
    mask: NDArray[np.bool_], stamps: FloatArray, before: FloatArray
) -> tuple[int, float | None]:
    """The first marked row and how far its stamp is from those before; past the end if none."""
    if not mask.any():
        return len(stamps), None
    at = int(np.argmax(mask))
    return at, float(stamps[at] - before[at])


def _first_restart(
    trusted: NDArray[np.bool_], stamps: FloatArray, before: FloatArray
) -> tuple[int, float | None]:
    """The first row from which on stamps stay below the earlier ones while they advance."""
    below = ~trusted & (stamps < before)
    if below.sum() < RESTART_ROWS:
        return len(stamps), None
    runs = np.flatnonzero(
        np.convolve(below, np.ones(RESTART_ROWS, np.int64), "valid") == RESTART_ROWS
    )
    for start in runs.tolist():
        run = stamps[start : start + RESTART_ROWS]
        if (np.diff(run) > 0).sum() >= RESTART_ROWS // 2:
            return _first(np.arange(len(stamps)) == start, stamps, before)
    return len(stamps), None
