"""What the freezing model looks at, at every tick: band powers, tilt, and the last second's motion.

All of it is taken along the vertical and across it, and the model makes of what lies across only
what does not depend on the heading; so how the strap sits cannot matter. Filters are designed for
the sensor's own rate and the last second is read off at fixed times, so that the rate does not
matter either.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.filters import Butterworth, ExponentialMean
from gaitcue.gait.intake import Motion
from gaitcue.gait.orientation import Upright, dot
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray

BANDS = ((0.4, 0.8), (0.8, 1.5), (1.5, 3.0), (3.0, 5.0), (5.0, 8.0), (8.0, 13.0))
"""Hz: about an octave each. Strides and steps lie in the first three (the locomotor band of Moore
et al. 2008), trembling in the next two (their freeze band), the shock of a heel in the last."""

ROTATION_BANDS = ((0.3, 3.0), (3.0, 8.0))
"""Hz: of the angular rate, stepping and trembling."""

TURNING = 0.7
"""Hz: below it, rotation about the vertical is turning (as in `turns`)."""

HIGHEST = 0.45
"""Of the sampling rate: no band goes beyond; a band that begins there repeats the one below."""

RECENCY = 0.5
"""s: time constant of the powers, about a step; the model has a memory of its own for the rest."""

INDEX_RECENCY = 1.5
"""s: time constant of the freeze index; a 4 s window with linearly falling weights has a like mean
age (1.33 s)."""

BASELINE = 30.0
"""s: time constant of the walker's own running mean of each logarithm."""

QUIET_ACC, QUIET_GYR = 1e-3, 1e-3
"""(m/s²)², (rad/s)²: added before the logarithm, so that what a sensor reads at rest (its noise)
cannot tell the model which sensor it is."""

POSTURE = 10.0
"""s: time constant of the posture that the present tilt is compared with."""

WAVE_RATE, WAVE_SAMPLES = 32.0, 32
"""Hz and number: how the last second of motion is read off."""

WAVE_TOP = 13.0
"""Hz: corner of the low-pass before that; the highest of `BANDS` ends there."""


LEVELS = slice(0, 2 * len(BANDS) + 2 * len(ROTATION_BANDS) + 1)
"""Of a row: logarithms of recency-weighted powers. For each of `BANDS` that along the vertical and
that across it; then for each of `ROTATION_BANDS` that about the vertical and that about the rest;
last that of turning. Zero for rotation without a gyroscope."""

ROTATION = slice(2 * len(BANDS), LEVELS.stop)
"""The part of `LEVELS` that needs a gyroscope."""

RELATIVE = slice(LEVELS.stop, 2 * LEVELS.stop)
"""The same less the walker's own baseline."""

TILT = slice(RELATIVE.stop, RELATIVE.stop + 2)
"""Angles from the posture of late and from that of a second ago, rad."""

INDEX = slice(TILT.stop, TILT.stop + 2)
"""Logarithms of the freeze index (power in the freeze band over that in the locomotor band, Moore
et al. 2008) and of the power in both, (m/s²)² (Bächlin et al. 2010), over `INDEX_RECENCY`."""

PLAIN = slice(0, INDEX.stop)
"""All of these."""

WAVE = slice(INDEX.stop, INDEX.stop + 3 * WAVE_SAMPLES)
"""The last second's acceleration without gravity, m/s²: `WAVE_SAMPLES` along the vertical, then as
many along each of two directions across it, newest last."""


class Inputs:
    """Gives the model's inputs at every tick of one unbroken stretch of motion.

    They are not scaled to the people of any data set, which is the model's part.
    """

    def __init__(self, rate: float, *, gyroscope: bool) -> None:
        self._gyroscope = gyroscope
        self._waiting: list[_Piece] = []  # motion since the last tick
        self._power = _Power(rate)
        self._measured = LEVELS.stop if gyroscope else ROTATION.start
        self._quiet = np.repeat(
            [QUIET_ACC, QUIET_GYR], [ROTATION.start, LEVELS.stop - ROTATION.start]
        )[: self._measured]
        self._wave = _Wave(rate)
        self._baseline = _RunningMean(BASELINE)
        self._posture = _RunningMean(POSTURE)
        self._index = _RunningMean(INDEX_RECENCY)
        self._ups: list[list[float]] = []  # of the last second's ticks

    def __call__(self, motion: Motion, upright: Upright, ticks: NDArray[np.intp]) -> FloatArray:
        """Take in the next motion; a row for each of its `ticks`, (len(ticks), WAVE.stop).

        What comes between two ticks is filtered with the second one: most of the cost of a filter
        is that of calling it.
        """
        self._waiting.append(_piece(motion, upright, gyroscope=self._gyroscope))
        if len(ticks) == 0:
            return np.empty((0, WAVE.stop))
        before = sum(len(piece.acc) for piece in self._waiting[:-1])
        piece, self._waiting = _joined(self._waiting), []
        return self._rows(piece, before + ticks)

    def _rows(self, piece: "_Piece", ticks: NDArray[np.intp]) -> FloatArray:
        powers = self._power(piece)[ticks] + self._quiet
        levels = np.log(powers)
        ups = piece.up[ticks]
        rows = np.zeros((len(ticks), WAVE.stop))
        rows[:, LEVELS][:, : self._measured] = levels
        rows[:, RELATIVE][:, : self._measured] = levels - self._baseline(levels)
        rows[:, TILT] = self._tilts(ups)
        rows[:, INDEX] = [
            _index(each) for each in self._index(powers[:, : ROTATION.start]).tolist()
        ]
        rows[:, WAVE] = self._wave(piece.moving, ups, ticks)
        return rows

    def _tilts(self, ups: FloatArray) -> list[tuple[float, float]]:
        tilts = []
        for up, posture in zip(ups.tolist(), self._posture(ups).tolist(), strict=True):
            self._ups = [*self._ups[-TICKS_PER_SECOND:], up]
            tilts.append((_angle(up, posture), _angle(up, self._ups[0])))
        return tilts


class _Piece(NamedTuple):
    """Motion as the filters take it: (n, 3), `yaw` (n,); of rotation (0,) where it is not seen."""

    acc: FloatArray
    up: FloatArray
    moving: FloatArray
    gyr: FloatArray
    yaw: FloatArray


def _piece(motion: Motion, upright: Upright, *, gyroscope: bool) -> _Piece:
    gyr = yaw = np.empty(0)
    if gyroscope and motion.gyr is not None and upright.yaw is not None:
        gyr, yaw = motion.gyr, upright.yaw
    return _Piece(motion.acc, upright.up, upright.moving, gyr, yaw)


def _joined(pieces: list[_Piece]) -> _Piece:
    if len(pieces) == 1:
        return pieces[0]
    return _Piece(*map(np.concatenate, zip(*pieces, strict=True)))


class _Power:
    """Recency-weighted powers after each sample."""

    def __init__(self, rate: float) -> None:
        self._bands = [_band(low, high, rate) for low, high in BANDS]
        self._rotation = [_band(low, high, rate) for low, high in ROTATION_BANDS]
        self._turning = Butterworth(1, TURNING, "lowpass", rate)
        self._mean = ExponentialMean(RECENCY, rate)

    def __call__(self, piece: _Piece) -> FloatArray:
        powers = [_powers(self._bands, piece.acc, piece.up)]
        if len(piece.gyr) > 0:
            turning = self._turning(piece.yaw)
            powers.append(_powers(self._rotation, piece.gyr, piece.up))
            powers.append((turning * turning)[:, np.newaxis])
        return self._mean(powers[0] if len(powers) == 1 else np.concatenate(powers, axis=1))


class _Wave:
    """Keeps the last second of motion and reads it off at the ticks."""

    def __init__(self, rate: float) -> None:
        self._low = Butterworth(2, min(WAVE_TOP, HIGHEST * rate), "lowpass", rate)
        back = np.arange(WAVE_SAMPLES - 1, -1, -1) * rate / WAVE_RATE  # samples before the tick
        self._length = int(np.ceil(back[0])) + 1
        at = self._length - 1 - back
        self._before = np.floor(at).astype(np.intp)
        self._after = np.minimum(self._before + 1, self._length - 1)
        self._part = (at - self._before)[:, np.newaxis]
        self._held = np.empty((0, 3))

    def __call__(self, moving: FloatArray, ups: FloatArray, ticks: NDArray[np.intp]) -> FloatArray:
        """Take in the next (n, 3) motion; what `WAVE` says, with the (k, 3) `ups` at k `ticks`."""
        low = self._low(moving)
        if not len(self._held):  # as if the first value had always been there
            self._held = np.repeat(low[:1], self._length, axis=0)
        rows = np.concatenate([self._held, low])
        self._held = rows[-self._length :]
        first = ticks[:, np.newaxis] + 1  # of the last second, in `rows`
        before = rows[first + self._before]
        waves = before + self._part * (rows[first + self._after] - before)
        frames = np.array([_frame(up) for up in ups.tolist()])
        turned: FloatArray = np.matmul(frames, waves.transpose(0, 2, 1))
        return turned.reshape(len(ticks), -1)


class _RunningMean:
    """A recency-weighted mean of what is handed over at every tick, a true mean at first."""

    def __init__(self, time_constant: float) -> None:
        self._step = 1.0 - float(np.exp(-1.0 / (time_constant * TICKS_PER_SECOND)))
        self._sum: FloatArray | float = 0.0
        self._weight = 0.0

    def __call__(self, values: FloatArray) -> FloatArray:
        """Take in the (n, k) `values` of the next ticks; give the mean after each of them."""
        means = np.empty_like(values)
        for row, value in enumerate(values):
            self._sum = self._sum + self._step * (value - self._sum)
            self._weight += self._step * (1.0 - self._weight)
            means[row] = self._sum / self._weight
        return means


def _band(low: float, high: float, rate: float) -> Butterworth | None:
    top = min(high, HIGHEST * rate)
    return Butterworth(2, (low, top), "bandpass", rate) if top > 1.15 * low else None


def _powers(bands: list[Butterworth | None], x: FloatArray, up: FloatArray) -> FloatArray:
    """(n, 2 * bands): of the (n, 3) `x` in each band, along `up` and across it."""
    passed: list[FloatArray] = []
    for band in bands:
        passed.append(passed[-1] if band is None else band(x))
    y = np.concatenate(passed, axis=1).reshape(len(x), -1, 3)
    along = dot(y, up[:, np.newaxis])
    powers = np.empty((len(x), len(bands), 2))
    powers[:, :, 0] = along * along
    powers[:, :, 1] = np.maximum(dot(y, y) - powers[:, :, 0], 0.0)
    return powers.reshape(len(x), -1)


def _index(powers: list[float]) -> tuple[float, float]:
    """What `INDEX` says, of the powers along and across the vertical in each of `BANDS`."""
    locomotor, freeze = sum(powers[:6]), sum(powers[6:10])
    return math.log(freeze / locomotor), math.log(freeze + locomotor)


def _frame(up: list[float]) -> list[list[float]]:
    """(3, 3): in its rows `up` and two directions across it, at right angles to each other."""
    x, y, z = up
    # Across from the sensor axis that lies flattest, which is never along `up`.
    if abs(x) <= abs(y) and abs(x) <= abs(z):
        a, b, c = 0.0, z, -y
    elif abs(y) <= abs(z):
        a, b, c = -z, 0.0, x
    else:
        a, b, c = y, -x, 0.0
    size = max(math.sqrt(a * a + b * b + c * c), 1e-9)
    a, b, c = a / size, b / size, c / size
    return [[x, y, z], [a, b, c], [y * c - z * b, z * a - x * c, x * b - y * a]]


def _angle(a: list[float], b: list[float]) -> float:
    def product(p: list[float], q: list[float]) -> float:
        return p[0] * q[0] + p[1] * q[1] + p[2] * q[2]

    size = max(math.sqrt(product(a, a) * product(b, b)), 1e-9)
    return math.acos(min(max(product(a, b) / size, -1.0), 1.0))
