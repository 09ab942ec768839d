"""Labelled motion as the model sees it: one `Example` for each unbroken stretch of each sensor."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitcue.gait.freezing.features import Inputs
from gaitcue.gait.freezing.model import sees_rotation
from gaitcue.gait.intake import Intake
from gaitcue.gait.orientation import Vertical
from gaitcue.gait.ticks import tick_rows
from gaitcue.imu import FloatArray, Placement, Samples
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One unbroken stretch of motion at its ticks.

    Attributes
    ----------
    data, subject, recording
        Whose: data set, person within it, recording.
    placement
        Where the sensor was worn.
    gyroscope
        Whether rows have the rotation.
    time
        (n,) s, when each row was known.
    rows
        (n, layout.size) the model's inputs.
    frozen
        (n,) whether the reference says freezing then.
    counts
        (n,) false where the reference excludes or the filters warm up.
    freezes
        (onset, end) s of every reference freeze of the whole recording.
    """

    data: str
    subject: str
    recording: str
    placement: Placement
    gyroscope: bool
    time: FloatArray
    rows: NDArray[np.float32]
    frozen: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    freezes: tuple[tuple[float, float], ...]

    @property
    def person(self) -> str:
        """Unique over all data sets."""
        return f"{self.data}/{self.subject}"


WARM_UP = 2.0
"""s after a fresh start that are not learned from, as the tracker gives no score there."""


def examples(data: str, recording: Recording, sensor: Sensor) -> Iterator[Example]:
    """Every stretch of one sensor."""
    assert sensor.placement is not None  # noqa: S101 - asked for by placement
    freezes = recording.of_kind(Kind.FREEZE)
    excluded = recording.of_kind(Kind.EXCLUDED)
    for time, rows in _stretches(sensor):
        yield Example(
            data=data,
            subject=recording.subject,
            recording=recording.name,
            placement=sensor.placement,
            gyroscope=sees_rotation(sensor.placement, gyroscope=sensor.gyroscope),
            time=time,
            rows=rows.astype(np.float32),
            frozen=_inside(time, freezes),
            counts=(time - time[0] >= WARM_UP) & ~_inside(time, excluded),
            freezes=tuple(
                (a.onset, a.end) for a in freezes if not _inside(np.array([a.onset]), excluded)[0]
            ),
        )


def _stretches(sensor: Sensor) -> Iterator[tuple[FloatArray, FloatArray]]:
    assert sensor.placement is not None  # noqa: S101 - asked for by placement
    rotation = sees_rotation(sensor.placement, gyroscope=sensor.gyroscope)
    intake = Intake(sensor.rate, gyroscope=sensor.gyroscope)
    times: list[FloatArray] = []
    rows: list[FloatArray] = []
    vertical, inputs = Vertical(sensor.rate), Inputs(sensor.rate, gyroscope=rotation)
    for samples in sensor.read():
        if not isinstance(samples, Samples):
            continue
        for motion in intake(samples)[0]:
            if motion.fresh:
                if rows:
                    yield np.concatenate(times), np.array(rows)
                times, rows = [], []
                vertical, inputs = Vertical(sensor.rate), Inputs(sensor.rate, gyroscope=rotation)
            ticks = tick_rows(motion, sensor.rate)
            rows += inputs(motion, vertical(motion.acc, motion.gyr), ticks)
            times.append(motion.known[ticks])
    if rows:
        yield np.concatenate(times), np.array(rows)


def _inside(time: FloatArray, spans: list[Annotation]) -> NDArray[np.bool_]:
    inside = np.zeros(len(time), dtype=np.bool_)
    for span in spans:
        inside |= (time >= span.onset) & (time < span.end)
    return inside
