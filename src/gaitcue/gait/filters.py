"""Causal filters that give the same output however their input is cut into blocks.

Only recursive filters are used: they are computed sample by sample from their state, so that a
block boundary cannot change a single bit. Convolutions and running sums would not have this.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
from scipy import signal

from gaitcue.imu import FloatArray

Band = Literal["lowpass", "highpass", "bandpass"]


def filtered(
    numerator: FloatArray, denominator: FloatArray, values: FloatArray, state: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The next `values` filtered along the first axis, and the filter's state after them."""
    out, state = signal.lfilter(numerator, denominator, values, axis=0, zi=state)
    return out, state


class Butterworth:
    """A causal Butterworth filter along the first axis.

    It starts in the steady state for its first sample, as if that value had always been there.

    Parameters
    ----------
    order
        Filter order (of each edge, for a band-pass).
    corner
        Corner frequency or frequencies, Hz.
    band
        Which side is kept.
    rate
        Sampling rate, Hz.
    """

    def __init__(
        self, order: int, corner: float | tuple[float, float], band: Band, rate: float
    ) -> None:
        self._sections, self._rest = _butterworth(order, corner, band, rate)
        self._states: list[FloatArray] = []

    def __call__(self, values: FloatArray) -> FloatArray:
        """Filter the next `values`, (n,) or (n, k)."""
        if len(values) == 0:
            return values
        if not self._states:
            rest = self._rest if values.ndim == 1 else self._rest[:, :, np.newaxis]
            self._states = list(rest * values[0])
        for number, section in enumerate(self._sections):
            values, self._states[number] = filtered(*section, values, self._states[number])
        return values


@lru_cache(maxsize=256)
def _butterworth(
    order: int, corner: float | tuple[float, float], band: Band, rate: float
) -> tuple[list[tuple[FloatArray, FloatArray]], FloatArray]:
    """Second-order sections, and their state at rest, which filters share but never change.

    Designing them takes longer than filtering a minute, and every stretch needs the same ones.
    """
    sections = signal.butter(order, corner, band, output="sos", fs=rate)
    return [(each[:3], each[3:]) for each in sections], signal.sosfilt_zi(sections)


class ExponentialMean:
    """A recency-weighted mean along the first axis: weights fall by e every `time_constant` s.

    It starts at zero and is divided by the weight seen so far, so that it is a mean from its
    first sample on.
    """

    def __init__(self, time_constant: float, rate: float) -> None:
        decay = float(np.exp(-1.0 / (time_constant * rate)))
        self._numerator = np.array([1.0 - decay])
        self._denominator = np.array([1.0, -decay])
        self._state: FloatArray | None = None

    def __call__(self, values: FloatArray) -> FloatArray:
        """Take in the next `values`, (n,) or (n, k); give the mean after each of them."""
        if len(values) == 0:
            return values
        columns = 1 if values.ndim == 1 else values.shape[1]
        stacked = np.ones((len(values), 1 + columns))  # the weights come first
        stacked[:, 1:] = values if values.ndim == 2 else values[:, np.newaxis]
        if self._state is None:
            self._state = np.zeros((1, stacked.shape[1]))
        sums, self._state = filtered(self._numerator, self._denominator, stacked, self._state)
        mean: FloatArray = sums[:, 1:] / sums[:, :1]
        return mean[:, 0] if values.ndim == 1 else mean


class Sum:
    """A running sum, added sample by sample: a plain sum adds in another order for other blocks."""

    def __init__(self) -> None:
        self._total = 0.0

    def add(self, values: FloatArray) -> None:
        """Add the next (n,) `values`."""
        self._total = float(np.cumsum(np.concatenate([[self._total], values]))[-1])

    def take(self) -> float:
        """The sum so far, which begins again at zero."""
        total, self._total = self._total, 0.0
        return total
