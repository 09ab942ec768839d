"""Signals on the fine grid of time that motion is computed on before a sensor samples it."""

import numpy as np
from numpy.random import Generator
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from gaitcue.imu import FloatArray

FINE_RATE = 400.0
"""Rate of the fine grid, Hz: fast enough for the impact of a heel, about 20 Hz."""


def smooth(signal: FloatArray, sd: float) -> FloatArray:
    """Blur along time by a Gaussian of standard deviation `sd` s; it delays nothing."""
    blurred: FloatArray = gaussian_filter1d(signal, sd * FINE_RATE, axis=0, mode="nearest")
    return blurred


def slow_noise(count: int, sd: float, rng: Generator) -> FloatArray:
    """(count,) unit-variance Gaussian noise: white noise blurred by a Gaussian of `sd` s."""
    spacing = sd * FINE_RATE / 4  # rows between knots; a quarter of the blur loses nothing
    knots = np.arange(int(count / spacing) + 5) * spacing
    white = rng.standard_normal(len(knots))
    # Unit white noise blurred over 4 knots keeps a variance of 1 / (2 * 4 * sqrt(pi)).
    noise = gaussian_filter1d(white, 4.0, mode="wrap") * np.sqrt(8.0 * np.sqrt(np.pi))
    fine: FloatArray = CubicSpline(knots, noise)(np.arange(count))
    return fine


def knocks(count: int, times: FloatArray, strengths: FloatArray, width: float) -> FloatArray:
    """(count,) a knock at each of `times` (s), as a heel strike sends up the body.

    `strengths` are about the first peaks, which last some `width` s. It is the acceleration of a
    place that is jolted and comes to rest where it was, so nobody gets anywhere by it.
    """
    train = np.zeros(count + 1)
    place = times * FINE_RATE
    row = np.clip(place.astype(int), 0, count - 1)
    np.add.at(train, row, strengths * (1 - (place - row)))
    np.add.at(train, row + 1, strengths * (place - row))
    lag = np.arange(-2, int(12 * width * FINE_RATE)) / FINE_RATE / width
    jolt = np.diff(np.maximum(lag, 0.0) ** 3 * np.exp(-lag), 2)
    felt: FloatArray = np.convolve(train, jolt / jolt.max())[:count]
    return felt


def rate_of(signal: FloatArray) -> FloatArray:
    """First derivative along time, per s."""
    slope: FloatArray = np.gradient(signal, 1 / FINE_RATE, axis=0)
    return slope
