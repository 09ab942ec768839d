"""How a file's time stamps tick: their rate, and how far they stray from an even beat."""

from dataclasses import dataclass

import numpy as np

from gaitcue.imu import FloatArray

CHUNK_ROWS = 64
"""Rows over which a burst evens out: radio links deliver at most a few tens of samples at once."""

EVEN_TOLERANCE = 0.15
"""Of a sample: stamps that stay this close to whole sample periods come from an even clock."""

BURSTY_JITTER = 0.75
"""Of a sample: from here on neighbouring stamps may repeat or change places without meaning it."""

FARTHEST = 1e11
"""s; three thousand years: a stamp beyond is none, and has no room for parts of a second."""


@dataclass(frozen=True, slots=True)
class Clock:
    """`rate` Hz, and `jitter` s: how much later than the earliest a stamp usually comes."""

    rate: float
    jitter: float

    @property
    def bursty(self) -> bool:
        """Whether stamps tell when rows were delivered rather than when they were measured."""
        return self.jitter * self.rate >= BURSTY_JITTER


def estimate_clock(stamps: FloatArray, rate: float | None = None) -> Clock:
    """Rate and jitter of a stretch of time stamps (s), in the presence of gaps and bursts.

    With a `rate` given, only the jitter is estimated.

    Raises
    ------
    ValueError
        When the stamps do not advance.
    """
    stamps = stamps[np.abs(stamps) < FARTHEST]
    steps = np.diff(stamps)
    if not (steps > 0).any():
        raise ValueError("time does not advance")
    even = _even_clock(steps, rate)
    if even is not None:
        return even
    return _uneven_clock(stamps, rate)


def _even_clock(steps: FloatArray, rate: float | None) -> Clock | None:
    """The clock if nearly all steps are whole numbers of one period: a true clock with losses."""
    period = 1 / rate if rate else float(np.median(steps[steps > 0]))
    for _ in range(2):  # the second time with the period that the first one refined
        samples = np.rint(steps / period)
        near = (samples >= 1) & (samples <= 10)  # farther, a small error in the period miscounts
        if near.mean() < 0.9:
            return None
        if not rate:
            period = float(steps[near].sum() / samples[near].sum())
    stray = np.abs(steps[near] / period - np.rint(steps[near] / period))
    usual = float(np.quantile(stray, 0.98))
    if usual > EVEN_TOLERANCE:
        return None
    return Clock(rate=_tidy(1 / period), jitter=usual * period)


def _uneven_clock(stamps: FloatArray, rate: float | None) -> Clock:
    """The clock of jittered or bursty stamps, from how long whole chunks of rows take."""
    rows = min(CHUNK_ROWS, len(stamps) - 1)
    marks = stamps[: (len(stamps) - 1) // rows * rows + 1 : rows]
    durations = np.diff(marks)
    typical = np.median(durations[durations > 0]) if (durations > 0).any() else 0.0
    whole = np.abs(durations - typical) < 0.2 * typical  # leaves out chunks with a gap in them
    period = float(durations[whole].mean() / rows) if whole.any() else 0.0
    if not period > 0:
        raise ValueError("time does not advance")
    if rate:
        period = 1 / rate
    count = len(durations) * rows
    late = (stamps[:count] - period * np.arange(count)).reshape(-1, rows)
    spread = late.max(axis=1) - late.min(axis=1)
    # Half of the chunks spread less than the median, and a chunk with a gap spreads far more.
    return Clock(rate=_tidy(1 / period), jitter=1.25 * float(np.median(spread)))


def _tidy(rate: float) -> float:
    """The rate without the rounding errors of decimal stamps: 100.00000003 Hz is 100 Hz."""
    short = round(rate, 3)
    return short if abs(short - rate) < 1e-5 * rate else rate
