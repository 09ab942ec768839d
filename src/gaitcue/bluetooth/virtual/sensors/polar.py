"""Virtual Polar H10, OH1 and Verity Sense."""

import struct
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitcue.bluetooth.devices.pmd import (
    ACC,
    ALREADY,
    ANSWER,
    CHANNELS,
    COMPRESSED,
    CONTROL,
    DATA,
    FACTOR,
    FEATURES,
    GET_SETTINGS,
    GYRO,
    INVALID_STATE,
    OK,
    RANGE,
    RATE,
    RESOLUTION,
    SDK_MODE,
    SETTING_SIZE,
    START,
    STOP,
)
from gaitcue.bluetooth.devices.polar import PolarH10, PolarOH1, PolarVerity
from gaitcue.bluetooth.virtual.sensor import (
    BATTERY,
    Attribute,
    Property,
    Values,
    VirtualSensor,
    counts,
)
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"

UNKNOWN_COMMAND, UNKNOWN_MEASUREMENT = 1, 2
"""Statuses of an answer."""

RAW_INT16 = 1
"""Type of an uncompressed acceleration frame of 16-bit mg."""

CLOCK_START = 599_616_000_000_000_000
"""ns since 2000: 2019-01-01, where the clock of a sensor starts that no app has set."""

ACC_UNIT = np.float32(8 / 32768)
"""g per count at 8 g."""
GYRO_UNIT = np.float32(2000 / 32768)
"""deg/s per count at 2000 deg/s."""

Offers = Mapping[int, tuple[int, ...]]
"""Setting to the values that can be chosen."""


class _VirtualPmd(VirtualSensor):
    """The measurement data service."""

    attributes = (
        Attribute(SERVICE, CONTROL, Property.READ | Property.WRITE | Property.INDICATE),
        Attribute(SERVICE, DATA, Property.NOTIFY),
        BATTERY,
    )
    rows = 36
    features: ClassVar[bytes]
    offers: ClassVar[Mapping[int, Offers]]
    units: ClassVar[Mapping[int, np.float32]] = {}
    """Of measurements sent compressed: what the answer to a start tells as their factor."""

    def __init__(self) -> None:
        super().__init__()
        self._started: set[int] = set()

    def disconnected(self) -> None:
        """All streams end."""
        self._started.clear()
        super().disconnected()

    def read(self, characteristic: str) -> bytes:
        """Of the control point: what it can measure."""
        return self.features if characteristic == CONTROL else super().read(characteristic)

    def write(self, characteristic: str, value: bytes) -> Values:
        """Take a command, and indicate how it went."""
        if characteristic != CONTROL or len(value) < 2:
            return []
        command, kind = value[:2]
        status, parameters = self._obey(command, kind)
        self.streaming = self._started >= set(self.offers)
        more = b"\x00" + parameters if status == OK else b""
        return [(CONTROL, bytes([ANSWER, command, kind, status]) + more)]

    def _obey(self, command: int, kind: int) -> tuple[int, bytes]:
        if kind not in self.offers:
            return UNKNOWN_MEASUREMENT, b""
        if command == GET_SETTINGS:
            return OK, _settings(self.offers[kind])
        if command == START:
            if kind in self._started:
                return ALREADY, b""
            self._started.add(kind)
            unit = self.units.get(kind)
            return OK, b"" if unit is None else _settings({FACTOR: (int(unit.view("<u4")),)})
        if command == STOP:
            if kind not in self._started:
                return ALREADY, b""
            self._started.discard(kind)
            return OK, b""
        return UNKNOWN_COMMAND, b""

    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:
        """A frame for every stream, stamped with the time of its last sample."""
        last = CLOCK_START + round((row + len(acc) - 1) * 1e9 / self.timing.rate)
        values: Values = []
        for kind in self.offers:
            if kind not in self.units:
                content = counts(acc, 1e-3 * STANDARD_GRAVITY).astype("<i2").tobytes()
                form = RAW_INT16
            else:
                unit = float(self.units[kind])
                whole = (
                    counts(acc, unit * STANDARD_GRAVITY)
                    if kind == ACC
                    else counts(np.degrees(gyr), unit)
                )
                content, form = compress(whole.astype(np.int64)), COMPRESSED
            values.append((DATA, struct.pack("<BQB", kind, last, form) + content))
        return values


class VirtualPolarH10(_VirtualPmd):
    """Chest strap."""

    device = PolarH10
    local_name = "Polar H10 0000CAFE"
    features = bytes([FEATURES, 0x05, 0x00]) + bytes(14)
    offers: ClassVar[Mapping[int, Offers]] = {
        ACC: {RATE: (25, 50, 100, 200), RESOLUTION: (16,), RANGE: (2, 4, 8)}
    }


class VirtualPolarOH1(_VirtualPmd):
    """Arm band."""

    device = PolarOH1
    local_name = "Polar OH1 0000CAFE"
    features = bytes([FEATURES, 0x06, 0x00]) + bytes(14)
    offers: ClassVar[Mapping[int, Offers]] = {ACC: {RATE: (50,), RESOLUTION: (16,), RANGE: (8,)}}


class VirtualPolarVerity(_VirtualPmd):
    """Arm band with SDK mode, in which alone it offers the rates that are asked for."""

    device = PolarVerity
    local_name = "Polar Sense 0000CAFE"
    features = bytes([FEATURES, 0x6E, 0x02]) + bytes(14)
    units: ClassVar[Mapping[int, np.float32]] = {ACC: ACC_UNIT, GYRO: GYRO_UNIT}
    offers: ClassVar[Mapping[int, Offers]] = {
        ACC: {
            RATE: (26, 52, 104, 208, 416),
            RESOLUTION: (16,),
            RANGE: (2, 4, 8, 16),
            CHANNELS: (3,),
        },
        GYRO: {
            RATE: (26, 52, 104, 208, 416),
            RESOLUTION: (16,),
            RANGE: (250, 500, 1000, 2000),
            CHANNELS: (3,),
        },
    }
    _ordinary: ClassVar[Mapping[int, tuple[int, ...]]] = {ACC: (52,), GYRO: (52,)}
    """The rates without SDK mode."""

    def __init__(self) -> None:
        super().__init__()
        self._sdk_mode = False

    def disconnected(self) -> None:
        """SDK mode ends with the connection."""
        self._sdk_mode = False
        super().disconnected()

    def _obey(self, command: int, kind: int) -> tuple[int, bytes]:
        if kind == SDK_MODE and command in (START, STOP):
            if self._started:
                return INVALID_STATE, b""
            if self._sdk_mode == (command == START):
                return ALREADY, b""
            self._sdk_mode = command == START
            return OK, b""
        if command == GET_SETTINGS and kind in self.offers and not self._sdk_mode:
            return OK, _settings({**self.offers[kind], RATE: self._ordinary[kind]})
        return super()._obey(command, kind)


def compress(values: NDArray[np.int64]) -> bytes:
    """A compressed frame's content for whole numbers (n, 3) of 16 bit; `decompress` undoes it."""
    content: bytes = values[0].astype("<i2").tobytes()
    if len(values) == 1:
        return content
    deltas = np.diff(values, axis=0).ravel()
    largest = int(np.where(deltas < 0, ~deltas, deltas).max())
    bits = largest.bit_length() + 1
    digits = (deltas[:, None] >> np.arange(bits)) & 1
    packed: bytes = np.packbits(digits.astype(np.uint8).ravel(), bitorder="little").tobytes()
    return content + bytes([bits, len(values) - 1]) + packed


def _settings(offers: Offers) -> bytes:
    return b"".join(
        bytes([setting, len(values)])
        + b"".join(value.to_bytes(SETTING_SIZE[setting], "little") for value in values)
        for setting, values in offers.items()
    )
