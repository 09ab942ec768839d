"""Movesense sensors whose firmware speaks the GATT SensorData protocol (GSP).

Source: github.com/sensein/movesense-py, ``docs/movesense-api.md``, ``sensor_command.py`` and
packets captured there (``tests/fixtures/validation``); the meaning of the time stamp (first
measurement of the packet) as the data models of Movesense's mobile library say.
"""

import struct

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    DecodeError,
    Device,
    Frame,
    Link,
    Message,
    SensorRefusedError,
    Timing,
    ask,
)
from gaitcue.imu import FloatArray

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
NOTIFY = "34800002-7185-4d5d-b431-630e7050e8f0"

# First byte written to COMMAND, a reference of our choice comes second, then the command's data.
SUBSCRIBE, UNSUBSCRIBE, GET = 1, 2, 4
# First byte notified, the reference comes second.
ANSWER, DATA, DATA_PART2 = 1, 2, 3
OK = 200
"""Status in an answer, as in HTTP."""

RATE = 52
"""Hz; a packet of 4 samples then comes every 77 ms and fits into one notification."""
IMU_PATH = f"/Meas/IMU6/{RATE}"
BATTERY_PATH = "/System/Energy/Level"
IMU_REFERENCE, BATTERY_REFERENCE = 10, 11

MILLISECOND = 1e-3
"""One tick, s."""
STAMP_MODULUS = 2**32

ROW_BYTES = 12
"""Three 32-bit floats."""


def parse_vectors(payload: bytes, kinds: int) -> tuple[int, FloatArray]:
    """Milliseconds and the (kinds, n, 3) vectors of a measurement; raises DecodeError.

    The kinds follow each other block by block: acceleration m/s², angular rate deg/s, field µT.
    """
    size = len(payload) - 4
    if size <= 0 or size % (kinds * ROW_BYTES):
        raise DecodeError(
            f"a Movesense packet of {len(payload)} bytes holds no whole number of samples"
        )
    (stamp,) = struct.unpack_from("<I", payload)
    values = np.frombuffer(payload, "<f4", offset=4)
    if not np.isfinite(values).all():  # before the cast, which warns of a signalling NaN
        raise DecodeError("a Movesense packet holds values that are no numbers")
    return stamp, values.astype(np.float64).reshape(kinds, -1, 3)


class MovesenseDecoder:
    """Frames of the IMU subscription; a packet may come in two notifications."""

    def __init__(self) -> None:
        self._half = b""

    def __call__(self, characteristic: str, value: bytes) -> list[Message]:
        """Messages in `value`; raises DecodeError."""
        if characteristic != NOTIFY:
            return []
        if len(value) < 2:
            raise DecodeError(f"a Movesense notification has 2 bytes or more: {value.hex()!r}")
        kind, reference, payload = value[0], value[1], value[2:]
        if kind not in (ANSWER, DATA, DATA_PART2):
            raise DecodeError(f"Movesense notifications of kind {kind} are unknown")
        if kind == ANSWER or reference != IMU_REFERENCE:
            return []
        if kind == DATA:
            whole = len(payload) > 4 and (len(payload) - 4) % (2 * ROW_BYTES) == 0
            self._half = b"" if whole else payload
            return [_frame(payload)] if whole else []
        if not self._half:
            raise DecodeError("the first part of a Movesense packet is missing")
        payload, self._half = self._half + payload, b""
        return [_frame(payload)]


def _frame(payload: bytes) -> Frame:
    stamp, (acc, gyr) = parse_vectors(payload, kinds=2)
    return Frame(acc=acc, gyr=np.radians(gyr), ticks=stamp)


class Movesense(Device):
    """Acceleration and angular rate at 52 Hz."""

    name = "movesense"
    title = "Movesense"

    @property
    def timing(self) -> Timing:
        """Stamped in milliseconds at each packet's first sample; not counted."""
        return Timing(rate=float(RATE), tick=MILLISECOND, tick_modulus=STAMP_MODULUS)

    @property
    def gyroscope(self) -> bool:
        """It has one."""
        return True

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By the service, or by a name such as ``Movesense 123456789012``."""
        return SERVICE in advertisement.services or advertisement.name.startswith("Movesense")

    def decoder(self) -> MovesenseDecoder:
        """A decoder for one connection."""
        return MovesenseDecoder()

    async def start(self, link: Link) -> None:
        """Subscribe to the IMU; raises SensorRefusedError, TimeoutError."""
        await link.subscribe(NOTIFY)
        subscribe = bytes([SUBSCRIBE, IMU_REFERENCE]) + _path(IMU_PATH)
        status, _ = await _answer(link, subscribe)
        if status != OK:  # Perhaps subscribed still from an earlier connection.
            await self.stop(link)
            status, _ = await _answer(link, subscribe)
        if status != OK:
            raise SensorRefusedError(
                f"The {self.title} does not start its motion sensor (status {status}); "
                "update its firmware with the Movesense Showcase app."
            )

    async def stop(self, link: Link) -> None:
        """End the subscription; a sensor that has none says so and that is fine."""
        await _answer(link, bytes([UNSUBSCRIBE, IMU_REFERENCE]))

    async def battery(self, link: Link) -> int | None:
        """Charge left in percent, None if this firmware does not tell."""
        await link.subscribe(NOTIFY)
        status, data = await _answer(link, bytes([GET, BATTERY_REFERENCE]) + _path(BATTERY_PATH))
        return data[0] if status == OK and data else None


def _path(path: str) -> bytes:
    return path.encode() + b"\0"


async def _answer(link: Link, command: bytes) -> tuple[int, bytes]:
    """Status and data of the answer to `command`."""
    answer = await ask(
        link,
        command,
        write_to=COMMAND,
        answered_on=NOTIFY,
        matches=lambda value: value[:2] == bytes([ANSWER, command[1]]) and len(value) >= 4,
    )
    return int.from_bytes(answer[2:4], "little"), answer[4:]
