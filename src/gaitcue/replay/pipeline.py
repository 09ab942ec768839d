"""A walk through tracker and coach: what comes in, in the order in which it came; events come out.

A live walk pushes into a `Pipeline` what its sensor sends; `replay` pushes what was recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

import gaitcue
from gaitcue.cue import Coach, CoachSettings
from gaitcue.cue.coach import STALE_AFTER
from gaitcue.errors import InputError
from gaitcue.events import (
    CuePlayed,
    DataProblem,
    Event,
    OutputChange,
    Press,
    Profile,
    WalkEnd,
    WalkStart,
)
from gaitcue.gait import Tracker
from gaitcue.imu import FloatArray, Samples
from gaitcue.recording.model import Sensor, concatenate
from gaitcue.replay.arrivals import Stale, arrivals

Input = Press | OutputChange | CuePlayed
"""What comes from elsewhere than the sensor."""


class Pipeline:
    """Tracks and coaches one walk; gives its events in order of `decided`.

    Parameters
    ----------
    sensor
        The one to track; its placement must be known.
    profile
        Operating point of the freeze detector.
    sensitivity
        Log-odds that its threshold lies below the profile's.
    height
        Of the person, m, where known.
    speed_factor
        Of the person's calibration walk; 1 where there was none.
    coach
        How to coach.
    recording
        The walk's name, repeated in `WalkStart`.

    Raises
    ------
    InputError
        When the placement is unknown, or the sensor cannot serve there.
    """

    def __init__(
        self,
        sensor: Sensor,
        *,
        profile: Profile = Profile.QUIET,
        sensitivity: float = 0.0,
        height: float | None = None,
        speed_factor: float = 1.0,
        coach: CoachSettings | None = None,
        recording: str = "",
    ) -> None:
        if sensor.placement is None:
            raise InputError(
                f"{recording or sensor.name}: where was the sensor worn? pass --placement"
            )
        try:
            self._tracker = Tracker(
                placement=sensor.placement,
                rate=sensor.rate,
                side=sensor.side,
                gyroscope=sensor.gyroscope,
                gravity=sensor.gravity,
                height=height,
                speed_factor=speed_factor,
                profile=profile,
                sensitivity=sensitivity,
            )
        except ValueError as error:
            raise InputError(f"{recording or sensor.name}: {error}") from error
        self._start = WalkStart(
            time=0.0,
            decided=0.0,
            sensor=sensor.name,
            placement=sensor.placement,
            side=sensor.side,
            rate=sensor.rate,
            gyroscope=sensor.gyroscope,
            profile=profile,
            software=f"gaitcue {gaitcue.__version__}",
            recording=recording,
        )
        self._coach = Coach(coach)
        self._freshness = _Freshness()
        self._pending: list[DataProblem] = []
        self._count = self._missing = 0
        self._now = 0.0  # of the last sample
        self._decided = -float("inf")  # of the last event

    @property
    def empty(self) -> bool:
        """Whether not one sample has come."""
        return self._count == 0

    @property
    def fresh(self) -> float:
        """When the latest good sample was taken, s; -inf before any."""
        return self._freshness.latest

    def take(self, item: Samples | DataProblem | Input | Stale) -> Iterator[Event]:
        """What is decided by an item; all of it must be taken up before the next one is given.

        What is decided is never older than what was: motion that comes late is acted on late.
        """
        match item:
            case Samples():
                yield from self._in_order(self._block(item, []))
            case DataProblem():
                self._pending.append(item)
                yield from self._in_order(iter(self._due_problems()))
            case Stale():
                yield from self._in_order(iter(self._coach.advance(item.time, self.fresh)))
            case _:
                yield from self._in_order(self._input(item))

    def block(self, samples: Samples, problems: list[DataProblem]) -> Iterator[Event]:
        """As `take`, of samples and the problems that are told with them."""
        yield from self._in_order(self._block(samples, problems))

    def finish(self) -> Iterator[Event]:
        """What is decided because nothing more comes.

        Raises
        ------
        InputError
            When there was not one sample.
        """
        if self.empty:
            name = self._start.recording or self._start.sensor
            raise InputError(f"{name}: there is not one sample of motion in it")
        yield from self._in_order(self._finish())
        end = max(self._decided, self._now)
        yield WalkEnd(time=self._now, decided=end, samples=self._count, missing=self._missing)

    def _in_order(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if event.decided < self._decided:
                event = replace(event, decided=self._decided)  # noqa: PLW2901 - the same event
            self._decided = event.decided
            yield event

    def _input(self, event: Input) -> Iterator[Event]:
        yield from self._coach.advance(event.decided, min(self.fresh, event.decided))
        yield event
        yield from self._coach.update(event)

    def _block(self, samples: Samples, problems: list[DataProblem]) -> Iterator[Event]:
        if self.empty:
            first = float(samples.time[0])
            yield replace(self._start, time=first, decided=first)
        lost = samples.missing
        self._count += len(samples)
        self._missing += int(lost.sum())
        self._now = float(samples.time[-1])
        gaps = self._freshness.take(samples.time[~lost])
        self._pending += problems
        yield from self._coached(gaps, [*self._due_problems(), *self._tracker.update(samples)])
        yield from self._coach.advance(self._now, self.fresh)

    def _due_problems(self) -> list[DataProblem]:
        self._pending.sort(key=_decided)
        due = [p for p in self._pending if p.decided <= self._now and not self.empty]
        self._pending = self._pending[len(due) :]
        return due

    def _finish(self) -> Iterator[Event]:
        yield from self._coached([], self._tracker.finish())
        yield from self._coach.finish(max(self._now, self._decided))
        yield from self._pending

    def _coached(self, gaps: list[tuple[float, float]], events: Sequence[Event]) -> Iterator[Event]:
        """The events and what the coach makes of them, in order of decision.

        The coach is told of the stale stretches too, so that what it does about them cannot
        depend on where a block happens to end.
        """
        fresh = self._freshness.at([event.decided for event in events])
        moments: list[tuple[float, float, Event | None]] = [
            *((end, begin, None) for end, begin in gaps),
            *((event.decided, at, event) for event, at in zip(events, fresh, strict=True)),
        ]
        for time, at, event in sorted(moments, key=lambda moment: moment[0]):
            now = max(time, self._decided)
            yield from self._coach.advance(now, at)
            if event is not None:
                known = event if event.decided == now else replace(event, decided=now)
                yield known
                yield from self._coach.update(known)


def replay(
    sensor: Sensor,
    *,
    profile: Profile = Profile.QUIET,
    sensitivity: float = 0.0,
    height: float | None = None,
    speed_factor: float = 1.0,
    coach: CoachSettings | None = None,
    block: int | None = None,
    recording: str = "",
) -> Iterator[Event]:
    """Everything that happens on a recorded walk, in order of `decided`.

    Lazy: an event comes out as soon as the samples up to its decision are read, so memory does not
    grow with the walk.

    Parameters
    ----------
    sensor, profile, sensitivity, height, speed_factor, coach, recording
        As `Pipeline` takes them.
    block
        Samples handed to the tracker at a time; None takes the blocks as they are read. The events
        do not depend on it.

    Raises
    ------
    InputError
        As `Pipeline` does, and when the recording cannot be read.
    """
    pipeline = Pipeline(
        sensor,
        profile=profile,
        sensitivity=sensitivity,
        height=height,
        speed_factor=speed_factor,
        coach=coach,
        recording=recording,
    )
    if sensor.records is not None:
        for item in arrivals(sensor, sensor.records()):
            yield from pipeline.take(item)
    else:
        for samples, problems in _pieces(sensor.read(), block):
            yield from pipeline.block(samples, problems)
    yield from pipeline.finish()


class _Freshness:
    """Knows for any moment of the newest block when the last good sample before it came."""

    def __init__(self) -> None:
        self._good: FloatArray = np.array([-np.inf])

    @property
    def latest(self) -> float:
        """Time of the newest good sample, s."""
        return float(self._good[-1])

    def take(self, good: FloatArray) -> list[tuple[float, float]]:
        """Take in the times of a block's good samples; give the stale stretches among them.

        A stretch is told by the good sample that ends it and the one before it, s.
        """
        self._good = np.concatenate([self._good[-1:], good])
        rows = np.flatnonzero(self._good[:-1] + STALE_AFTER <= self._good[1:])
        return [(float(self._good[row + 1]), float(self._good[row])) for row in rows]

    def at(self, times: Sequence[float]) -> list[float]:
        """For each time, s, the last good sample's."""
        rows = np.searchsorted(self._good, times, side="right") - 1
        latest: list[float] = self._good[np.maximum(rows, 0)].tolist()
        return latest


def _pieces(
    items: Iterable[Samples | DataProblem], size: int | None
) -> Iterator[tuple[Samples, list[DataProblem]]]:
    """Blocks of `size` samples (None: as read), each with the problems told by then."""
    told = _with_problems(items)
    if size is None:
        yield from told
        return
    held: list[Samples] = []
    problems: list[DataProblem] = []
    count = 0
    for block, new in told:
        problems += new
        start = 0
        while start < len(block):
            held.append(block[start : start + size - count])
            start += len(held[-1])
            count += len(held[-1])
            if count == size:
                yield concatenate(held), problems
                held, problems, count = [], [], 0
    if held:
        yield concatenate(held), problems


def _with_problems(
    items: Iterable[Samples | DataProblem],
) -> Iterator[tuple[Samples, list[DataProblem]]]:
    """Each block as read, with the problems that are told with it (before or right after it)."""
    block: Samples | None = None
    problems: list[DataProblem] = []
    earliest = -float("inf")
    for item in items:
        if isinstance(item, DataProblem):
            # Whatever is told only now was not known while the blocks before were tracked.
            problems.append(replace(item, decided=max(item.decided, earliest)))
        elif len(item) > 0:
            if block is not None:
                yield block, problems
                problems, earliest = [], float(block.time[-1])
            block = item
    if block is not None:
        yield block, problems


def _decided(event: Event) -> float:
    return event.decided
