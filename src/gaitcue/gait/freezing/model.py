"""The freezing model: a small recurrent network whose weights come with the package.

At each tick it takes one row of `Inputs` and what it remembers, and gives the log-odds of
freezing. Kernels over the last second of motion come first: real ones along the vertical, complex
ones across it, of which only sizes and products within a kernel pair are kept, so that the heading
cannot matter. They and the band powers go through one layer into a gated recurrent unit (Cho et al.
2014). How it was trained, on whom, and what it can do: ``docs/reference/freezing-model.md``.
"""

import hashlib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import IO, Self

import numpy as np

from gaitcue.gait.freezing.features import (
    LEVELS,
    PLAIN,
    RELATIVE,
    ROTATION,
    WAVE,
    WAVE_SAMPLES,
)
from gaitcue.imu import FloatArray, Placement

LEGS = (Placement.SHANK, Placement.FOOT, Placement.THIGH)
"""Placements that the model is told are on a leg; all others are on the trunk to it."""

FARTHEST = 5.0
"""Standard deviations of the training set beyond which an input is taken as that."""

LARGEST_CORRECTION = 2.0
"""Log-odds (a factor of 7 in the odds) that a person's correction may move what the model says by,
to either side: no more than the whole dial."""

SOFT = 1e-2
"""Added to the squared size of a kernel's answer, so that its root has a slope everywhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What was learned, as float64; k inputs before the wave, h units of memory.

    Attributes
    ----------
    mean, scale
        (k,) of the inputs in training, and one over their standard deviation.
    wave_scale
        () one over the size of the wave, s²/m.
    along, along_bias
        (32, a) kernels along the vertical, (a,).
    across
        (32, 2 c) real parts, then imaginary parts of the kernels across it.
    mix, mix_bias
        (a + 2 c, m), (m,): what the kernels say.
    dense, dense_bias
        (k + 2 + m, d), (d,): of the inputs, whether rotation is among them, whether on a leg, and
        what the kernels say.
    gates, gates_bias
        (d, 3 h), (3 h,): reset, update and new content.
    memory, memory_bias
        (h, 3 h), (h,).
    out
        (h + 1,): of the log-odds; the last one is added.
    calibration
        (2, 2): slope and offset, on the trunk and on a leg, that make the log-odds true; from
        people left out.
    thresholds
        (2, 2): calibrated log-odds at which a freeze begins with the profiles assist and quiet, on
        the trunk and on a leg.
    """

    mean: FloatArray
    scale: FloatArray
    wave_scale: FloatArray
    along: FloatArray
    along_bias: FloatArray
    across: FloatArray
    mix: FloatArray
    mix_bias: FloatArray
    dense: FloatArray
    dense_bias: FloatArray
    gates: FloatArray
    gates_bias: FloatArray
    memory: FloatArray
    memory_bias: FloatArray
    out: FloatArray
    calibration: FloatArray
    thresholds: FloatArray

    @classmethod
    def read(cls, file: IO[bytes]) -> Self:
        """From a numpy ``.npz`` archive with an array of each name."""
        with np.load(file, allow_pickle=False) as archive:
            return cls(**{f.name: archive[f.name].astype(np.float64) for f in fields(cls)})

    def write(self, file: IO[bytes]) -> None:
        """As such an archive, in single precision; the same weights give the same bytes."""
        arrays = {f.name: np.float32(getattr(self, f.name)) for f in fields(self)}
        np.savez_compressed(file, allow_pickle=False, **arrays)

    @property
    def fingerprint(self) -> str:
        """Tells these weights from all others.

        What was learned of one model's memory means nothing to another's.
        """
        digest = hashlib.sha256()
        for f in fields(self):
            digest.update(np.ascontiguousarray(getattr(self, f.name), "<f4").tobytes())
        return digest.hexdigest()[:16]


def sees_rotation(placement: Placement, *, gyroscope: bool) -> bool:
    """Whether the model makes use of the sensor's gyroscope.

    On the trunk it does not: no set with freezing has one there that is large enough to learn from.
    """
    return gyroscope and placement in LEGS


@cache
def weights() -> Weights:
    """Those that come with the package."""
    with (resources.files(__package__) / "weights.npz").open("rb") as file:
        return Weights.read(file)


class Network:
    """Follows one unbroken stretch of motion, tick by tick.

    Parameters
    ----------
    learned
        The weights.
    placement, gyroscope
        Of the sensor.
    correction
        (h + 1,) of a person: what is added to the log-odds for each unit of memory, and always;
        see `correction`.
    """

    def __init__(
        self,
        learned: Weights,
        placement: Placement,
        *,
        gyroscope: bool,
        correction: FloatArray | None = None,
    ) -> None:
        self._correction = correction
        self._learned = learned
        self._scale = learned.scale.copy()
        rotation = sees_rotation(placement, gyroscope=gyroscope)
        if not rotation:
            for part in (LEVELS, RELATIVE):
                self._scale[part][ROTATION] = 0.0
        self._pair = np.roll(np.arange(learned.across.shape[1] // 2), 1)  # each with the one before
        self._worn = np.array([float(rotation), float(placement in LEGS)])
        self._slope, self._offset = learned.calibration[int(placement in LEGS)].tolist()
        self._hidden = np.zeros(len(learned.memory_bias))

    def __call__(self, rows: FloatArray) -> list[float]:
        """Calibrated log-odds of freezing at each of the next ticks, whose inputs are `rows`."""
        return self.odds(self.remember(rows))

    def odds(self, memory: FloatArray) -> list[float]:
        """The same, by the (n, h) `memory` after each of the ticks."""
        said = _each_times(memory, self._learned.out[:-1, np.newaxis])[:, 0].tolist()
        last = float(self._learned.out[-1])
        calibrated = [self._slope * (odds + last) + self._offset for odds in said]
        if self._correction is None:
            return calibrated
        moved = _each_times(memory, self._correction[:-1, np.newaxis])[:, 0]
        moved = np.clip(moved + self._correction[-1], -LARGEST_CORRECTION, LARGEST_CORRECTION)
        return [odds + by for odds, by in zip(calibrated, moved.tolist(), strict=True)]

    def remember(self, rows: FloatArray) -> FloatArray:
        """(n, h) what is remembered after each of the next ticks, whose inputs are (n, k) `rows`.

        What does not need the memory of the tick before is computed for all of them together.
        """
        w = self._learned
        plain = (rows[:, PLAIN] - w.mean) * self._scale
        plain = np.minimum(np.maximum(plain, -FARTHEST), FARTHEST)
        worn = np.broadcast_to(self._worn, (len(rows), len(self._worn)))
        heard = np.tanh(_each_times(self._kernels(rows), w.mix) + w.mix_bias)
        seen = np.concatenate([plain, worn, heard], axis=1)
        dense = np.tanh(_each_times(seen, w.dense) + w.dense_bias)
        memory = np.empty((len(rows), len(self._hidden)))
        for row, gates in enumerate(_each_times(dense, w.gates) + w.gates_bias):
            memory[row] = self._hidden = self._after(gates)
        return memory

    def _after(self, gates: FloatArray) -> FloatArray:
        """The memory after the tick of (3 h,) `gates`."""
        w, size = self._learned, len(self._hidden)
        recalled = np.dot(self._hidden, w.memory)
        both = 1.0 / (1.0 + np.exp(-(gates[: 2 * size] + recalled[: 2 * size])))
        reset, update = both[:size], both[size:]
        new = np.tanh(gates[2 * size :] + reset * (recalled[2 * size :] + w.memory_bias))
        after: FloatArray = update * self._hidden + (1.0 - update) * new
        return after

    def _kernels(self, rows: FloatArray) -> FloatArray:
        w, count = self._learned, len(rows)
        wave = rows[:, WAVE].reshape(count, 3, WAVE_SAMPLES) * w.wave_scale
        along = np.maximum(_each_times(wave[:, 0], w.along) + w.along_bias, 0.0)
        first, second = np.matmul(wave[:, 1:], w.across).reshape(count, 2, 2, -1).swapaxes(0, 1)
        real, imaginary = first[:, 0] - second[:, 1], first[:, 1] + second[:, 0]
        size = np.sqrt(real * real + imaginary * imaginary + SOFT)
        pair = self._pair
        product = real * real[:, pair] + imaginary * imaginary[:, pair]
        return np.concatenate([along, size, product / np.sqrt(size * size[:, pair])], axis=1)


def _each_times(rows: FloatArray, matrix: FloatArray) -> FloatArray:
    """Each of (n, k) rows times the (k, m) matrix, (n, m).

    One by one: a product of all rows at once may add in another order for another number of them.
    """
    product: FloatArray = np.matmul(rows[:, np.newaxis], matrix)[:, 0]
    return product
