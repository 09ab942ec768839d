"""The raw log of a live walk: every value a sensor sent, with its arrival time, before all else.

The form is described in ``docs/reference/recordings.md``. Each record goes to the operating system
when it is appended, so a killed program loses none that it had taken; `RawWriter.sync` guards
against a loss of power. Every record carries a checksum; damage costs the records it lies in.
"""

import struct
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Self

from gaitcue.errors import InputError
from gaitcue.recording.appended import AppendedFile

MARK = b"gaitcue raw 1\n\0\0"
"""The first 16 bytes of the file; the number is the version of the form."""

SYNC = b"\xa7\x5e"
"""What every record begins with, to be found again after damage."""

_HEAD = struct.Struct("<2sIHBBq")
"""SYNC, CRC-32 of all that follows, length of the payload, kind, sensor, time in ns."""

_CHECKED = 6
"""From this byte of a record on, the checksum counts."""

_UUID = 16

LONGEST_PAYLOAD = 0xFFFF

CHUNK = 1 << 20
"""Bytes read from the file at a time."""


class RecordKind(IntEnum):
    """What a record tells."""

    SENSOR = 1
    """There is a sensor of this number; the payload is its name, UTF-8."""
    CONNECTED = 2
    """A connection to it begins; the payload is free to say how it is timed, UTF-8 JSON."""
    VALUE = 3
    """A characteristic's value came, notified or read; the payload is UUID and value."""
    DISCONNECTED = 4
    """The connection has ended; no payload."""
    ASKED = 5
    """The sensor is asked for its clock; the payload is the number of the question, u16."""
    INPUT = 6
    """Something came from elsewhere than a sensor, whose number counts for nothing; the payload is
    its event, UTF-8 JSON."""
    END = 7
    """The walk was ended in order; the number counts for nothing, and there is no payload."""


_KINDS = {int(kind): kind for kind in RecordKind}


@lru_cache(maxsize=256)  # a log has a few of them, in every record
def _uuid_text(packed: bytes) -> str:
    return str(uuid.UUID(bytes=packed))


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `time` ns since the walk began, the `sensor`'s number, and what it tells."""

    kind: RecordKind
    sensor: int
    time: int
    payload: bytes = b""

    @classmethod
    def value(cls, sensor: int, time: int, characteristic: str, value: bytes) -> Self:
        """The record of a value that came from `characteristic` (a UUID of 128 bit)."""
        return cls(RecordKind.VALUE, sensor, time, uuid.UUID(characteristic).bytes + value)

    @property
    def characteristic(self) -> str:
        """Of a value: where it came from, in lower case."""
        return _uuid_text(self.payload[:_UUID])

    @property
    def data(self) -> bytes:
        """Of a value: its bytes."""
        return self.payload[_UUID:]


@dataclass(frozen=True, slots=True)
class Damage:
    """`length` bytes from `offset` on that are no record; `torn` if the file ends with them."""

    offset: int
    length: int
    torn: bool


class RawWriter:
    """Appends records to a new file; not from several threads at once, but for `sync`.

    Raises
    ------
    InputError
        Here and on appending, when the file is there already or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._file = AppendedFile(path)
        self._file.append(MARK)
        self.sync, self.close = self._file.sync, self._file.close

    def append(self, record: Record) -> None:
        """Write one record."""
        self._file.append(_packed(record))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _packed(record: Record) -> bytes:
    if len(record.payload) > LONGEST_PAYLOAD:
        raise ValueError(f"a record holds {LONGEST_PAYLOAD} bytes, not {len(record.payload)}")
    head = _HEAD.pack(SYNC, 0, len(record.payload), record.kind, record.sensor, record.time)
    checked = head[_CHECKED:] + record.payload
    return SYNC + zlib.crc32(checked).to_bytes(4, "little") + checked


def read_raw(path: Path) -> Iterator[Record | Damage]:
    """The records of a raw log in order, with whatever is damaged between them; in flat memory.

    Raises
    ------
    InputError
        When it cannot be read, or is no raw log of this version.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(len(MARK))
            if begin != MARK:
                # A log killed within its first 16 bytes is an empty one.
                if not MARK.startswith(begin):
                    raise InputError(f"{path} is not a raw log: expected it to begin {MARK[:13]!r}")
                if begin:
                    yield Damage(0, len(begin), torn=True)
                return
            yield from _records(file)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def _records(file: BinaryIO) -> Iterator[Record | Damage]:
    window, base, at = b"", len(MARK), 0
    bad = -1  # where in the file the damage that is being skipped began
    longest = _HEAD.size + LONGEST_PAYLOAD
    ended = False
    while True:
        if not ended and len(window) - at < longest:
            more = file.read(CHUNK)
            ended = not more
            window, base, at = window[at:] + more, base + at, 0
            continue
        if at == len(window):
            break
        found = _record_at(window, at)
        if found is None:
            bad = base + at if bad < 0 else bad
            following = window.find(SYNC, at + 1)
            # A lone first byte of a mark at the end of the window is looked at again with more.
            at = following if following >= 0 else len(window) - (not ended)
            continue
        if bad >= 0:
            yield Damage(bad, base + at - bad, torn=False)
            bad = -1
        yield found
        at += _HEAD.size + len(found.payload)
    if bad >= 0:
        yield Damage(bad, base + at - bad, torn=True)


def _record_at(window: bytes, at: int) -> Record | None:
    """The whole and sound record that begins at byte `at`, if there is one."""
    if len(window) - at < _HEAD.size:
        return None
    sync, checksum, length, number, sensor, time = _HEAD.unpack_from(window, at)
    end = at + _HEAD.size + length
    kind = _KINDS.get(number)
    if sync != SYNC or end > len(window) or kind is None:
        return None
    if zlib.crc32(memoryview(window)[at + _CHECKED : end]) != checksum:
        return None
    payload = window[at + _HEAD.size : end]
    if kind is RecordKind.VALUE and length < _UUID:
        return None
    return Record(kind, sensor, time, payload)
