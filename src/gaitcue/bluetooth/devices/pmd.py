"""Polar's measurement data service (PMD): what its bytes mean.

Source: Polar BLE SDK (github.com/polarofficial/polar-ble-sdk, Android sources, package
``ble.model.gatt.client.pmd``) and its unit tests.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gaitcue.bluetooth.device import (
    DecodeError,
    Frame,
    Message,
    Notice,
)
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

# Commands written to CONTROL; the answers come as its indications.
GET_SETTINGS, START, STOP = 1, 2, 3
ANSWER = 0xF0
STREAMS_STOPPED = 1
"""First byte of an indication that is no answer: the device has stopped the streams listed."""
FEATURES = 0x0F
"""First byte of CONTROL as read; then two bytes, where bit n stands for measurement type n."""

ACC, GYRO, SDK_MODE = 2, 5, 9
"""Measurement types."""
NAMES = {ACC: "acceleration", GYRO: "angular rate", SDK_MODE: "SDK mode"}

# Settings: identifier, count, and that many little-endian values of this many bytes.
RATE, RESOLUTION, RANGE, RANGE_MILLI, CHANNELS, FACTOR = range(6)
SETTING_SIZE = {RATE: 2, RESOLUTION: 2, RANGE: 2, RANGE_MILLI: 4, CHANNELS: 1, FACTOR: 4}

OK, ALREADY, INVALID_MTU, INVALID_STATE, IN_CHARGER = 0, 6, 10, 12, 13
STATUS_TEXT = {
    1: "the command is unknown to it",
    2: "the measurement is unknown to it",
    3: "it does not support that",
    4: "the command has the wrong length",
    5: "a parameter is wrong",
    ALREADY: "it is in that state already",
    7: "it has no such resolution",
    8: "it has no such rate",
    9: "it has no such range",
    INVALID_MTU: "the packets that this computer's Bluetooth offers are too small",
    11: "the number of channels is wrong",
    INVALID_STATE: "its state does not allow that",
    IN_CHARGER: "it is in its charger; take it out and try again",
    14: "its memory is full",
}

NANOSECOND = 1e-9
"""One tick, s. The clock starts anywhere: it is set only at power-on (the SDK's KnownIssues)."""
STAMP_MODULUS = 2**64

COMPRESSED = 0x80
"""Bit of a frame's type byte."""
RAW_ACC_BYTES = {0: 1, 1: 2, 2: 3}
"""Raw acceleration frame type to bytes of one value, in mg."""

_DRIFT = 0.05
"""A step from stamp to stamp that is further than this from the nominal one spans lost frames."""


def parse_features(value: bytes) -> frozenset[int]:
    """The measurement types that CONTROL, when read, says the device has; raises DecodeError."""
    if len(value) < 3 or value[0] != FEATURES:
        raise DecodeError(f"not the features of a Polar device: {value.hex()}")
    bits = int.from_bytes(value[1:3], "little")
    return frozenset(kind for kind in range(16) if bits >> kind & 1)


def parse_settings(parameters: bytes) -> dict[int, tuple[int, ...]]:
    """Setting identifier to the values offered; raises DecodeError.

    One byte or none stands for no settings, as in the SDK's ``PmdSetting``.
    """
    settings: dict[int, tuple[int, ...]] = {}
    rest = parameters if len(parameters) > 1 else b""
    while rest:
        size = SETTING_SIZE.get(rest[0])
        if size is None or len(rest) < 2 or len(rest) < 2 + size * rest[1]:
            raise DecodeError(f"Polar settings end in something unreadable: {rest.hex()}")
        end = 2 + size * rest[1]
        settings[rest[0]] = tuple(
            int.from_bytes(rest[at : at + size], "little") for at in range(2, end, size)
        )
        rest = rest[end:]
    return settings


def format_settings(chosen: Mapping[int, int]) -> bytes:
    """The bytes that choose one value for each setting."""
    return b"".join(
        bytes([setting, 1]) + value.to_bytes(SETTING_SIZE[setting], "little")
        for setting, value in chosen.items()
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on CONTROL: to which command and measurement, how it went, and its parameters."""

    command: int
    measurement: int
    status: int
    more: bool
    parameters: bytes


def parse_answer(value: bytes) -> Answer:
    """An indication that starts with ANSWER; raises DecodeError."""
    if len(value) < 4 or value[0] != ANSWER:
        raise DecodeError(f"not an answer of a Polar control point: {value.hex()}")
    ok = value[3] == OK
    return Answer(
        command=value[1],
        measurement=value[2],
        status=value[3],
        more=ok and len(value) > 4 and value[4] != 0,
        parameters=value[5:] if ok else b"",
    )


def decompress(content: bytes, *, width: int, channels: int = 3) -> NDArray[np.int64]:
    """(n, channels) integers of a compressed frame's content; raises DecodeError.

    A reference sample of `width` bytes a channel, then blocks of {bits, count, deltas}: each delta
    is a two's complement number of that many bits, least significant first, to be added to the
    sample before (``BlePMDClient.parseDeltaFramesAll``).
    """
    at = width * channels
    if len(content) < at:
        raise DecodeError(f"a compressed Polar frame needs {at} bytes, this has {len(content)}")
    reference = [
        int.from_bytes(content[i : i + width], "little", signed=True) for i in range(0, at, width)
    ]
    blocks = [np.array([reference], dtype=np.int64)]
    while at < len(content):
        bits, count = content[at], content[at + 1] if at + 1 < len(content) else 0
        size = (bits * count * channels + 7) // 8
        block = content[at + 2 : at + 2 + size]
        if not (1 <= bits <= 32 and count and len(block) == size):
            raise DecodeError(f"byte {at} of a compressed Polar frame starts no whole block")
        stream = np.unpackbits(np.frombuffer(block, np.uint8), bitorder="little")
        digits = stream[: bits * count * channels].reshape(count, channels, bits)
        weights = np.left_shift(np.int64(1), np.arange(bits, dtype=np.int64))
        weights[-1] *= -1
        blocks.append(digits.astype(np.int64) @ weights)
        at += 2 + size
    return np.cumsum(np.vstack(blocks), axis=0)


@dataclass(slots=True)
class _Stream:
    """What the decoder keeps of one measurement."""

    nominal: float
    factor: float | None = None
    stamp: int | None = None
    step: float = field(init=False)

    def __post_init__(self) -> None:
        self.step = self.nominal

    def placed(self, stamp: int, rows: int) -> tuple[int, float]:
        """First row's clock and the step, ns; the frame carries the LAST row's stamp.

        The step is the one found from the frame before where none went missing between.
        """
        if self.stamp is not None:
            step = (stamp - self.stamp) / rows
            if abs(step / self.nominal - 1) < _DRIFT:
                self.step = step
        self.stamp = stamp
        return (stamp - round((rows - 1) * self.step)) % STAMP_MODULUS, self.step


class PmdDecoder:
    """Frames and stopped streams; it learns the scale of compressed frames from start answers."""

    def __init__(self, rate: float) -> None:
        self._streams = {kind: _Stream(nominal=1 / (rate * NANOSECOND)) for kind in (ACC, GYRO)}
        self._parts = b""

    def __call__(self, characteristic: str, value: bytes) -> list[Message]:
        """Messages in `value`; raises DecodeError."""
        if characteristic == DATA:
            return self._data(value)
        if characteristic == CONTROL:
            return self._control(value)
        return []

    def _control(self, value: bytes) -> list[Message]:
        if value[:1] == bytes([STREAMS_STOPPED]):
            stopped = [NAMES[kind] for kind in value[1:] if kind in self._streams]
            return [Notice(text=f"the sensor has stopped sending {name}") for name in stopped]
        if value[:1] == bytes([FEATURES]):  # Read, not indicated: what the sensor can measure.
            return []
        answer = parse_answer(value)
        parameters = self._parts + answer.parameters
        # An answer that goes on in the next indication; none is longer than an attribute (512).
        self._parts = parameters if answer.more and len(parameters) <= 512 else b""
        stream = self._streams.get(answer.measurement)
        started = answer.command == START and answer.status == OK and not answer.more
        if stream is not None and started:
            raw = parse_settings(parameters).get(FACTOR)
            factor = float(np.array(raw[:1], "<u4").view("<f4")[0]) if raw else 1.0
            if not (np.isfinite(factor) and factor > 0):
                raise DecodeError(f"Polar start answer has a scale of {factor}")
            self._streams[answer.measurement] = _Stream(nominal=stream.nominal, factor=factor)
        return []

    def _data(self, value: bytes) -> list[Message]:
        if len(value) < 10:
            raise DecodeError(f"a Polar frame has 10 bytes or more, this has {len(value)}")
        kind, (stamp,), form = value[0] & 0x3F, struct.unpack_from("<Q", value, 1), value[9]
        stream = self._streams.get(kind)
        if stream is None:  # A measurement that another program has asked for.
            return []
        read = _acceleration if kind == ACC else _angular_rate
        rows = read(value[10:], form, stream.factor)
        ticks, step = stream.placed(stamp, len(rows))
        acc, gyr = (rows, None) if kind == ACC else (None, rows)
        return [Frame(acc=acc, gyr=gyr, ticks=ticks, tick_step=step)]


def _acceleration(content: bytes, form: int, factor: float | None) -> FloatArray:
    """(n, 3) m/s²."""
    if not form & COMPRESSED:
        width = RAW_ACC_BYTES.get(form)
        if width is None:
            raise DecodeError(f"raw Polar acceleration frames of type {form} are unknown")
        if not content or len(content) % (3 * width):
            raise DecodeError(f"{len(content)} bytes are no whole samples of 3 x {width} bytes")
        values = [
            int.from_bytes(content[i : i + width], "little", signed=True)
            for i in range(0, len(content), width)
        ]
        return np.array(values, dtype=np.float64).reshape(-1, 3) * (1e-3 * STANDARD_GRAVITY)
    unit = {0: 1.0, 1: 1e-3}.get(form & ~COMPRESSED)  # g and mg
    if unit is None:
        raise DecodeError(f"compressed Polar acceleration frames of type {form & 0x7F} are unknown")
    samples: FloatArray = decompress(content, width=2).astype(np.float64)
    return samples * (_known(factor) * unit * STANDARD_GRAVITY)


def _angular_rate(content: bytes, form: int, factor: float | None) -> FloatArray:
    """(n, 3) rad/s."""
    if form == COMPRESSED | 0:
        values = decompress(content, width=2).astype(np.float64)
    elif form == COMPRESSED | 1:  # The bit patterns of 32-bit floats are what is added up.
        patterns = decompress(content, width=4) & 0xFFFFFFFF
        floats = patterns.astype("<u4").view("<f4")
        if not np.isfinite(floats).all():  # before the cast, which warns of a signalling NaN
            raise DecodeError("a Polar angular rate frame holds values that are no numbers")
        values = floats.astype(np.float64)
    else:
        raise DecodeError(f"Polar angular rate frames of type {form:#04x} are unknown")
    return np.radians(values * _known(factor))


def _known(factor: float | None) -> float:
    if factor is None:
        raise DecodeError("a compressed Polar frame came before the answer that tells its scale")
    return factor
