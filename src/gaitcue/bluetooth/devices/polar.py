"""Polar H10, Verity Sense and OH1, over Polar's measurement data service.

Source: Polar BLE SDK (github.com/polarofficial/polar-ble-sdk); numbers in brackets are its issues.
"""

from collections.abc import Mapping
from typing import ClassVar

from gaitcue.bluetooth.device import (
    Advertisement,
    Device,
    Link,
    SensorRefusedError,
    Timing,
    ask,
)
from gaitcue.bluetooth.devices.pmd import (
    ACC,
    ALREADY,
    ANSWER,
    CHANNELS,
    CONTROL,
    DATA,
    GET_SETTINGS,
    GYRO,
    INVALID_STATE,
    NAMES,
    NANOSECOND,
    OK,
    RANGE,
    RATE,
    RESOLUTION,
    SDK_MODE,
    STAMP_MODULUS,
    START,
    STATUS_TEXT,
    STOP,
    Answer,
    PmdDecoder,
    format_settings,
    parse_answer,
    parse_features,
    parse_settings,
)


class _Pmd(Device):
    """What the Polar sensors have in common."""

    _beginnings: ClassVar[tuple[str, ...]]
    """How their advertised names begin; a serial number follows."""
    _rate: ClassVar[int]
    _range: ClassVar[Mapping[int, int]]
    """Measurement to range, g or deg/s."""

    @property
    def timing(self) -> Timing:
        """Stamped by a clock of 1 ns ticks; not counted."""
        return Timing(rate=float(self._rate), tick=NANOSECOND, tick_modulus=STAMP_MODULUS)

    @property
    def gyroscope(self) -> bool:
        """Whether it is asked for angular rate."""
        return GYRO in self._range

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By name: Polar's sensors do not advertise the measurement service."""
        return advertisement.name.startswith(cls._beginnings)

    def decoder(self) -> PmdDecoder:
        """A decoder for one connection."""
        return PmdDecoder(self._rate)

    async def start(self, link: Link) -> None:
        """Stream at this device's rate and range; raises SensorRefusedError, TimeoutError."""
        await self._prepare(link)
        for kind in self._range:
            await self._start_stream(link, kind)

    async def stop(self, link: Link) -> None:
        """Stop what streams; a sensor that streams nothing says so and that is fine."""
        for kind in self._range:
            await _command(link, STOP, kind)

    async def _prepare(self, link: Link, *needed: int) -> None:
        """Subscribe to both characteristics, as commands need, and see what the device has."""
        await link.subscribe(CONTROL)
        await link.subscribe(DATA)
        lacking = {*self._range, *needed} - parse_features(await link.read(CONTROL))
        if lacking:
            raise SensorRefusedError(
                f"This {self.title} has no {NAMES[min(lacking)]}; "
                "update its firmware with Polar's app."
            )

    async def _start_stream(self, link: Link, kind: int) -> None:
        offered = parse_settings(
            _accepted(await _command(link, GET_SETTINGS, kind), self, NAMES[kind]).parameters
        )
        wanted = {RANGE: self._range[kind], RATE: self._rate, RESOLUTION: 16}
        for setting, value in wanted.items():
            if value not in offered.get(setting, ()):
                what = {RANGE: "range", RATE: "rate", RESOLUTION: "resolution"}[setting]
                raise SensorRefusedError(
                    f"The {self.title} offers no {what} of {value} for its {NAMES[kind]} "
                    f"(only {', '.join(map(str, offered.get(setting, ()))) or 'none'}); "
                    "update its firmware with Polar's app."
                )
        if CHANNELS in offered:
            wanted[CHANNELS] = max(offered[CHANNELS])
        parameters = format_settings(wanted)
        answer = await _command(link, START, kind, parameters)
        if answer.status == ALREADY:  # Left on by an earlier connection, at rates not known.
            await _command(link, STOP, kind)
            answer = await _command(link, START, kind, parameters)
        _accepted(answer, self, NAMES[kind])


class PolarH10(_Pmd):
    """Chest strap: acceleration at 200 Hz, so that its frames of 36 samples come every 0.18 s."""

    name = "polar-h10"
    title = "Polar H10"
    _beginnings = ("Polar H10",)
    _rate = 200
    _range: ClassVar[Mapping[int, int]] = {ACC: 8}


class PolarOH1(_Pmd):
    """Arm band with acceleration alone, at 50 Hz; its frames of 36 samples come every 0.72 s."""

    name = "polar-oh1"
    title = "Polar OH1"
    _beginnings = ("Polar OH1",)
    _rate = 50
    _range: ClassVar[Mapping[int, int]] = {ACC: 8}


class PolarVerity(_Pmd):
    """Arm band, in SDK mode: without it, frames of 71 samples at 52 Hz come 1.4 s late (317).

    What it offers in SDK mode: github.com/fsmeraldi/bleakheart, pull request 11.
    """

    name = "polar-verity"
    title = "Polar Verity Sense"
    _beginnings = ("Polar Sense", "Polar Verity")
    _rate = 208
    _range: ClassVar[Mapping[int, int]] = {ACC: 16, GYRO: 2000}

    async def start(self, link: Link) -> None:
        """Enter SDK mode, then stream; raises SensorRefusedError, TimeoutError."""
        await self._prepare(link, SDK_MODE)
        answer = await _command(link, START, SDK_MODE)
        if answer.status == INVALID_STATE:  # Streams of an earlier connection must end first.
            await super().stop(link)
            answer = await _command(link, START, SDK_MODE)
        if answer.status != ALREADY:
            _accepted(answer, self, NAMES[SDK_MODE])
        for kind in self._range:
            await self._start_stream(link, kind)

    async def stop(self, link: Link) -> None:
        """Stop what streams and leave SDK mode, which switches the device's own algorithms off."""
        await super().stop(link)
        await _command(link, STOP, SDK_MODE)


async def _command(link: Link, command: int, kind: int, parameters: bytes = b"") -> Answer:
    """Write a command and gather its answer, which may come in several indications."""
    parts: list[Answer] = []

    def complete(value: bytes) -> bool:
        if value[:2] != bytes([ANSWER, command]) or len(value) < 4:
            return False
        parts.append(parse_answer(value))
        return not parts[-1].more

    await ask(
        link,
        bytes([command, kind]) + parameters,
        write_to=CONTROL,
        answered_on=CONTROL,
        matches=complete,
    )
    return Answer(
        command=command,
        measurement=kind,
        status=parts[-1].status,
        more=False,
        parameters=b"".join(part.parameters for part in parts),
    )


def _accepted(answer: Answer, device: Device, what: str) -> Answer:
    if answer.status != OK:
        reason = STATUS_TEXT.get(answer.status, f"status {answer.status}")
        raise SensorRefusedError(f"The {device.title} does not start its {what}: {reason}.")
    return answer
