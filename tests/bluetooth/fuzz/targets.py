"""What is fed with any bytes, and what must hold then; each target reads its input as a script."""

import json
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from laws import KINDS, Heard, Kind, decoded

from gaitcue.bluetooth.device import Frame, Timing
from gaitcue.bluetooth.latency import PATIENCE, Latency
from gaitcue.bluetooth.numbering import LONGEST_GAP
from gaitcue.bluetooth.stream import Assembler
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.errors import InputError
from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray, Samples
from gaitcue.recording.live import FASTEST, Player, announcement, connection
from gaitcue.recording.model import Sensor
from gaitcue.recording.raw import MARK, Damage, RawWriter, Record, RecordKind, read_raw

VECTORS = Path(__file__).parents[1] / "devices" / "vectors"
OWN_VECTORS = Path(__file__).parents[3] / "firmware" / "vectors"
REPAIR = 0x80
"""Of a script's byte that names a characteristic: give the value a right checksum."""
ASK, BREAK, CONNECT = 0x7D, 0x7E, 0x7F
"""Instead of a characteristic."""
LEAPS = (1.0, 2.0, 5.0, 31.0, 70.0, 300.0)
"""s that pass for the largest bytes of time; each other one stands for so many ms."""
MOST_LOST = 1.1 * (LONGEST_GAP + 1.0)
"""s of rows that a single value may tell to be lost, besides the time that has passed."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """`one` raises for an input that breaks a promise; `seeds` are sensible ones to begin with."""

    name: str
    one: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


def _steps(script: bytes, *, timed: bool) -> Iterator[tuple[int, float, bytes]]:
    """Which, after how many s, and a value: one byte each for the first two and the length."""
    at, head = 0, 3 if timed else 2
    while len(script) - at >= head:
        which, length = script[at], script[at + head - 1]
        passed = script[at + 1] if timed else 0
        leap = passed - (256 - len(LEAPS))
        yield (
            which,
            LEAPS[leap] if leap >= 0 else passed / 1e3,
            script[at + head : at + head + length],
        )
        at += head + length


def _value(kind: Kind, which: int, value: bytes) -> tuple[str, bytes]:
    source = kind.characteristics[(which & ~REPAIR) % len(kind.characteristics)]
    return source, kind.repaired(value) if which & REPAIR else value


def decoder_target(kind: Kind) -> Target:
    """One connection of a sensor that sends anything."""

    def one(script: bytes) -> None:
        decoder, heard = kind.device().decoder(), Heard()
        for which, _, value in _steps(script, timed=False):
            decoded(kind, decoder, heard, *_value(kind, which, value))

    def seeds() -> list[bytes]:
        vectors = [
            bytes([which, len(value)]) + value
            for value in _vectors(kind)
            for which in range(len(kind.characteristics))
        ]
        walk = b"".join(
            bytes([kind.characteristics.index(source), len(value)]) + value
            for source, value in _walk(kind)
        )
        return [*vectors, walk] if walk else vectors

    return Target(name=f"{kind.device.name} decoder", one=one, seeds=seeds)


def _vectors(kind: Kind) -> list[bytes]:
    name = kind.device.name.replace("-", "_")
    paths = [VECTORS / f"{'polar' if name.startswith('polar') else name}.json"]
    if name == "gaitcue":
        paths = [OWN_VECTORS / f"{part}.json" for part in ("feature", "motion", "status")]
    known = [
        each
        for path in paths
        if path.exists()
        for each in json.loads(path.read_text(encoding="utf-8"))
    ]
    return [value for each in known if len(value := bytes.fromhex(each["bytes"])) < 256]


def _walk(kind: Kind) -> list[tuple[str, bytes]]:
    """Some values of a virtual sensor, and before them what its host would read."""
    virtual = VIRTUAL_SENSORS.get(kind.device.name)
    if virtual is None:
        return []
    sensor = virtual()
    sensor.largest_notification = 244
    read = [(c, sensor.read(c)) for c in kind.characteristics]
    sent = []
    for row in range(0, 4 * sensor.rows, sensor.rows):
        acc = np.full((sensor.rows, 3), 9.81) + 0.1 * np.arange(row, row + sensor.rows)[:, None]
        sent += sensor.encode(acc, acc / 10, row)
    values = [value for value in read if value[1]] + sent
    return [value for value in values if value[0] in kind.characteristics and len(value[1]) < 256]


def _assembled(script: bytes) -> None:
    """A sensor that connects, breaks and sends anything at any time."""
    if not script:
        return
    kind = KINDS[script[0] % len(KINDS)]
    device = kind.device()
    assembler = Assembler(rate=device.timing.rate, gyroscope=device.gyroscope, placement=None)
    spy, heard = device.decoder(), Heard()
    balance = _Balance(device.timing.rate, device.gyroscope)
    now = 0.0
    connected = False
    for which, passed, value in _steps(script[1:], timed=True):
        now += passed
        if which & ~REPAIR == CONNECT:
            spy, heard, connected = device.decoder(), Heard(), True
            items = assembler.connected(device.timing, device.decoder())
        elif which & ~REPAIR == BREAK:
            connected = False
            items = assembler.disconnected()
        elif which & ~REPAIR == ASK:
            items = []
            assembler.asked(now, int.from_bytes(value[:2], "little"))
        else:
            source, sent = _value(kind, which, value)
            if connected:
                for message in decoded(kind, spy, heard, source, sent):
                    if isinstance(message, Frame):
                        balance.sent(message)
            items = assembler.value(now, source, sent)
        balance.came_out(items, now)
    balance.came_out(assembler.disconnected(), now)


class _Balance:
    """What was decoded, and came out of it: no row twice, none that was not there."""

    def __init__(self, rate: float, gyroscope: bool) -> None:
        self._rate, self._gyroscope = rate, gyroscope
        self._missing = self._frames = 0
        self._due: tuple[Counter[bytes], Counter[bytes]] = (Counter(), Counter())
        self._last = -math.inf

    def sent(self, frame: Frame) -> None:
        self._frames += 1
        for due, part in zip(self._due, (frame.acc, frame.gyr), strict=True):
            if part is not None:
                due.update(row.tobytes() for row in part)

    def came_out(self, items: list, now: float) -> None:
        for item in items:
            if isinstance(item, Latency):
                assert 0 <= item.delay <= PATIENCE
                assert 0 <= item.error <= PATIENCE
            if isinstance(item, DataProblem):
                assert item.count is None or item.count > 0
                assert item.time <= item.decided
            if not isinstance(item, Samples):
                continue
            assert np.isfinite(item.time).all()
            assert (np.diff(item.time, prepend=self._last) > 0).all()
            self._last = float(item.time[-1])
            self._missing += int(item.missing.sum())
            assert (item.gyr is not None) == self._gyroscope
            for due, part in zip(self._due, (item.acc, item.gyr), strict=True):
                if part is not None:
                    self._taken(due, part)
        assert self._missing <= (now + MOST_LOST * (self._frames + 1)) * self._rate * 1.1

    @staticmethod
    def _taken(due: Counter[bytes], part: FloatArray) -> None:
        for row in part:
            if np.isnan(row).all():
                continue
            key = row.tobytes()
            due[key] -= 1
            assert due[key] >= 0, f"{row} was never sent, or came out twice"


def _answers(kind: Kind) -> list[tuple[str, bytes]]:
    """Of a virtual sensor that is asked for its clock."""
    virtual = VIRTUAL_SENSORS.get(kind.device.name)
    if virtual is None:
        return []
    sensor = virtual()
    sensor.clock = lambda: 0.1
    questions = [kind.device().clock_question(token) for token in range(3)]
    return [a for q in questions if q is not None for a in sensor.write(q.write_to, q.value)]


def _assembler_seeds() -> list[bytes]:
    seeds = []
    for number, kind in enumerate(KINDS):
        walk = [
            bytes([kind.characteristics.index(source), 250 if turn == 3 else 40, len(value)])
            + value
            for turn, (source, value) in enumerate(_walk(kind))
        ]
        connect, lose = bytes([CONNECT, 10, 0]), bytes([BREAK, 252, 0])
        answers = b"".join(
            bytes([ASK, 0, 2, token, 0, kind.characteristics.index(source), 10, len(value)]) + value
            for token, (source, value) in enumerate(_answers(kind))
        )
        seeds.append(
            bytes([number])
            + connect
            + b"".join(walk[:3])
            + answers
            + b"".join(walk[3:])
            + lose
            + connect
            + b"".join(walk[::-1])
        )
    return seeds


def _raw_bytes(data: bytes) -> None:
    """Any file: what is read of it lies in it, and nothing of it is passed over in silence."""
    with tempfile.NamedTemporaryFile(suffix=".bin", dir=_memory()) as file:
        path = Path(file.name)
        path.write_bytes(data)
        try:
            items = list(read_raw(path))
        except InputError:
            assert not MARK.startswith(data[: len(MARK)])
            return
    at = len(MARK) if data[: len(MARK)] == MARK else 0
    for item in items:
        if isinstance(item, Damage):
            assert item.offset == at
            assert item.length > 0
            at += item.length
        else:
            packed = _packed(item)
            assert data[at : at + len(packed)] == packed
            at += len(packed)
    assert at == len(data)


def _raw_damaged(data: bytes) -> None:
    """A log of records, some of which are damaged: the others are all read."""
    if len(data) < 3:
        return
    wound, flip, cut = data[0], data[1] or 1, data[2]
    records = [
        Record(kind, which % 4, round(passed * 1e9), value.ljust(16, b"\0"))
        for which, passed, value in _steps(data[3:], timed=True)
        for kind in [list(RecordKind)[which % len(RecordKind)]]
    ]
    packed = [_packed(record) for record in records]
    hurt = wound % len(packed) if packed else 0
    whole = MARK
    for number, each in enumerate(packed):
        at = cut % len(each)
        changed = each[:at] + bytes([each[at] ^ flip]) + each[at + 1 :]
        whole += changed if number == hurt else each
    with tempfile.NamedTemporaryFile(suffix=".bin", dir=_memory()) as file:
        Path(file.name).write_bytes(whole)
        found = list(read_raw(Path(file.name)))
    sound = [item for item in found if isinstance(item, Record)]
    assert sound == records[:hurt] + records[hurt + 1 :]
    assert any(isinstance(item, Damage) for item in found) == bool(packed)


def _packed(record: Record) -> bytes:
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        path = Path(folder) / "one.bin"
        with RawWriter(path) as log:
            log.append(record)
        return path.read_bytes()[len(MARK) :]


def _memory() -> str | None:
    """A folder that is no disk, where there is one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def _raw_seeds() -> list[bytes]:
    record = _packed(announcement(0, 0, "shank"))
    link = _packed(connection(0, 1, "movella-dot", Timing(rate=60.0, tick=1e-6)))
    value = _packed(Record.value(0, 2, KINDS[1].characteristics[0], bytes(28)))
    return [MARK, MARK[:5], MARK + record + link + value, MARK + record[:-3] + value + b"\xa7"]


def _damaged_seeds() -> list[bytes]:
    return [bytes([1, 8, 12]) + bytes([2, 40, 5]) * 12, bytes([0, 1, 2, 3, 4, 1, 9])]


def _played(script: bytes) -> None:
    """Records with sound checksums that say anything."""
    sensor = Sensor(name="any", placement=None, rate=100.0, gyroscope=True, read=lambda: iter(()))
    player = Player(sensor)
    now, last = 0.0, -math.inf
    items = []
    for which, passed, value in _steps(script, timed=True):
        now += passed
        kind = list(RecordKind)[which % len(RecordKind)]
        if kind is RecordKind.VALUE:
            characteristics = KINDS[(which >> 3) % len(KINDS)].characteristics
            source = characteristics[(which >> 2) % len(characteristics)]
            record = Record.value(0, round(now * 1e9), source, value)
        else:
            record = Record(kind, 0, round(now * 1e9), value)
        try:
            items += player.take(record)
        except InputError:
            continue
    items += player.finish()
    for item in items:
        if isinstance(item, Samples):
            assert (np.diff(item.time, prepend=last) > 0).all()
            last = float(item.time[-1])


def _player_seeds() -> list[bytes]:
    seeds = []
    for number, kind in enumerate(KINDS):
        device = kind.device()
        said = connection(0, 0, device.name, device.timing).payload
        values = b"".join(
            bytes([2 | number << 3, 100, len(value)]) + value for _, value in _walk(kind)
        )
        seeds.append(bytes([1, 0, len(said)]) + said + values + bytes([3, 1, 0]))
    huge = {"device": "movella-dot", "rate": FASTEST, "tick": 1e300, "tick_modulus": 1}
    said = json.dumps(huge).encode()
    return [*seeds, bytes([1, 0, len(said)]) + said]


TARGETS = (
    *(decoder_target(kind) for kind in KINDS),
    Target(name="assembler", one=_assembled, seeds=_assembler_seeds),
    Target(name="raw log of any bytes", one=_raw_bytes, seeds=_raw_seeds),
    Target(name="raw log with damage", one=_raw_damaged, seeds=_damaged_seeds),
    Target(name="raw log of any records", one=_played, seeds=_player_seeds),
)
