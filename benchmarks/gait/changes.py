"""What may happen to a recording between the body and the tracker, as functions of its motion."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from gaitcue.imu import FloatArray, Samples
from gaitcue.recording.model import Recording, Sensor, read_all

PACKET = 5
"""Samples that one radio packet carries here; at 100 Hz 50 ms, common for Bluetooth sensors."""

LOSS = 0.02
"""Part of the packets that are lost, each on its own."""

SEED = 20230817
"""Any fixed number: the same packets must be lost again."""


@dataclass(frozen=True, slots=True)
class Change:
    """`of` changes the samples of a sensor; `rate` is what comes out, Hz, None if it stays."""

    of: Callable[[Samples], Samples]
    rate: float | None = None

    def __call__(self, recording: Recording) -> Recording:
        """The same recording with all its sensors changed."""
        return replace(recording, sensors=tuple(self._sensor(s) for s in recording.sensors))

    def _sensor(self, sensor: Sensor) -> Sensor:
        def read() -> Iterator[Samples]:
            yield self.of(read_all(sensor)[0])

        return replace(sensor, rate=self.rate or sensor.rate, read=read)


def _map(
    samples: Samples, change: Callable[[FloatArray], FloatArray], **other: FloatArray | float
) -> Samples:
    """`samples` with acceleration and angular rate changed and `other` fields replaced."""
    return replace(
        samples,
        acc=change(samples.acc),
        gyr=None if samples.gyr is None else change(samples.gyr),
        **other,
    )


def _rotated(vector: tuple[float, float, float]) -> Change:
    turn = Rotation.from_rotvec(np.pi * np.array(vector))

    def rotate(values: FloatArray) -> FloatArray:
        whole = ~np.isnan(values).any(axis=1)
        turned = np.full_like(values, np.nan)
        turned[whole] = turn.apply(values[whole]) if whole.any() else values[whole]
        return turned

    return Change(lambda samples: _map(samples, rotate))


def _one_nan(samples: Samples) -> Samples:
    def lose(values: FloatArray) -> FloatArray:
        holed = values.copy()
        holed[len(values) // 2] = np.nan
        return holed

    return _map(samples, lose)


def _lossy(samples: Samples) -> Samples:
    packets = len(samples) // PACKET + 1
    kept = np.random.default_rng(SEED).random(packets) >= LOSS
    lost = ~np.repeat(kept, PACKET)[: len(samples)]

    def lose(values: FloatArray) -> FloatArray:
        return np.where(lost[:, np.newaxis], np.nan, values)

    return _map(samples, lose)


def _at(rate: float) -> Change:
    """Means over the new sampling interval when slower, straight lines between when faster.

    Of an amplitude at 3 Hz, below which steps are looked for, 98 % are left by means over 1/25 s
    and all but 0.3 % by straight lines over 1/100 s.
    """

    def resample(samples: Samples) -> Samples:
        first, last = samples.time[[0, -1]].tolist()
        if rate * (last - first) < len(samples) - 1:
            return _slower(samples, rate)
        time = first + np.arange(int((last - first) * rate) + 1) / rate

        def between(values: FloatArray) -> FloatArray:
            return np.column_stack([np.interp(time, samples.time, v) for v in values.T])

        return _map(samples, between, time=time, rate=rate)

    return Change(resample, rate)


def _slower(samples: Samples, rate: float) -> Samples:
    """Means over 1/`rate` s, whatever the ratio; missing where any part of one is."""
    own = samples.time
    border = np.concatenate([[1.5 * own[0] - 0.5 * own[1]], (own[1:] + own[:-1]) / 2])
    time = border[0] + np.arange(int((own[-1] - border[0]) * rate) + 1) / rate
    edges = np.interp(time, border, np.arange(len(border)))  # in samples, by their own clock

    def means(values: FloatArray) -> FloatArray:
        lost = np.isnan(values)
        total = _area(np.where(lost, 0.0, values), edges) / np.diff(edges)[:, np.newaxis]
        return np.where(_area(lost.astype(float), edges) > 0, np.nan, total)

    return _map(samples, means, time=time[:-1] + 0.5 / rate, rate=rate)


def _area(values: FloatArray, edges: FloatArray) -> FloatArray:
    """Under each column between edges; a sample reaches from its number to the next."""
    area = np.vstack([np.zeros(values.shape[1]), values.cumsum(axis=0)])
    at = [np.interp(edges, np.arange(len(area)), column) for column in area.T]
    return np.diff(np.column_stack(at), axis=0)


UNCHANGED = Change(lambda samples: samples)

ROBUSTNESS: Mapping[str, Change] = {
    "as recorded": Change(lambda samples: samples),
    "one lost sample": Change(_one_nan),
    f"{LOSS:.0%} of packets of {PACKET} samples lost": Change(_lossy),
    "upside down": _rotated((1.0, 0.0, 0.0)),
    "rotated by 90 degrees": _rotated((0.0, 0.0, 0.5)),
}
RATES: Mapping[str, Change] = {f"{rate:g} Hz": _at(rate) for rate in (25.0, 50.0, 200.0, 400.0)}
"""From recordings of 100 Hz, but gaitmap_example (204.8) and some of oxford_steps (up to 405 Hz).
Above a recording's own rate nothing is added to what was measured; it shows only that the filters
do the same."""
