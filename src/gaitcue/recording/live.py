"""The motion of a live walk, had from the records of its raw log.

Live and replay both hand their records to a `Player`, one after the other, and so have the same
samples to the last bit.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from gaitcue.bluetooth.device import Timing
from gaitcue.bluetooth.devices import device_named
from gaitcue.bluetooth.stream import Assembler, Item
from gaitcue.errors import InputError
from gaitcue.events import DataProblem, Event, to_json
from gaitcue.imu import Samples
from gaitcue.recording.model import BLOCK_ROWS, Sensor, concatenate
from gaitcue.recording.options import ReadOptions
from gaitcue.recording.raw import Damage, Record, RecordKind, read_raw

RAW_FILE = "raw.bin"
"""The raw log in a walk folder."""

FASTEST = 10_000.0
"""Hz; no motion sensor is read faster (the fastest served one has 1666 Hz)."""


def announcement(number: int, time: int, name: str) -> Record:
    """The record, at `time` ns, that says that sensor `number` is the walk's sensor `name`."""
    return Record(RecordKind.SENSOR, number, time, name.encode())


def connection(number: int, time: int, device: str, timing: Timing) -> Record:
    """The record of a new connection, at `time` ns, to sensor `number`, which is a `device`."""
    said = {"device": device, **asdict(timing)}
    return Record(RecordKind.CONNECTED, number, time, json.dumps(said).encode())


def question(number: int, time: int, token: int) -> Record:
    """The record that sensor `number` was asked for its clock at `time` ns."""
    return Record(RecordKind.ASKED, number, time, token.to_bytes(2, "little"))


def entered(time: int, event: Event) -> Record:
    """The record of what came in at `time` ns from elsewhere than a sensor."""
    return Record(RecordKind.INPUT, 0, time, to_json(event).encode())


class Player:
    """Makes samples out of the records of one sensor, given in the order of the log."""

    def __init__(self, sensor: Sensor) -> None:
        self._assembler = Assembler(
            rate=sensor.rate,
            gyroscope=sensor.gyroscope,
            placement=sensor.placement,
            side=sensor.side,
        )

    def take(self, record: Record) -> list[Item]:
        """What is known by the next record.

        Raises
        ------
        InputError
            When a record of a connection does not say what it should, or the device is unknown.
        """
        if record.kind is RecordKind.VALUE:
            return self._assembler.value(record.time / 1e9, record.characteristic, record.data)
        if record.kind is RecordKind.CONNECTED:
            device, timing = _connection(record)
            return self._assembler.connected(timing, device_named(device).decoder())
        if record.kind is RecordKind.DISCONNECTED:
            return self._assembler.disconnected()
        if record.kind is RecordKind.ASKED:
            token = int.from_bytes(record.payload[:2], "little")
            self._assembler.asked(record.time / 1e9, token)
        return []

    def finish(self) -> list[Item]:
        """What is left at the end of the walk."""
        return self._assembler.disconnected()


def _connection(record: Record) -> tuple[str, Timing]:
    try:
        said = json.loads(record.payload)
        device = said.pop("device")
        timing = Timing(**said)
        _check(timing)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{RAW_FILE}: the connection at {record.time / 1e9:.3f} s is not described as it "
            f"should be ({error})"
        ) from error
    return str(device), timing


def _check(timing: Timing) -> None:
    """Raise ValueError or TypeError for what no sensor has."""
    if not 0 < timing.rate <= FASTEST:
        raise ValueError(f"the rate must be above 0 and up to {FASTEST:.0f} Hz")
    if timing.tick is not None and not 0 < timing.tick < math.inf:
        raise ValueError("the tick must be above 0 s")
    for modulus in (timing.tick_modulus, timing.index_modulus):
        if modulus is not None and not (isinstance(modulus, int) and modulus > 0):
            raise ValueError("a modulus must be a whole number above 0")


def with_raw_log(sensor: Sensor, path: Path, options: ReadOptions) -> Sensor:
    """`sensor` with its motion had from the raw log at `path`."""
    known = f"{path} says itself how it is to be read"
    options.check_unused("rate", "columns", "acc_unit", "gyr_unit", known=known)
    return replace(
        sensor,
        read=lambda: _joined(_motion(sensor, path)),
        records=lambda: read_raw(path),
    )


def _motion(sensor: Sensor, path: Path) -> Iterator[Samples | DataProblem]:
    """One pass over the log."""
    player = Player(sensor)
    numbers: set[int] = set()
    now = 0.0
    for item in read_raw(path):
        if isinstance(item, Damage):
            yield damage_problem(item, now)
            continue
        if item.kind is RecordKind.SENSOR:
            (numbers.add if item.payload == sensor.name.encode() else numbers.discard)(item.sensor)
        elif item.sensor in numbers:
            now = max(now, item.time / 1e9)
            yield from _of_motion(player.take(item))
    yield from _of_motion(player.finish())


def _joined(items: Iterator[Samples | DataProblem]) -> Iterator[Samples | DataProblem]:
    """The same in larger blocks, which are tracked faster; a problem follows the block it is of."""
    blocks: list[Samples] = []
    problems: list[DataProblem] = []
    rows = 0
    for item in items:
        if isinstance(item, DataProblem):
            problems.append(item)
            continue
        blocks.append(item)
        rows += len(item)
        if rows >= BLOCK_ROWS:
            yield concatenate(blocks)
            yield from problems
            blocks, problems, rows = [], [], 0
    if blocks:
        yield concatenate(blocks)
    yield from problems


def _of_motion(items: list[Item]) -> Iterator[Samples | DataProblem]:
    return (item for item in items if isinstance(item, Samples | DataProblem))


def damage_problem(damage: Damage, now: float) -> DataProblem:
    """What is told, at `now` s, of damage in the raw log."""
    if damage.torn:
        detail = (
            f"{RAW_FILE} was cut off while it was written: its last {damage.length} bytes are "
            "left out"
        )
    else:
        detail = (
            f"{damage.length} bytes of {RAW_FILE} from byte {damage.offset} on are damaged: what "
            "was in them is lost"
        )
    kind = "torn_file" if damage.torn else "damaged_file"
    return DataProblem(time=now, decided=now, kind=kind, count=1, detail=detail)
