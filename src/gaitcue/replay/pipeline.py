"""One recorded walk through the same tracker and coach as a live one, event by event."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

import gaitcue
from gaitcue.cue import Coach
from gaitcue.cue.coach import STALE_AFTER
from gaitcue.errors import InputError
from gaitcue.events import DataProblem, Event, Profile, WalkEnd, WalkStart
from gaitcue.gait import Tracker
from gaitcue.imu import FloatArray, Samples
from gaitcue.recording.model import Sensor, concatenate


def replay(
    sensor: Sensor,
    *,
    profile: Profile = Profile.QUIET,
    height: float | None = None,
    block: int | None = None,
    recording: str = "",
) -> Iterator[Event]:
    """Everything that happens on a recorded walk, in order of `decided`.

    Lazy: an event comes out as soon as the samples up to its decision are read, so memory does not
    grow with the walk.

    Parameters
    ----------
    sensor
        The one to track; its placement must be known.
    height
        Of the person, m, where known.
    block
        Samples handed to the tracker at a time; None takes the blocks as they are read. The events
        do not depend on it.
    recording
        The walk's name, repeated in `WalkStart`.

    Raises
    ------
    InputError
        When the placement is unknown, there is not one sample, or the recording cannot be read.
    """
    if sensor.placement is None:
        raise InputError(f"{recording or sensor.name}: where was the sensor worn? pass --placement")
    try:
        tracker = Tracker(
            placement=sensor.placement,
            rate=sensor.rate,
            side=sensor.side,
            gyroscope=sensor.gyroscope,
            gravity=sensor.gravity,
            height=height,
            profile=profile,
        )
    except ValueError as error:
        raise InputError(f"{recording or sensor.name}: {error}") from error
    coach = Coach()
    freshness = _Freshness()
    pending: list[DataProblem] = []
    count = missing = 0
    now = float("nan")
    for samples, problems in _pieces(sensor.read(), block):
        if count == 0:
            now = float(samples.time[0])
            yield WalkStart(
                time=now,
                decided=now,
                sensor=sensor.name,
                placement=sensor.placement,
                side=sensor.side,
                rate=sensor.rate,
                gyroscope=sensor.gyroscope,
                profile=profile,
                software=f"gaitcue {gaitcue.__version__}",
                recording=recording,
            )
        lost = samples.missing
        count += len(samples)
        missing += int(lost.sum())
        now = float(samples.time[-1])
        gaps = freshness.take(samples.time[~lost])
        pending = sorted(pending + problems, key=_decided)
        due = [p for p in pending if p.decided <= now]
        pending = pending[len(due) :]
        yield from _coached(coach, freshness, gaps, [*due, *tracker.update(samples)])
        yield from coach.advance(now, freshness.latest)
    if count == 0:
        raise InputError(f"{recording or sensor.name}: there is not one sample of motion in it")
    yield from _coached(coach, freshness, [], tracker.finish())
    yield from coach.finish(now)
    yield from pending
    end = pending[-1].decided if pending else now
    yield WalkEnd(time=now, decided=end, samples=count, missing=missing)


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


def _coached(
    coach: Coach, freshness: _Freshness, gaps: list[tuple[float, float]], events: list[Event]
) -> Iterator[Event]:
    """The events and what the coach makes of them, in order of decision.

    The coach is told of the stale stretches too, so that what it does about them cannot depend on
    where a block happens to end.
    """
    fresh = freshness.at([event.decided for event in events])
    moments: list[tuple[float, float, Event | None]] = [
        *((end, begin, None) for end, begin in gaps),
        *((event.decided, at, event) for event, at in zip(events, fresh, strict=True)),
    ]
    for time, at, event in sorted(moments, key=lambda moment: moment[0]):
        yield from coach.advance(time, at)
        if event is not None:
            yield event
            yield from coach.update(event)


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
