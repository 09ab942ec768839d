"""What every decoder must keep, whatever bytes it is given: no sample that is not in them."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gaitcue.bluetooth.device import (
    BATTERY_LEVEL,
    Battery,
    ClockAnswer,
    DecodeError,
    Decoder,
    Device,
    Frame,
    Message,
    Notice,
)
from gaitcue.bluetooth.devices import (
    arduino,
    bangle,
    gaitcue_sensor,
    metamotion,
    movella_dot,
    movesense,
    openearable,
    pinetime,
    pmd,
    polar,
    witmotion,
)
from gaitcue.imu import STANDARD_GRAVITY, FloatArray


@dataclass
class Heard:
    """What a connection has sent so far."""

    values: list[tuple[str, bytes]] = field(default_factory=list)
    rows: int = 0
    """Samples decoded so far."""

    @property
    def bytes(self) -> bytes:
        return b"".join(value for _, value in self.values)


Law = Callable[[Frame, Heard], None]
"""Raises AssertionError when a value of the newest frame is not in what was heard."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A device with the characteristics it listens to, and what holds for its frames."""

    device: type[Device]
    characteristics: tuple[str, ...]
    row_bytes: float
    """The fewest bytes that a sample of one sensor (acceleration or angular rate) can take."""
    law: Law
    repaired: Callable[[bytes], bytes] = bytes
    """The same bytes with a right checksum, which blind change would never find."""


def _counted(values: FloatArray, unit: float, heard: bytes) -> None:
    """Each value is a whole int16 number of `unit`, and that number was sent."""
    counts = np.rint(values / unit)
    np.testing.assert_allclose(values, counts * unit, rtol=1e-9, atol=0)
    assert np.abs(counts + 0.5).max() <= 32767.5
    for count in counts.ravel().astype(int).tolist():
        assert struct.pack("<h", count) in heard


def _floats(values: FloatArray, heard: bytes) -> None:
    """Each value is a float32 that was sent."""
    for value in values.ravel().tolist():
        assert struct.pack("<f", value) in heard


def counts(acc: float, gyr: float | None = None) -> Law:
    """Of `acc` m/s² and `gyr` rad/s a count."""

    def law(frame: Frame, heard: Heard) -> None:
        if frame.acc is not None:
            _counted(frame.acc, acc, heard.bytes)
        if frame.gyr is not None:
            assert gyr is not None
            _counted(frame.gyr, gyr, heard.bytes)

    return law


def floats(acc: float) -> Law:
    """Acceleration in units of `acc` m/s², angular rate in deg/s."""

    def law(frame: Frame, heard: Heard) -> None:
        if frame.acc is not None:
            _floats(frame.acc / acc, heard.bytes)
        if frame.gyr is not None:
            _floats(np.degrees(frame.gyr), heard.bytes)

    return law


def _movesense(frame: Frame, heard: Heard) -> None:
    """A number may begin in one notification and end behind the head of the next."""
    payloads = [(source, value[2:]) for source, value in heard.values]
    floats(1.0)(frame, Heard(payloads))


def _either(frame: Frame, heard: Heard) -> None:
    try:
        floats(1.0)(frame, heard)
    except AssertionError:
        acc, gyr = openearable.ACC_RANGE / 32768, float(np.radians(openearable.GYR_RANGE / 32768))
        counts(acc, gyr)(frame, heard)


def _gaitcue(frame: Frame, heard: Heard) -> None:
    known = [value for source, value in heard.values if source == gaitcue_sensor.FEATURE]
    scales = []
    for value in known:
        try:
            scales.append(gaitcue_sensor.parse_feature(value)[2:])
        except DecodeError:
            continue
    acc, gyr = scales[-1]
    counts(acc * STANDARD_GRAVITY, float(np.radians(gyr)))(frame, heard)


def _polar(frame: Frame, heard: Heard) -> None:
    """As read bit by bit from the newest value."""
    _, value = heard.values[-1]
    form, content = value[9], value[10:]
    is_acc = frame.acc is not None
    rows = frame.acc if is_acc else frame.gyr
    assert rows is not None
    if not form & 0x80:
        width = form + 1
        whole = [
            int.from_bytes(content[at : at + width], "little", signed=True)
            for at in range(0, len(content), width)
        ]
        expected = np.array(whole, float).reshape(-1, 3)
    else:
        width = 4 if not is_acc and form & 0x7F == 1 else 2
        expected = np.array(_bit_by_bit(content, width), float)
        if width == 4:
            patterns = [[int(v) & 0xFFFFFFFF for v in row] for row in expected.tolist()]
            expected = np.array(patterns, "<u4").view("<f4").astype(float)
    assert rows.shape == expected.shape
    nonzero = expected != 0
    assert (rows[~nonzero] == 0).all()
    if nonzero.any():
        factor = rows[nonzero] / expected[nonzero]
        assert (factor > 0).all()
        np.testing.assert_allclose(factor, factor[0], rtol=1e-6)


def _bit_by_bit(content: bytes, width: int) -> list[list[int]]:
    rows = [
        [
            int.from_bytes(content[at : at + width], "little", signed=True)
            for at in range(0, 3 * width, width)
        ]
    ]
    at = 3 * width
    while at < len(content):
        bits, count = content[at], content[at + 1]
        size = -(-bits * count * 3 // 8)
        stream = int.from_bytes(content[at + 2 : at + 2 + size], "little")
        for _ in range(count):
            row = []
            for channel in range(3):
                delta = stream & ((1 << bits) - 1)
                stream >>= bits
                row.append(rows[-1][channel] + delta - ((delta >> (bits - 1)) << bits))
            rows.append(row)
        at += 2 + size
    return rows


def _with_crc(value: bytes) -> bytes:
    size = bangle.LAYOUT.size
    if len(value) < size:
        return value
    body = bangle.MARK + value[len(bangle.MARK) : size - 4]
    return body + zlib.crc32(body).to_bytes(4, "little") + value[size:]


def _metamotion(frame: Frame, heard: Heard) -> None:
    acc = STANDARD_GRAVITY / metamotion.ACC_LSB_PER_G[metamotion.ACC_RANGE]
    gyr = float(np.radians(1 / metamotion.GYRO_LSB_PER_DPS[metamotion.GYRO_RANGE]))
    counts(acc, gyr)(frame, heard)


_POLAR = (pmd.CONTROL, pmd.DATA, BATTERY_LEVEL)

KINDS = (
    Kind(
        device=gaitcue_sensor.GaitcueSensor,
        characteristics=(
            gaitcue_sensor.FEATURE,
            gaitcue_sensor.MOTION,
            gaitcue_sensor.STATUS,
            gaitcue_sensor.CONTROL,
        ),
        row_bytes=6,
        law=_gaitcue,
    ),
    Kind(
        device=movella_dot.MovellaDot,
        characteristics=(
            movella_dot.MEDIUM_PAYLOAD,
            movella_dot.BATTERY,
            movella_dot.DEVICE_REPORT,
        ),
        row_bytes=28,
        law=floats(1.0),
    ),
    Kind(
        device=movesense.Movesense,
        characteristics=(movesense.NOTIFY,),
        row_bytes=24,
        law=_movesense,
    ),
    Kind(
        device=openearable.OpenEarable,
        characteristics=(openearable.DATA, openearable.CONFIG, openearable.TIME_SYNC),
        row_bytes=24,
        law=_either,
    ),
    Kind(device=polar.PolarH10, characteristics=_POLAR, row_bytes=3 / 8, law=_polar),
    Kind(device=polar.PolarVerity, characteristics=_POLAR, row_bytes=3 / 8, law=_polar),
    Kind(device=polar.PolarOH1, characteristics=_POLAR, row_bytes=3 / 8, law=_polar),
    Kind(
        device=metamotion.MetaMotion,
        characteristics=(metamotion.NOTIFY,),
        row_bytes=6,
        law=_metamotion,
    ),
    Kind(
        device=witmotion.WitMotion,
        characteristics=(witmotion.NOTIFY,),
        row_bytes=20,
        law=counts(witmotion.ACC_RANGE / 32768, witmotion.GYR_RANGE / 32768),
    ),
    Kind(
        device=bangle.BangleJs2,
        characteristics=(bangle.NOTIFY,),
        row_bytes=6,
        law=counts(STANDARD_GRAVITY / bangle.COUNTS),
        repaired=_with_crc,
    ),
    Kind(
        device=arduino.ArduinoNano,
        characteristics=(arduino.ACC, arduino.GYR),
        row_bytes=12,
        law=floats(STANDARD_GRAVITY),
    ),
    Kind(
        device=pinetime.PineTime,
        characteristics=(pinetime.MOTION,),
        row_bytes=6,
        law=counts(STANDARD_GRAVITY / pinetime.COUNTS),
    ),
)


def decoded(
    kind: Kind, decoder: Decoder, heard: Heard, characteristic: str, value: bytes
) -> list[Message]:
    """What `decoder` makes of a value, none when it refuses it; raises AssertionError."""
    heard.values.append((characteristic, value))
    try:
        messages = decoder(characteristic, value)
    except DecodeError:
        return []
    for message in messages:
        match message:
            case Frame():
                _check(kind, message, heard)
            case ClockAnswer():
                assert 0 <= message.token < 2**32
                assert min(message.received, message.replied) >= 0
            case Battery(percent=percent):
                assert 0 <= percent <= 100
            case Notice(text=text):
                assert text
    return messages


def _check(kind: Kind, frame: Frame, heard: Heard) -> None:
    parts = [part for part in (frame.acc, frame.gyr) if part is not None]
    assert parts
    assert len({part.shape for part in parts}) == 1
    for part in parts:
        assert part.dtype == np.float64
        assert part.shape[0] > 0
        assert part.shape[1] == 3
        assert np.isfinite(part).all()
    heard.rows += len(parts[0])
    assert heard.rows <= len(heard.bytes) / kind.row_bytes
    timing = kind.device().timing
    assert (frame.index is None) == (timing.index_modulus is None)
    assert (frame.ticks is None) == (timing.tick is None)
    assert frame.index is None or 0 <= frame.index < (timing.index_modulus or 0)
    assert frame.ticks is None or 0 <= frame.ticks < (timing.tick_modulus or 0)
    assert frame.tick_step is None or 0 < frame.tick_step < np.inf
    kind.law(frame, heard)
