"""What came in on a live walk, from the records of its raw log: live and replayed alike."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitcue.bluetooth.device import Battery, Notice
from gaitcue.cue.coach import STALE_AFTER
from gaitcue.errors import InputError
from gaitcue.events import CuePlayed, DataProblem, OutputChange, Press, from_json
from gaitcue.gait.fusion import WAIT
from gaitcue.imu import Samples
from gaitcue.recording.live import RAW_FILE, Player, damage_problem
from gaitcue.recording.model import BLOCK_ROWS, Sensor, concatenate
from gaitcue.recording.raw import Damage, Record, RecordKind


@dataclass(frozen=True, slots=True)
class Sent:
    """The next `samples` of sensor `number`."""

    number: int
    samples: Samples


@dataclass(frozen=True, slots=True)
class Said:
    """What sensor `number` says of itself, for a person to know."""

    number: int
    what: Battery | Notice


@dataclass(frozen=True, slots=True)
class Passed:
    """No sensor is waited for any more up to `time` s, and the `silent` ones not at all."""

    time: float
    silent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """At `time` s nothing good had come from any sensor for a second."""

    time: float


Arrival = Sent | Said | DataProblem | Press | OutputChange | CuePlayed | Passed | Stale


class Arrivals:
    """Turns records, in the order of the log, into what is known by each.

    Parameters
    ----------
    sensors
        Those that are tracked; of the others nothing comes.
    """

    def __init__(self, sensors: Sequence[Sensor]) -> None:
        self._sensors = list(sensors)
        self._players = [Player(sensor) for sensor in sensors]
        self._who: dict[int, int] = {}  # which of the sensors a number in the log is
        self._fresh = math.inf  # s, of the latest good sample; inf when its age has been told
        self._newest = -math.inf  # s, of the latest good sample
        self._last = [-math.inf] * len(self._sensors)  # s, of each sensor's latest sample

    def learn(self, number: int, sensor: Sensor) -> None:
        """Take what is now known of a sensor from which nothing has come yet."""
        self._sensors[number], self._players[number] = sensor, Player(sensor)

    def take(self, record: Record) -> list[Arrival]:
        """What is known by the next record.

        Raises
        ------
        InputError
            When the record does not say what it should.
        """
        now = record.time / 1e9
        found: list[Arrival] = list(self._stale(now))
        if record.kind is RecordKind.INPUT:
            return [*found, *self._passed(now), _input(record)]
        if record.kind is RecordKind.END:
            return [*found, *self._passed(now)]
        if record.kind is RecordKind.SENSOR:
            self._announce(record)
        elif record.sensor in self._who:
            number = self._who[record.sensor]
            before = self._passed(now)
            items = self._noted(number, self._players[number].take(record))
            waited = not any(number in one.silent for one in before)
            if not (waited and all(_in_time(item, now) for item in items)):
                found += before
            found += items
        return found

    def at(self, now: float) -> list[Arrival]:
        """What is known because it is `now` s, told once."""
        return [*self._stale(now), *self._passed(now)]

    def finish(self) -> list[Arrival]:
        """What is left at the end of the walk."""
        return [
            item
            for number, player in enumerate(self._players)
            for item in self._noted(number, player.finish())
        ]

    def _announce(self, record: Record) -> None:
        names = [sensor.name.encode() for sensor in self._sensors]
        self._who.pop(record.sensor, None)
        if record.payload in names:
            self._who[record.sensor] = names.index(record.payload)

    def _stale(self, now: float) -> list[Stale]:
        if now < self._fresh + STALE_AFTER:
            return []
        stale, self._fresh = self._fresh + STALE_AFTER, math.inf
        return [Stale(stale)]

    def _passed(self, now: float) -> list[Passed]:
        """What a live walk, which waits by the clock, has surely passed by `now` s.

        It is told before whatever depends on it, so that a replay has passed as much by then.
        """
        if len(self._sensors) == 1:
            return []
        silent = (i for i, last in enumerate(self._last) if last + STALE_AFTER <= now)
        return [Passed(now - WAIT, tuple(silent))]

    def _noted(self, number: int, items: Iterable[object]) -> list[Arrival]:
        found: list[Arrival] = []
        for item in items:
            if isinstance(item, Samples) and len(item) > 0:
                self._last[number] = float(item.time[-1])
                good = np.flatnonzero(~item.missing)
                if len(good) > 0 and item.time[good[-1]] > self._newest:
                    self._newest = self._fresh = float(item.time[good[-1]])
                found.append(Sent(number, item))
            elif isinstance(item, Battery | Notice):
                found.append(Said(number, item))
            elif isinstance(item, DataProblem):
                problem = replace(item, decided=max(item.decided, self._last[number]))
                several = len(self._sensors) > 1
                found.append(problem.of(self._sensors[number].name) if several else problem)
        return found


def _in_time(item: Arrival, now: float) -> bool:
    """Whether an item that comes at `now` s is still waited for."""
    if isinstance(item, Said):
        return True
    return isinstance(item, Sent) and float(item.samples.time[0]) >= now - WAIT


def arrivals(sensors: Sequence[Sensor], records: Iterable[Record | Damage]) -> Iterator[Arrival]:
    """What came in on a recorded live walk; motion that came without a break in large blocks."""
    source = Arrivals(sensors)
    held: list[list[Samples]] = [[] for _ in sensors]
    rows = 0
    for arrived in _from(source, records):
        items = [item for item in arrived if not isinstance(item, Said)]
        motion = [item for item in items if isinstance(item, Sent)]
        broken = len(motion) < len(items)
        if not broken:
            for sent in motion:
                held[sent.number].append(sent.samples)
                rows += len(sent.samples)
        if broken or rows >= BLOCK_ROWS:
            yield from _joined(held)
            rows = 0
        if broken:
            yield from items
    yield from _joined(held)


def _joined(held: list[list[Samples]]) -> Iterator[Sent]:
    """Each sensor's blocks as one, and none of them held any more."""
    for number, blocks in enumerate(held):
        if blocks:
            yield Sent(number, concatenate(blocks))
            held[number] = []


def _from(source: Arrivals, records: Iterable[Record | Damage]) -> Iterator[Sequence[Arrival]]:
    """What is known by each record."""
    now = 0.0
    for record in records:
        if isinstance(record, Damage):
            yield [damage_problem(record, now)]
            continue
        now = max(now, record.time / 1e9)
        yield source.take(record)
    yield source.finish()


def _input(record: Record) -> Press | OutputChange | CuePlayed:
    event = from_json(record.payload.decode(errors="replace"))
    if not isinstance(event, Press | OutputChange | CuePlayed):
        raise InputError(
            f"{RAW_FILE}: expected a press or what an output reported at "
            f"{record.time / 1e9:.3f} s, not {event.type}"
        )
    return event
