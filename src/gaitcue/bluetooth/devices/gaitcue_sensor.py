"""gaitcue's own firmware, by version 1.0 of its protocol (``firmware/PROTOCOL.md``).

Everything is little endian and fits into the smallest notification. Samples are raw counts; what a
count is worth stands in the feature characteristic, so samples before it was read are refused.
"""

import struct
from math import isfinite

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    Battery,
    ClockAnswer,
    ClockQuestion,
    DecodeError,
    Decoder,
    Device,
    Frame,
    Link,
    Message,
    Notice,
    OwnBeats,
    SensorRefusedError,
    Timing,
)
from gaitcue.bluetooth.devices.gaitcue_beats import GaitcueBeats
from gaitcue.bluetooth.devices.gaitcue_protocol import (
    ANSWER,
    CLOCK_MODULUS,
    CONTROL,
    CUE,
    CUE_STOP,
    FEATURE,
    FEATURE_FIELDS,
    FIRMWARE,
    FIRMWARE_REVISION,
    HAS_ACC,
    HAS_GYR,
    HAS_METRONOME,
    HAS_TONE,
    HAS_VIBRATION,
    HEADER_BYTES,
    INDEX_MODULUS,
    MAJOR,
    MICROSECOND,
    MOTION,
    PULSE,
    PULSE_LEVEL,
    SERVICE,
    START,
    STATUS,
    STATUS_FIELDS,
    STOP,
    SUCCESS,
    SYNC,
    command,
)
from gaitcue.imu import STANDARD_GRAVITY

RATE = 100.0
"""Hz, asked for."""
LOWEST_RATE = 50.0
"""Hz, below which steps are missed."""
ROWS = 5
"""Samples asked for in a notification: 50 ms at 100 Hz."""
AXES = {1: 3, 2: 6}
"""Axes of each layout of motion data."""
FLAGS = {
    0x10: "the sensor's own buffer ran over and samples were lost in it",
    0x20: "the sensor threw samples away that it could not send",
    0x40: "the sensor's clock has jumped",
}
FAULT = 0x80
"""State of a sensor that cannot go on."""
HAPPENED = {
    1: "the sensor's button was pressed",
    2: "the sensor's cues were muted with its button",
    3: "the sensor's cues are no longer muted",
    4: "the sensor's motion chip has a fault",
    5: "the sensor's battery is nearly empty",
    6: "the sensor had stopped working and started itself again",
    7: "the sensor refused to vibrate: muted with its button, its battery low, or busy",
}
LASTING = {2, 4, 5, 6}
"""Happenings that are worth telling of the time before the connection too."""
FAULTS = {
    0x01: "its motion chip does not answer",
    0x02: "its motion chip measures nothing plausible",
    0x04: "its configuration is wrong",
    0x08: "it had stopped working and started itself again",
    0x10: "its program failed",
}
"""Bits of the status."""

LONGEST_PULSE = 0.5
"""s, by the protocol."""


class GaitcueDecoder:
    """Decodes one connection; keeps the scales and what was told last."""

    def __init__(self) -> None:
        self._scales: tuple[float, float] | None = None
        self._charge: int | None = None
        self._events: int | None = None
        self._fault = False

    def __call__(self, characteristic: str, value: bytes) -> list[Message]:
        """Messages in `value`; raises DecodeError."""
        if characteristic == MOTION:
            return self._motion(value)
        if characteristic == STATUS:
            return self._status(value)
        if characteristic == CONTROL:
            return _clock(value)
        if characteristic == FIRMWARE_REVISION:
            return _firmware(value)
        if characteristic == FEATURE:
            _, _, acc, gyr = parse_feature(value)
            self._scales = acc * STANDARD_GRAVITY, float(np.radians(gyr))
        return []

    def _motion(self, value: bytes) -> list[Message]:
        if len(value) < HEADER_BYTES:
            raise DecodeError(f"motion data of {len(value)} bytes are shorter than their header")
        kind, rows, index, ticks = struct.unpack_from("<BBHI", value)
        axes = AXES.get(kind & 0x0F)
        if axes is None or kind & 0x80:
            raise DecodeError(f"motion data are of the unknown kind {kind:#04x}")
        if not rows or len(value) != HEADER_BYTES + 2 * axes * rows:
            raise DecodeError(f"{len(value)} bytes are not {rows} samples of {axes} axes")
        if self._scales is None:
            raise DecodeError("motion data came before what a count is worth was read")
        counts = np.frombuffer(value, "<i2", offset=HEADER_BYTES).reshape(rows, axes)
        acc, gyr = self._scales
        if axes == 6 and not gyr:
            raise DecodeError("angular rate came from a sensor that says it does not measure it")
        frame = Frame(
            acc=counts[:, :3] * acc,
            gyr=counts[:, 3:] * gyr if axes == 6 else None,
            index=index,
            ticks=ticks,
        )
        return [frame, *(Notice(text=text) for bit, text in FLAGS.items() if kind & bit)]

    def _status(self, value: bytes) -> list[Message]:
        if len(value) < STATUS_FIELDS.size:
            raise DecodeError(
                f"a status has {STATUS_FIELDS.size} bytes at least, this has {len(value)}"
            )
        state, _, happened, events, charge, faults, *_ = STATUS_FIELDS.unpack_from(value)
        messages: list[Message] = []
        if charge <= 100 and charge != self._charge:
            messages.append(Battery(percent=charge))
            self._charge = charge
        if events != self._events and (self._events is not None or happened in LASTING):
            messages.append(Notice(text=HAPPENED.get(happened, "the sensor tells of news unknown")))
        self._events = events
        if (fault := state == FAULT) and not self._fault:
            why = "; ".join(text for bit, text in FAULTS.items() if faults & bit)
            messages.append(
                Notice(text=f"the sensor has a fault ({why or 'unknown'}): switch it off and on")
            )
        self._fault = fault
        return messages


def _firmware(value: bytes) -> list[Message]:
    """Tell when it is another version than the one that comes with this gaitcue."""
    version = value.decode("ascii", errors="replace")
    if version == FIRMWARE:
        return []
    return [
        Notice(
            text=f"the sensor's firmware is version {version}, and {FIRMWARE} comes with this "
            "gaitcue: `gaitcue firmware install` puts it there"
        )
    ]


def _clock(value: bytes) -> list[Message]:
    """The answer to SYNC: its token, and the clock when it came and went; none if another."""
    if value[:3] != bytes([ANSWER, SYNC, SUCCESS]) or len(value) != 15:
        return []
    token, received, replied = struct.unpack_from("<III", value, 3)
    return [ClockAnswer(token=token, received=received, replied=replied)]


def parse_feature(value: bytes) -> tuple[int, float, float, float]:
    """Feature bits, default rate Hz, g per count, deg/s per count; raises DecodeError."""
    if value and value[0] != MAJOR:
        raise DecodeError(f"the sensor speaks version {value[0]} of the protocol, this is {MAJOR}")
    if len(value) < FEATURE_FIELDS.size:
        raise DecodeError(
            f"the features have {FEATURE_FIELDS.size} bytes at least, these have {len(value)}"
        )
    _, _, bits, rate, _, acc, gyr = FEATURE_FIELDS.unpack_from(value)
    if not (isfinite(acc) and isfinite(gyr) and 0 < acc < 1 and 0 <= gyr < 10):
        raise DecodeError(f"a count cannot be worth {acc} g or {gyr} deg/s")
    return bits, rate / 10, acc, gyr


class GaitcueSensor(Device):
    """Counted and stamped samples at 100 Hz, with vibration or tone where the board has it."""

    name = "gaitcue"
    title = "gaitcue sensor"

    def __init__(self) -> None:
        self._rate = RATE
        self._bits = HAS_ACC | HAS_GYR

    @property
    def timing(self) -> Timing:
        """Stamped in microseconds, which wrap around after 71.6 min, and counted."""
        return Timing(
            rate=self._rate,
            tick=MICROSECOND,
            tick_modulus=CLOCK_MODULUS,
            index_modulus=INDEX_MODULUS,
        )

    @property
    def gyroscope(self) -> bool:
        """Whether the board has one, known after the start; taken for granted before."""
        return bool(self._bits & HAS_GYR)

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By its service."""
        return SERVICE in advertisement.services

    def decoder(self) -> Decoder:
        """A decoder for one connection."""
        return GaitcueDecoder()

    async def start(self, link: Link) -> None:
        """Read what the board can do and start it; raises SensorRefusedError."""
        try:
            self._bits, _, _, _ = parse_feature(await link.read(FEATURE))
        except DecodeError as error:
            raise SensorRefusedError(
                f"The {self.title} cannot be used: {error}. Update gaitcue and its firmware."
            ) from error
        if not self._bits & HAS_ACC:
            raise SensorRefusedError(f"The {self.title} has no accelerometer; use another board.")
        await link.read(FIRMWARE_REVISION)
        for characteristic in (MOTION, CONTROL, STATUS):
            await link.subscribe(characteristic)
        layout = 2 if self._bits & HAS_GYR else 1
        fit = (link.largest_notification - HEADER_BYTES) // (2 * AXES[layout])
        wanted = struct.pack("<HBB", round(RATE * 10), layout, max(1, min(ROWS, fit)))
        answer = await command(link, START, wanted, "start")
        if len(answer) != 8 or answer[2] != layout:
            raise SensorRefusedError(
                f"The {self.title} started in another way than asked ({answer.hex()}); "
                "update its firmware."
            )
        self._rate = int.from_bytes(answer[:2], "little") / 10
        if self._rate < LOWEST_RATE:
            await self.stop(link)
            raise SensorRefusedError(
                f"The {self.title} measures {self._rate:g} times a second, too rarely to see "
                f"steps; {LOWEST_RATE:g} are needed."
            )

    async def stop(self, link: Link) -> None:
        """Stop a cue, and measuring; raises SensorRefusedError."""
        if self._bits & HAS_METRONOME:
            await link.write(CUE, bytes([CUE_STOP]), response=False)
        await command(link, STOP, b"", "stop")

    def clock_question(self, token: int) -> ClockQuestion | None:
        """SYNC, which every board of version 1 answers."""
        return ClockQuestion(
            write_to=CONTROL, value=struct.pack("<BI", SYNC, token), answered_on=CONTROL
        )

    async def buzz(self, link: Link, *, duration: float) -> bool:
        """Vibrate, or sound a tone without a motor, for `duration` s up to 0.5 s."""
        output = self._output()
        if not output:
            return False
        length = round(min(duration, LONGEST_PULSE) * 1000)
        await link.write(
            CUE, struct.pack("<BBBH", PULSE, output, PULSE_LEVEL, length), response=False
        )
        return True

    def own_beats(self, link: Link) -> OwnBeats | None:
        """Of the board's motor, or its tone without one."""
        output = self._output()
        return GaitcueBeats(link, output) if output and self._bits & HAS_METRONOME else None

    def _output(self) -> int:
        """Bit of what the wearer is to feel, or else hear; 0 if there is nothing."""
        return (self._bits & HAS_VIBRATION or self._bits & HAS_TONE) >> 2
