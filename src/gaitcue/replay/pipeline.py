"""A walk through tracker and coach: what comes in, in the order in which it came; events come out.

A live walk pushes into a `Pipeline` what its sensors send; `replay` pushes what was recorded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import gaitcue
from gaitcue.cue import Coach, CoachSettings
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
from gaitcue.gait.freezing import Correction
from gaitcue.gait.fusion import FusedTracker, Known, Source
from gaitcue.imu import Placement, Samples
from gaitcue.recording.model import Sensor
from gaitcue.replay.arrivals import Arrival, Passed, Said, Sent, Stale, arrivals
from gaitcue.replay.blocks import interleaved
from gaitcue.replay.freshness import Freshness

Input = Press | OutputChange | CuePlayed
"""What comes from elsewhere than the sensors."""


class Pipeline:
    """Tracks and coaches one walk; gives its events in order of `decided`.

    Parameters
    ----------
    sensors
        Those to track; where each is worn must be known.
    profile
        Operating point of the freeze detector.
    sensitivity
        Log-odds that its threshold lies below the profile's.
    corrections
        Of the freezing model for the person, at each placement that has one.
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
        When a placement is unknown, a sensor cannot serve there, or a correction belongs to
        another freezing model.
    """

    def __init__(
        self,
        *sensors: Sensor,
        profile: Profile = Profile.QUIET,
        sensitivity: float = 0.0,
        corrections: Mapping[Placement, Correction] | None = None,
        height: float | None = None,
        speed_factor: float = 1.0,
        coach: CoachSettings | None = None,
        recording: str = "",
    ) -> None:
        self._name = recording or sensors[0].name
        self._sensors = list(sensors)

        def tracker(sensor: Sensor) -> Tracker:
            try:
                return Tracker(
                    placement=self._placement(sensor),
                    rate=sensor.rate,
                    side=sensor.side,
                    gyroscope=sensor.gyroscope,
                    gravity=sensor.gravity,
                    height=height,
                    speed_factor=speed_factor,
                    profile=profile,
                    sensitivity=sensitivity,
                    correction=corrections.get(self._placement(sensor)) if corrections else None,
                )
            except ValueError as error:
                raise InputError(f"{self._name}: {error}") from error

        self._make = tracker
        self._profile, self._recording = profile, recording
        self._tracker = FusedTracker(
            [Source(one.name, self._placement(one), one.side) for one in sensors],
            [tracker(one) for one in sensors],
        )
        self._coach = Coach(coach)
        self._freshness = Freshness()
        self._pending: list[DataProblem] = []
        self._count = 0
        self._started = False
        self._now = 0.0  # up to when all is known
        self._decided = -float("inf")  # of the last event

    def learn(self, number: int, sensor: Sensor) -> None:
        """Take what is now known of a sensor from which nothing has come yet.

        Raises
        ------
        InputError
            When it cannot serve.
        """
        self._sensors[number] = sensor
        self._tracker.replace(number, self._make(sensor))

    @property
    def empty(self) -> bool:
        """Whether not one sample has come."""
        return self._count == 0

    @property
    def fresh(self) -> float:
        """When the latest good sample was taken, s; -inf before any."""
        return self._tracker.newest

    def take(self, item: Arrival) -> Iterator[Event]:
        """What is decided by an item; all of it must be taken up before the next one is given.

        What is decided is never older than what was: motion that comes late is acted on late.
        """
        match item:
            case Sent():
                yield from self.block(item.number, item.samples, [])
            case DataProblem():
                self._pending.append(item)
                yield from self._in_order(iter(self._due_problems()))
            case Passed():
                yield from self._in_order(
                    self._known(self._tracker.pass_time(item.time, item.silent))
                )
            case Stale():
                yield from self._in_order(self._stale(item.time))
            case Said():
                pass
            case _:
                yield from self._in_order(self._input(item))

    def block(
        self, number: int, samples: Samples | None, problems: list[DataProblem]
    ) -> Iterator[Event]:
        """As `take`, of samples of a sensor and the problems told with them; None at its end."""
        self._pending += problems
        if samples is None:
            yield from self._in_order(self._known(self._tracker.pass_time(self._now, [number])))
            return
        self._count += len(samples)
        yield from self._in_order(self._known(self._tracker.update(number, samples)))

    def finish(self) -> Iterator[Event]:
        """What is decided because nothing more comes.

        Raises
        ------
        InputError
            When there was not one sample.
        """
        if self.empty:
            raise InputError(f"{self._name}: there is not one sample of motion in it")
        yield from self._in_order(self._finish())
        end = max(self._decided, self._now)
        yield WalkEnd(
            time=self._now, decided=end, samples=self._count, missing=self._tracker.missing
        )

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

    def _stale(self, time: float) -> Iterator[Event]:
        if len(self._sensors) > 1:
            yield from self._known(self._tracker.pass_time(time))
        yield from self._coach.advance(time, self.fresh)

    def _known(self, known: Known) -> Iterator[Event]:
        """The events of what is now known, and what the coach makes of them."""
        if self._tracker.began is None:
            return
        yield from self._moments(known)
        yield from self._coach.advance(self._now, self._freshness.latest)

    def _moments(self, known: Known) -> Iterator[Event]:
        if not self._started and self._tracker.began is not None:
            self._started = True
            yield self._start(self._tracker.began, self._sensors[self._tracker.first])
        self._now = known.time
        gaps = self._freshness.take(known.good)
        yield from self._coached(gaps, [*self._due_problems(), *known.events])

    def _start(self, time: float, sensor: Sensor) -> WalkStart:
        return WalkStart(
            time=time,
            decided=time,
            sensor=sensor.name,
            placement=self._placement(sensor),
            side=sensor.side,
            rate=sensor.rate,
            gyroscope=sensor.gyroscope,
            profile=self._profile,
            software=f"gaitcue {gaitcue.__version__}",
            recording=self._recording,
        )

    def _placement(self, sensor: Sensor) -> Placement:
        if sensor.placement is None:
            raise InputError(f"{self._name}: where was the sensor worn? pass --placement")
        return sensor.placement

    def _due_problems(self) -> list[DataProblem]:
        self._pending.sort(key=lambda problem: (problem.decided, problem.detail))
        due = [p for p in self._pending if p.decided <= self._now and self._started]
        self._pending = self._pending[len(due) :]
        return due

    def _finish(self) -> Iterator[Event]:
        yield from self._moments(self._tracker.finish())
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
    *sensors: Sensor,
    profile: Profile = Profile.QUIET,
    sensitivity: float = 0.0,
    corrections: Mapping[Placement, Correction] | None = None,
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
    sensors, profile, sensitivity, corrections, height, speed_factor, coach, recording
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
        *sensors,
        profile=profile,
        sensitivity=sensitivity,
        corrections=corrections,
        height=height,
        speed_factor=speed_factor,
        coach=coach,
        recording=recording,
    )
    if sensors[0].records is not None:
        for item in arrivals(sensors, sensors[0].records()):
            yield from pipeline.take(item)
    else:
        for number, samples, problems in interleaved(sensors, block):
            yield from pipeline.block(number, samples, problems)
    yield from pipeline.finish()
