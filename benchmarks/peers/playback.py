"""What a tracker made of a walk, kept, so that many ways to find freezes can go over it cheaply.

Steps, bouts, postures and turns are the same whatever finds the freezes. `keep` has the real
tracker follow a sensor once, with a note in place of each call of its freeze detector; `Playback`
stands where a tracker stands, gives the kept events at the time when they were decided, and lets a
freeze detector of its own answer at every note.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from typing import Any
from unittest.mock import patch

import numpy as np

from gaitcue.events import Event, Profile
from gaitcue.gait import Tracker, stretch
from gaitcue.gait.freezing import detector
from gaitcue.gait.freezing.features import PLAIN
from gaitcue.imu import FloatArray, Placement, Samples
from gaitcue.recording.model import Sensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tick(Event):
    """A call of the freeze detector, which `stretch` numbers, with what it was given."""

    stretch: int
    row: FloatArray
    others: tuple[Any, ...]
    named: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Over(Event):
    """The detector was told that its stretch ends."""


class _Notes:
    """Stands in for the freeze detector of a tracker."""

    def __init__(self, stretch: int) -> None:
        self._stretch = stretch

    def look(self, rows: FloatArray) -> FloatArray:
        return rows

    def __call__(
        self, time: float, known: float, look: FloatArray, *others: Any, **named: Any
    ) -> list[Event]:
        row = look[PLAIN].copy()
        return [
            _Tick(
                time=time, decided=known, stretch=self._stretch, row=row, others=others, named=named
            )
        ]

    def end(self, time: float, known: float) -> list[Event]:
        return [_Over(time=time, decided=known)]


def keep(sensor: Sensor, height: float | None) -> list[Event]:
    """All that a tracker tells of a sensor, in order of decision, notes in place of freezes."""
    assert sensor.placement is not None  # noqa: S101 - asked for by placement
    numbers = count()
    with patch.object(stretch, "FreezeDetector", lambda *_, **__: _Notes(next(numbers))):
        tracker = Tracker(
            placement=sensor.placement,
            side=sensor.side,
            rate=sensor.rate,
            gyroscope=sensor.gyroscope,
            gravity=sensor.gravity,
            height=height,
        )
        told: list[Event] = []
        for samples in sensor.read():
            if isinstance(samples, Samples):
                told += tracker.update(samples)
        return told + tracker.finish()


class Playback:
    """Stands where a `Tracker` does.

    Parameters
    ----------
    told
        Of `keep`.
    said
        (n,) log-odds at the ticks of each stretch that has any.
    placement, profile
        As a `Tracker` takes them; whatever else it takes is in what was told.
    """

    def __init__(
        self,
        told: Sequence[Event],
        said: Sequence[FloatArray],
        *,
        placement: Placement,
        profile: Profile,
        **_: object,
    ) -> None:
        self._told = iter([*told, None])
        self._next = next(self._told)
        self._said = iter(said)
        self._placement, self._profile = placement, profile
        self._stretch = -1
        self._detector: detector.FreezeDetector | None = None

    def update(self, samples: Samples) -> list[Event]:
        """What was decided by the last of the samples."""
        return list(self._until(float(samples.time[-1])))

    def finish(self) -> list[Event]:
        """The rest."""
        return list(self._until(float("inf")))

    def _until(self, time: float) -> Iterator[Event]:
        while self._next is not None and self._next.decided <= time:
            event, self._next = self._next, next(self._told)
            if isinstance(event, _Tick):
                yield from self._tick(event)
            elif not isinstance(event, _Over):
                yield event
            elif self._detector is not None:
                yield from self._detector.end(event.time, event.decided)

    def _tick(self, tick: _Tick) -> list[Event]:
        if self._detector is None or tick.stretch != self._stretch:
            self._stretch = tick.stretch
            odds = iter(next(self._said).tolist())
            said = partial(islice, odds)  # as many as there are rows
            with patch.object(detector, "Network", lambda *_, **__: lambda rows: said(len(rows))):
                self._detector = detector.FreezeDetector(
                    self._placement, self._profile, gyroscope=False
                )
        (look,) = self._detector.look(tick.row[np.newaxis])
        return self._detector(tick.time, tick.decided, look, *tick.others, **tick.named)
