"""The same walks as a worse, faster, slower or otherwise strapped sensor would have given them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from scipy.signal import resample_poly
from scipy.spatial.transform import Rotation

from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray, Samples
from gaitcue.recording.model import Recording, Sensor, read_all

SEED = 7
PACKET, LOST = 10, 0.05
"""Samples in a packet, and the share of packets lost."""

Disturbance = Callable[[Sensor, np.random.Generator], Sensor]


def disturbed(recording: Recording, how: Disturbance) -> Recording:
    """The recording with every sensor changed; the same one every time."""
    rng = np.random.default_rng([SEED, *recording.name.encode()])
    return replace(recording, sensors=tuple(how(sensor, rng) for sensor in recording.sensors))


def rotated(sensor: Sensor, rng: np.random.Generator) -> Sensor:
    """Strapped on any way round."""
    turn = Rotation.random(rng=rng)

    def change(samples: Samples) -> Samples:
        gyr = None if samples.gyr is None else _turned(turn, samples.gyr)
        return replace(samples, acc=_turned(turn, samples.acc), gyr=gyr)

    return _with(sensor, change)


def lossy(sensor: Sensor, rng: np.random.Generator) -> Sensor:
    """One in twenty packets lost."""
    seed = int(rng.integers(2**32))

    def change(samples: Samples) -> Samples:
        draw = np.random.default_rng(seed)
        lost = np.repeat(draw.random(len(samples) // PACKET + 1) < LOST, PACKET)[: len(samples)]
        acc = np.where(lost[:, np.newaxis], np.nan, samples.acc)
        gyr = None if samples.gyr is None else np.where(lost[:, np.newaxis], np.nan, samples.gyr)
        return replace(samples, acc=acc, gyr=gyr)

    return _with(sensor, change)


def at_rate(rate: int) -> Disturbance:
    """Sampled at `rate` Hz."""

    def change_sensor(sensor: Sensor, _: np.random.Generator) -> Sensor:
        def change(samples: Samples) -> Samples:
            acc = _resampled(samples.acc, samples.rate, rate)
            gyr = None if samples.gyr is None else _resampled(samples.gyr, samples.rate, rate)
            time = samples.time[0] + np.arange(len(acc)) / rate
            return replace(samples, time=time, acc=acc, gyr=gyr, rate=float(rate))

        return replace(_with(sensor, change), rate=float(rate))

    return change_sensor


def _with(sensor: Sensor, change: Callable[[Samples], Samples]) -> Sensor:
    def read() -> Iterator[Samples | DataProblem]:
        samples, problems = read_all(sensor)
        yield from problems
        yield change(samples)

    return replace(sensor, read=read)


def _turned(turn: Rotation, vectors: FloatArray) -> FloatArray:
    there = np.isfinite(vectors).all(axis=1)
    turned = np.full_like(vectors, np.nan)
    turned[there] = turn.apply(vectors[there])
    return turned


def _resampled(x: FloatArray, was: float, rate: int) -> FloatArray:
    """Without what is missing in either; the edges are held."""
    there = np.isfinite(x).all(axis=1)
    rows = np.arange(len(x))
    whole = np.column_stack([np.interp(rows, rows[there], column[there]) for column in x.T])
    return np.asarray(resample_poly(whole, rate, round(was), padtype="line"))
