"""Movella DOT, which older firmware calls Xsens DOT.

Source: Movella DOT BLE Service Specification, XD0506P revision C, July 2023 (its sections and
tables are named below).
"""

import struct
from math import isfinite

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    Battery,
    DecodeError,
    Decoder,
    Device,
    Frame,
    Link,
    Message,
    Notice,
    SensorRefusedError,
    Timing,
)


def _uuid(short: int) -> str:
    """Section 1.1."""
    return f"1517{short:04x}-4947-11e9-8646-d663bd873d93"


DEVICE_CONTROL = _uuid(0x1002)
DEVICE_REPORT = _uuid(0x1004)
MEASUREMENT_CONTROL = _uuid(0x2001)
MEDIUM_PAYLOAD = _uuid(0x2003)
BATTERY = _uuid(0x3001)

COMPANY = 0x0886
"""Bluetooth company identifier 2182, Movella (table 3)."""

MEASUREMENT, STOP, START = 1, 0, 1
"""First two bytes of MEASUREMENT_CONTROL (table 13); the payload mode is the third."""
RATE_QUANTITIES = 21
"""Payload mode: time stamp, acceleration with gravity, angular rate; 28 bytes (table 15).

The orientation modes give acceleration without gravity only.
"""

DEVICE_CONTROL_BYTES = 32
OUTPUT_RATE_BIT = 0x10
"""In the first byte of DEVICE_CONTROL: take over the output rate (table 7)."""
OUTPUT_RATE_AT = 24
"""Where DEVICE_CONTROL holds the output rate, u16 Hz."""
RATE = 60
"""Hz, the highest that streams (table 7)."""

MICROSECOND = 1e-6
"""One tick, s (table 17)."""
STAMP_MODULUS = 2**32

ROW_BYTES = 28
MEDIUM_BYTES = 40
"""A medium payload may come with zeros up to this length (section 3.3)."""

REPORTS = {
    1: "the sensor was switched off",
    4: "the sensor went to sleep",
    5: "the sensor's button was pressed",
    6: "the sensor's button was pressed twice",
    7: "the sensor's button was pressed three times",
}
"""First byte of DEVICE_REPORT (section 2.3)."""


def parse_stamped(value: bytes, count: int) -> tuple[int, tuple[float, ...]]:
    """Microseconds and the `count` floats that follow them; raises DecodeError."""
    if len(value) < 4 + 4 * count:
        raise DecodeError(f"a Movella DOT sample has {4 + 4 * count} bytes, this has {len(value)}")
    stamp, *numbers = struct.unpack_from(f"<I{count}f", value)
    if not all(map(isfinite, numbers)):
        raise DecodeError("a Movella DOT sample holds values that are no numbers")
    return stamp, tuple(numbers)


def decode(characteristic: str, value: bytes) -> list[Message]:
    """Messages in `value`; raises DecodeError. A notification is whole, nothing need be kept."""
    if characteristic == MEDIUM_PAYLOAD:
        if not ROW_BYTES <= len(value) <= MEDIUM_BYTES or any(value[ROW_BYTES:]):
            raise DecodeError(f"{len(value)} bytes are no sample of rate quantities")
        stamp, numbers = parse_stamped(value, 6)
        acc, gyr = np.array(numbers).reshape(2, 1, 3)
        return [Frame(acc=acc, gyr=np.radians(gyr), ticks=stamp)]
    if characteristic == BATTERY:
        return [Battery(percent=_percent(value))]
    if characteristic == DEVICE_REPORT:
        if not value:
            raise DecodeError("a Movella DOT report is empty")
        return [Notice(text=REPORTS[value[0]])] if value[0] in REPORTS else []
    return []


def _percent(value: bytes) -> int:
    """Battery level, of which the second byte tells whether it charges (table 21)."""
    if len(value) != 2 or value[0] > 100:
        raise DecodeError(f"not a Movella DOT battery level: {value.hex()}")
    return value[0]


class MovellaDot(Device):
    """Acceleration and angular rate at 60 Hz, one sample a notification."""

    name = "movella-dot"
    title = "Movella DOT"

    @property
    def timing(self) -> Timing:
        """Stamped in microseconds, which wrap around after 71.6 min; not counted."""
        return Timing(rate=float(RATE), tick=MICROSECOND, tick_modulus=STAMP_MODULUS)

    @property
    def gyroscope(self) -> bool:
        """It has one."""
        return True

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By company and name, either of which some systems leave out (section 1.2, table 4)."""
        name = advertisement.name.lower()
        return COMPANY in advertisement.manufacturer or name.startswith(
            ("movella dot", "xsens dot")
        )

    def decoder(self) -> Decoder:
        """A decoder for one connection."""
        return decode

    async def start(self, link: Link) -> None:
        """Set the rate and start (section 3.8); raises SensorRefusedError."""
        for characteristic in (MEDIUM_PAYLOAD, BATTERY, DEVICE_REPORT):
            await link.subscribe(characteristic)
        # The rate cannot be changed while it measures, as it may from an earlier connection.
        await self.stop(link)
        control = await link.read(DEVICE_CONTROL)
        if len(control) != DEVICE_CONTROL_BYTES:
            raise SensorRefusedError(
                f"The {self.title} tells its settings in {len(control)} bytes where "
                f"{DEVICE_CONTROL_BYTES} were expected; update its firmware with Movella's app."
            )
        if int.from_bytes(control[OUTPUT_RATE_AT : OUTPUT_RATE_AT + 2], "little") != RATE:
            await link.write(
                DEVICE_CONTROL,
                bytes([OUTPUT_RATE_BIT])
                + control[1:OUTPUT_RATE_AT]
                + RATE.to_bytes(2, "little")
                + control[OUTPUT_RATE_AT + 2 :],
            )
        wanted = bytes([MEASUREMENT, START, RATE_QUANTITIES])
        await link.write(MEASUREMENT_CONTROL, wanted)
        if (state := await link.read(MEASUREMENT_CONTROL)) != wanted:
            raise SensorRefusedError(
                f"The {self.title} does not start to measure (its state is {state.hex()}); "
                "stop any recording or synchronisation with Movella's app and try again."
            )

    async def stop(self, link: Link) -> None:
        """Stop measuring."""
        await link.write(MEASUREMENT_CONTROL, bytes([MEASUREMENT, STOP, RATE_QUANTITIES]))

    async def battery(self, link: Link) -> int | None:
        """Charge left in percent."""
        return _percent(await link.read(BATTERY))
