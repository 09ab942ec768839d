"""What came in on a live walk, from the records of its raw log: live and replayed alike."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from gaitcue.cue.coach import STALE_AFTER
from gaitcue.errors import InputError
from gaitcue.events import CuePlayed, DataProblem, OutputChange, Press, from_json
from gaitcue.imu import Samples
from gaitcue.recording.live import RAW_FILE, Player, damage_problem
from gaitcue.recording.model import BLOCK_ROWS, Sensor, concatenate
from gaitcue.recording.raw import Damage, Record, RecordKind


@dataclass(frozen=True, slots=True)
class Stale:
    """At `time` s nothing good had come for over a second."""

    time: float


Arrival = Samples | DataProblem | Press | OutputChange | CuePlayed | Stale


class Arrivals:
    """Turns records, in the order of the log, into what is known by each.

    Parameters
    ----------
    sensor
        The one that is tracked; of the others nothing comes.
    """

    def __init__(self, sensor: Sensor) -> None:
        self._name = sensor.name.encode()
        self._player = Player(sensor)
        self._numbers: set[int] = set()
        self._fresh = math.inf  # s, of the latest good sample; inf when its age has been told
        self._last = -math.inf  # s, of the latest sample

    def take(self, record: Record) -> list[Arrival]:
        """What is known by the next record.

        Raises
        ------
        InputError
            When the record does not say what it should.
        """
        found: list[Arrival] = list(self.at(record.time / 1e9))
        if record.kind is RecordKind.INPUT:
            return [*found, _input(record)]
        if record.kind is RecordKind.SENSOR:
            announced = record.payload == self._name
            (self._numbers.add if announced else self._numbers.discard)(record.sensor)
        elif record.sensor in self._numbers:
            found += self._noted(self._player.take(record))
        return found

    def at(self, now: float) -> list[Stale]:
        """Whether the data are stale by `now` s, told once."""
        if now < self._fresh + STALE_AFTER:
            return []
        self._fresh = math.inf
        return [Stale(now)]

    def finish(self) -> list[Arrival]:
        """What is left at the end of the walk."""
        return self._noted(self._player.finish())

    def _noted(self, items: Iterable[object]) -> list[Arrival]:
        found: list[Arrival] = []
        for item in items:
            if isinstance(item, Samples) and len(item) > 0:
                self._last = float(item.time[-1])
                good = np.flatnonzero(~item.missing)
                if len(good) > 0:
                    self._fresh = float(item.time[good[-1]])
                found.append(item)
            elif isinstance(item, DataProblem):
                found.append(replace(item, decided=max(item.decided, self._last)))
        return found


def arrivals(sensor: Sensor, records: Iterable[Record | Damage]) -> Iterator[Arrival]:
    """What came in on a recorded live walk; motion that came without a break in large blocks."""
    source = Arrivals(sensor)
    held: list[Samples] = []
    for arrival in _from(source, records):
        if isinstance(arrival, Samples):
            held.append(arrival)
            if sum(map(len, held)) < BLOCK_ROWS:
                continue
        if held:
            yield concatenate(held)
            held = []
        if not isinstance(arrival, Samples):
            yield arrival
    if held:
        yield concatenate(held)


def _from(source: Arrivals, records: Iterable[Record | Damage]) -> Iterator[Arrival]:
    now = 0.0
    for record in records:
        if isinstance(record, Damage):
            yield damage_problem(record, now)
            continue
        now = max(now, record.time / 1e9)
        yield from source.take(record)
    yield from source.finish()


def _input(record: Record) -> Press | OutputChange | CuePlayed:
    event = from_json(record.payload.decode(errors="replace"))
    if not isinstance(event, Press | OutputChange | CuePlayed):
        raise InputError(
            f"{RAW_FILE}: expected a press or what an output reported at "
            f"{record.time / 1e9:.3f} s, not {event.type}"
        )
    return event
