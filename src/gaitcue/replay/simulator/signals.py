"""Signals on the fine grid of time that motion is computed on before a sensor samples it."""

import numpy as np
from numpy.random import Generator
from scipy.ndimage import gaussian_filter1d

from gaitcue.imu import FloatArray

FINE_RATE = 400.0
"""Rate of the fine grid, Hz: fast enough for the impact of a heel, about 20 Hz."""


def smooth(signal: FloatArray, sd: float) -> FloatArray:
    """Blur along time by a Gaussian of standard deviation `sd` s; it delays nothing."""
    blurred: FloatArray = gaussian_filter1d(signal, sd * FINE_RATE, axis=0, mode="nearest")
    return blurred


def slow_noise(count: int, sd: float, rng: Generator) -> FloatArray:
    """(count,) unit-variance Gaussian noise, correlated over about `sd` s."""
    # A unit white sequence blurred by a Gaussian of s samples has variance 1 / (2 s sqrt(pi)).
    scale = float(np.sqrt(2.0 * np.sqrt(np.pi) * sd * FINE_RATE))
    noise: FloatArray = smooth(rng.standard_normal(count), sd) * scale
    return noise


def knocks(
    count: int, times: FloatArray, strengths: FloatArray, frequency: float, decay: float
) -> FloatArray:
    """(count,) a damped oscillation at each of `times` (s), as a heel strike sends up the body.

    `strengths` are about the first peaks, `frequency` is in Hz, `decay` in s.
    """
    train = np.zeros(count + 1)
    place = times * FINE_RATE
    row = np.clip(place.astype(int), 0, count - 1)
    np.add.at(train, row, strengths * (1 - (place - row)))
    np.add.at(train, row + 1, strengths * (place - row))
    lag = np.arange(int(6 * decay * FINE_RATE)) / FINE_RATE
    ringing = np.exp(-lag / decay) * np.sin(2 * np.pi * frequency * lag)
    rung: FloatArray = np.convolve(train, ringing / ringing.max())[:count]
    return rung


def rate_of(signal: FloatArray) -> FloatArray:
    """First derivative along time, per s."""
    slope: FloatArray = np.gradient(signal, 1 / FINE_RATE, axis=0)
    return slope
