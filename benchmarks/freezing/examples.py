"""Labelled motion as the model sees it: one `Example` for each unbroken stretch of each sensor."""

from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from gaitcue.events import Event
from gaitcue.gait import Tracker, stretch
from gaitcue.gait.freezing.detector import WARM_UP, doubt
from gaitcue.gait.freezing.model import sees_rotation
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
        (n, WAVE.stop) the model's inputs.
    doubt
        (n,) log-odds that the detector asks more for a freeze to begin; inf where none may.
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
    doubt: FloatArray
    frozen: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    freezes: tuple[tuple[float, float], ...]

    @property
    def person(self) -> str:
        """Unique over all data sets."""
        return f"{self.data}/{self.subject}"


def examples(data: str, recording: Recording, sensor: Sensor) -> Iterator[Example]:
    """Every stretch of one sensor."""
    assert sensor.placement is not None  # noqa: S101 - asked for by placement
    freezes = recording.of_kind(Kind.FREEZE)
    excluded = recording.of_kind(Kind.EXCLUDED)
    for heard in _stretches(sensor):
        time = np.array(heard.times)
        yield Example(
            data=data,
            subject=recording.subject,
            recording=recording.name,
            placement=sensor.placement,
            gyroscope=sees_rotation(sensor.placement, gyroscope=sensor.gyroscope),
            time=time,
            rows=np.array(heard.rows, np.float32),
            doubt=np.array(heard.doubt),
            frozen=_inside(time, freezes),
            counts=(time - time[0] >= WARM_UP) & ~_inside(time, excluded),
            freezes=tuple(
                (a.onset, a.end) for a in freezes if not _inside(np.array([a.onset]), excluded)[0]
            ),
        )


class _Listener:
    """Stands in for the freeze detector of a tracker, and keeps what it is handed."""

    def __init__(self, *_: object, **__: object) -> None:
        self.times: list[float] = []
        self.rows: list[FloatArray] = []
        self.doubt: list[float] = []

    def look(self, rows: FloatArray) -> FloatArray:
        return rows

    def __call__(
        self,
        time: float,
        known: float,
        look: FloatArray,
        last_step: float | None,
        *,
        may_walk: bool = True,
        turned: float | None = None,  # noqa: ARG002 - as the detector takes it
    ) -> list[Event]:
        self.times.append(known)
        self.rows.append(look)
        self.doubt.append(doubt(time, last_step, may_walk=may_walk))
        return []

    def end(self, *_: float) -> list[Event]:
        return []


def _stretches(sensor: Sensor) -> list[_Listener]:
    """What the detector of each stretch is handed by the tracker, as it is on a walk."""
    assert sensor.placement is not None  # noqa: S101 - asked for by placement
    listeners: list[_Listener] = []

    def listener(*_: object, **__: object) -> _Listener:
        listeners.append(_Listener())
        return listeners[-1]

    with patch.object(stretch, "FreezeDetector", listener):
        tracker = Tracker(
            placement=sensor.placement,
            side=sensor.side,
            rate=sensor.rate,
            gyroscope=sensor.gyroscope,
        )
        for samples in sensor.read():
            if isinstance(samples, Samples):
                tracker.update(samples)
    return [each for each in listeners if each.rows]


def _inside(time: FloatArray, spans: list[Annotation]) -> NDArray[np.bool_]:
    inside = np.zeros(len(time), dtype=np.bool_)
    for span in spans:
        inside |= (time >= span.onset) & (time < span.end)
    return inside
