"""OpenEarable 2, an open earphone with a motion sensor.

Source: github.com/OpenEarable/open-earable-2 (src/bluetooth/gatt_services/sensor_service.c and
sensor_transport.c, schemas/imu; src/time_sync/time_sync.c).
Firmware up to 2.2 sends floats, from 2.3 on counts.
"""

import struct

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    ClockAnswer,
    ClockQuestion,
    DecodeError,
    Decoder,
    Device,
    Frame,
    Link,
    Message,
    Timing,
)
from gaitcue.imu import STANDARD_GRAVITY, FloatArray

SERVICE = "34c2e3bb-34aa-11eb-adc1-0242ac120002"
DATA = "34c2e3bc-34aa-11eb-adc1-0242ac120002"
CONFIG = "34c2e3be-34aa-11eb-adc1-0242ac120002"

TIME_SYNC = "2e04cbf9-939d-4be5-823e-271838b75259"
"""Takes a question and notifies the answer: version, operation, u16 number of the question, and in
u64 microseconds when the host sent it, when it came and when the answer left."""
SYNC_LAYOUT = struct.Struct("<BBHQQQ")
SYNC_VERSION, SYNC_QUESTION, SYNC_ANSWER = 1, 0, 1

IMU = 0
"""Identifier of the motion sensor."""
RATE = 100.0
RATE_INDEX = 2
"""Of 25, 50, 100, 200, 400, 800 Hz."""
OFF, TO_BLUETOOTH = 0, 1

HEADER_BYTES = 10
"""Sensor, bytes of payload, u64 microseconds of the first sample."""
FLOAT_BYTES = 36
"""A sample of acc m/s², gyr deg/s, magnetic field, float32 each."""
COUNT_BYTES = 24
"""A sample of acc and gyr as int16, magnetic field as float32."""
ACC_RANGE = 2 * STANDARD_GRAVITY
"""m/s² at 32768 counts, fixed in the firmware."""
GYR_RANGE = 2000.0
"""deg/s at 32768 counts."""
LEAST = 1e-4
"""Nothing but 0 is smaller than one count, 6e-4 m/s² or 0.06 deg/s."""
MICROSECOND = 1e-6
CLOCK_MODULUS = 2**64


def _rows(size: int, width: int) -> int:
    """Samples of `width` in a payload; several are followed by the u16 step between them."""
    if size == width:
        return 1
    return (size - 2) // width if size >= 2 * width + 2 and (size - 2) % width == 0 else 0


def _floats(payload: bytes, rows: int) -> FloatArray | None:
    """(rows, 6) as measured; None if these cannot be floats of this sensor."""
    values = np.frombuffer(payload, "<f4", count=9 * rows).reshape(rows, 9)[:, :6]
    if not np.isfinite(values).all():  # before they are compared, which warns of a signalling NaN
        return None
    limits = np.repeat([ACC_RANGE, GYR_RANGE], 3)
    sensible = (np.abs(values) <= limits * 1.001) & ((values == 0) | (np.abs(values) >= LEAST))
    return values.astype(np.float64) if sensible.all() else None


def _counts(payload: bytes, rows: int) -> FloatArray:
    """(rows, 6) in m/s² and deg/s."""
    width = np.dtype([("motion", "<i2", 6), ("field", "<f4", 3)])
    counts = np.frombuffer(payload, width, count=rows)["motion"]
    return counts * (np.repeat([ACC_RANGE, GYR_RANGE], 3) / 32768)


def decode(characteristic: str, value: bytes) -> list[Message]:
    """Messages in `value`; raises DecodeError. A notification is whole, nothing need be kept."""
    if characteristic == TIME_SYNC:
        return _clock(value)
    if characteristic != DATA:
        return []
    if len(value) < HEADER_BYTES or len(value) != HEADER_BYTES + value[1]:
        raise DecodeError(f"OpenEarable data of {len(value)} bytes do not have the length they say")
    sensor, size, ticks = struct.unpack_from("<BBQ", value)
    if sensor != IMU:
        return []
    payload = value[HEADER_BYTES:]
    # Some sizes fit both forms. Counts read as floats come out tiny or huge, so those decide.
    motion = None
    if rows := _rows(size, FLOAT_BYTES):
        motion = _floats(payload, rows)
    if motion is None and (rows := _rows(size, COUNT_BYTES)):
        motion = _counts(payload, rows)
    if motion is None:
        raise DecodeError(f"{size} bytes are no motion samples of an OpenEarable")
    step = None
    if rows > 1:
        step = float(int.from_bytes(payload[-2:], "little"))
        if not step:
            raise DecodeError("several OpenEarable samples have one and the same time")
    return [Frame(acc=motion[:, :3], gyr=np.radians(motion[:, 3:]), ticks=ticks, tick_step=step)]


def _clock(value: bytes) -> list[Message]:
    if len(value) != SYNC_LAYOUT.size:
        raise DecodeError(f"a time of an OpenEarable has 28 bytes, this has {len(value)}")
    version, operation, token, _, received, replied = SYNC_LAYOUT.unpack(value)
    if (version, operation) != (SYNC_VERSION, SYNC_ANSWER):
        raise DecodeError(f"a time of an OpenEarable of version {version} and kind {operation}")
    return [ClockAnswer(token=token, received=received, replied=replied)]


class OpenEarable(Device):
    """Acceleration within ±2 g and angular rate at 100 Hz, at the ear."""

    name = "openearable"
    title = "OpenEarable 2"

    @property
    def timing(self) -> Timing:
        """Stamped in microseconds; not counted."""
        return Timing(rate=RATE, tick=MICROSECOND, tick_modulus=CLOCK_MODULUS)

    @property
    def gyroscope(self) -> bool:
        """It has one."""
        return True

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By name; its service is not advertised by every version."""
        return SERVICE in advertisement.services or advertisement.name.lower().startswith(
            "openearable"
        )

    def decoder(self) -> Decoder:
        """A decoder for one connection."""
        return decode

    async def start(self, link: Link) -> None:
        """Send the motion sensor's samples at 100 Hz."""
        await link.subscribe(DATA)
        await link.write(CONFIG, bytes([IMU, RATE_INDEX, TO_BLUETOOTH]))

    def clock_question(self, token: int) -> ClockQuestion | None:
        """As its app asks to set the clock, which is left as it is."""
        return ClockQuestion(
            write_to=TIME_SYNC,
            value=SYNC_LAYOUT.pack(SYNC_VERSION, SYNC_QUESTION, token, 0, 0, 0),
            answered_on=TIME_SYNC,
        )

    async def stop(self, link: Link) -> None:
        """Switch the motion sensor off."""
        await link.write(CONFIG, bytes([IMU, RATE_INDEX, OFF]))
