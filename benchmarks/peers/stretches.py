"""What freezing peers look at: each unbroken stretch of motion at the ticks of our tracker."""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from benchmarks.freezing.examples import Example, examples
from benchmarks.freezing.simulated import SIMULATED, simulated_walks
from benchmarks.freezing.sources import Source
from benchmarks.peers.indices import indices
from benchmarks.places import find
from numpy.typing import NDArray

from gaitcue.events import Step
from gaitcue.gait.freezing.features import PLAIN
from gaitcue.gait.intake import Intake
from gaitcue.gait.orientation import Vertical, dot
from gaitcue.gait.ticks import tick_rows
from gaitcue.imu import FloatArray, Samples
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Sensor
from gaitcue.replay import replay

SIGNALS = ("size", "vertical")
"""Of the acceleration: what a freeze index can be taken of without knowing the heading."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One stretch at its ticks, (n,) each.

    Attributes
    ----------
    example
        Labels, and in `rows` the gaitcue model's inputs but for the wave. In `doubt` is only who
        sits or lies: what else gaitcue asks for before a freeze begins is its own.
    recording, sensor
        Number of the recording in its set, and name of the sensor within it.
    walked
        s since the last step of walking that was known by then; infinite before any.
    indices
        Natural logarithms of freeze indices and powers, by name.
    """

    example: Example
    recording: int
    sensor: str
    walked: FloatArray
    indices: dict[str, FloatArray] = field(default_factory=dict)


def read(source: Source, folder: Path, work: Path) -> list[Stretch]:
    """The stretches of one source, in the order of its recordings; kept in the work folder."""
    kept = work / f"{source.data}-{source.placement}.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            found: list[Stretch] = pickle.load(file)  # noqa: S301 - written by this very command
            return found
    if source.data == SIMULATED:
        recordings = simulated_walks(source.placement)
    else:
        path = find(folder, source.data)
        if path is None:
            return []
        recordings = open_recordings(path)
    found, motions = [], []
    for number, recording in enumerate(recordings):
        for sensor in recording.sensors:
            if sensor.placement is source.placement:
                heard = list(_motions(sensor))
                steps = [e for e in replay(sensor) if isinstance(e, Step)]
                for example, motion in zip(
                    examples(source.data, recording, sensor), heard, strict=True
                ):
                    motions.append(motion)
                    found.append(
                        Stretch(
                            example=replace(
                                example,
                                rows=example.rows[:, PLAIN].copy(),
                                doubt=np.where(np.isinf(example.doubt), np.inf, 0.0),
                            ),
                            recording=number,
                            sensor=sensor.name,
                            walked=_since_walking(steps, example.time),
                        )
                    )
    for stretch, motion in zip(found, motions, strict=True):
        for name in SIGNALS:
            told = indices(motion.signal(name), motion.rate, motion.ticks)
            stretch.indices.update({f"{index} {name}": values for index, values in told.items()})
    with kept.open("wb") as file:
        pickle.dump(found, file)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Motion:
    """Acceleration of a stretch (n,), m/s²: its size and its part along the vertical."""

    size: FloatArray
    vertical: FloatArray
    ticks: NDArray[np.intp]
    rate: float

    def signal(self, name: str) -> FloatArray:
        return self.size if name == "size" else self.vertical


def _motions(sensor: Sensor) -> Iterator[_Motion]:
    """As the tracker cuts them: what `examples` gives, and the acceleration with it."""
    intake = Intake(sensor.rate, gyroscope=sensor.gyroscope)
    stretches: list[list[tuple[FloatArray, FloatArray, NDArray[np.intp]]]] = []
    vertical, count = Vertical(sensor.rate), 0
    for samples in sensor.read():
        if not isinstance(samples, Samples):
            continue
        for motion in intake(samples)[0]:
            if motion.fresh or not stretches:
                stretches.append([])
                vertical, count = Vertical(sensor.rate), 0
            upright = vertical(motion.acc, motion.gyr)
            size = np.sqrt(dot(motion.acc, motion.acc))
            ticks = tick_rows(motion, sensor.rate)
            stretches[-1].append((size, dot(motion.acc, upright.up), count + ticks))
            count += len(motion)
    for parts in stretches:
        size, up, ticks = (np.concatenate(each) for each in zip(*parts, strict=True))
        if len(ticks):  # nothing is said of a stretch that ends before its first decision
            yield _Motion(size, up, ticks, sensor.rate)


def _since_walking(steps: list[Step], time: FloatArray) -> FloatArray:
    known = np.array([step.decided for step in steps])
    latest = np.maximum.accumulate([-np.inf, *(step.time for step in steps)])
    return np.asarray(time - latest[np.searchsorted(known, time, side="right")])
