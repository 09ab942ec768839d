"""What a wearable sensor is to gaitcue: how to know it, start it, and read its bytes.

A device is one file in ``bluetooth/devices/``. Decoding is pure: the same bytes give the same
frames, so that a log of notifications can be replayed. Talking to the sensor goes through a `Link`,
so that it can be tested without a radio.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray


class DecodeError(ValueError):
    """Bytes that are not what the device's protocol says; the sentence tells what is wrong."""


class SensorRefusedError(InputError):
    """A connected sensor will not do what is asked; trying again without a change is of no use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertisement:
    """What a sensor says of itself to everyone; uuids in lower case, 128 bit."""

    address: str
    name: str = ""
    services: tuple[str, ...] = ()
    manufacturer: Mapping[int, bytes] = field(default_factory=dict)
    rssi: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """Consecutive samples from one notification.

    Attributes
    ----------
    acc, gyr
        (n, 3) m/s² with gravity and (n, 3) rad/s, in the sensor's right-handed axes; None where
        this notification carries no such samples (some devices send them apart).
    index
        Running number of the first row, modulo the device's `Timing.index_modulus`; None if the
        device does not count.
    ticks
        The device's clock at the first row, modulo `Timing.tick_modulus`; None without stamps.
    tick_step
        Ticks from one row to the next where the notification tells them; None: the device's rate.
    """

    acc: FloatArray | None
    gyr: FloatArray | None
    index: int | None = None
    ticks: int | None = None
    tick_step: float | None = None


LOW_BATTERY = 20
"""Percent; below it, it is told: an hour's walk may empty the sensor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """Charge left, percent."""

    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something else the device says that a person should know, such as a button pressed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAnswer:
    """The device's clock when the question `token` reached it and when this answer left, ticks."""

    token: int
    received: int
    replied: int


Message = Frame | Battery | Notice | ClockAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockQuestion:
    """What to write so that the device tells its clock, and what notifies the answer."""

    write_to: str
    value: bytes
    answered_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How a device's samples are timed.

    `rate` Hz as set; `tick` s is one tick of its clock; the moduli are where clock and sample index
    wrap around. None: the device has no clock, or does not count.
    """

    rate: float
    tick: float | None = None
    tick_modulus: int | None = None
    index_modulus: int | None = None


class Link(Protocol):
    """A connected sensor, as `Device.start` and `Device.stop` need it."""

    async def read(self, characteristic: str) -> bytes:
        """The characteristic's value, which is logged and decoded too."""

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:
        """Write `value`."""

    async def subscribe(self, characteristic: str) -> None:
        """Have its notifications (or indications) logged and decoded from now on.

        Of one that is subscribed already, it does nothing.
        """

    async def reply(
        self, characteristic: str, matches: Callable[[bytes], bool], timeout: float
    ) -> bytes:
        """The first notification of a subscribed characteristic that `matches`.

        Must be asked for before the write that provokes it is awaited; raises TimeoutError.
        """

    @property
    def largest_notification(self) -> int:
        """Bytes that fit into one notification (ATT MTU - 3)."""


async def ask(
    link: Link,
    question: bytes,
    *,
    write_to: str,
    answered_on: str,
    matches: Callable[[bytes], bool],
    timeout: float = 5.0,
) -> bytes:
    """Write `question` and wait for the notification that answers it.

    `answered_on` must be subscribed. Raises TimeoutError after `timeout` s.
    """
    answer = asyncio.ensure_future(link.reply(answered_on, matches, timeout))
    try:
        await asyncio.sleep(0)  # From here on it listens; the answer may come at once.
        await link.write(write_to, question)
        return await answer
    finally:
        answer.cancel()


class OwnBeats(Protocol):
    """A connected sensor's own metronome, which keeps time whatever the link does.

    Times are those of the event loop's clock, s; tempos in steps/min. All but `end` raise
    `SensorRefusedError` when the sensor does not permit it, and whatever the link raises.
    """

    renew_every: float
    """s; without a `renew` in time the beats end by themselves."""

    async def synchronise(self) -> float:
        """Learn the sensor's clock, on which `begin` rests; gives how long an exchange takes, s."""

    async def begin(self, first: float, tempo: float) -> float:
        """Beat from `first` on, or a later beat of that grid; gives when the first one is."""

    async def change(self, tempo: float) -> None:
        """Beat at another tempo from the next beat on."""

    async def renew(self) -> bool:
        """Let the beats go on for a while; False if they have ended meanwhile."""

    async def end(self) -> None:
        """Stop at once."""


class Decoder(Protocol):
    """Turns a characteristic's notifications, in order, into messages.

    It may keep what it needs between notifications (half a frame), nothing else.
    """

    def __call__(self, characteristic: str, value: bytes) -> list[Message]:
        """Messages in `value`; raises DecodeError, and only that."""


class Device(ABC):
    """One kind of wearable sensor.

    Attributes
    ----------
    name
        As given on the command line, such as ``movella-dot``.
    title
        As shown to people.
    refused
        Why it cannot serve, in one sentence; empty when it can.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    refused: ClassVar[str] = ""

    @property
    @abstractmethod
    def timing(self) -> Timing:
        """How its samples are timed, as configured."""

    @property
    @abstractmethod
    def gyroscope(self) -> bool:
        """Whether it measures angular rate."""

    @classmethod
    @abstractmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """Whether `advertisement` comes from such a device."""

    @abstractmethod
    async def start(self, link: Link) -> None:
        """Configure for gait (50 Hz or more, a range that walking does not clip) and stream."""

    @abstractmethod
    async def stop(self, link: Link) -> None:
        """Stop streaming, so that the sensor's battery is saved."""

    @abstractmethod
    def decoder(self) -> Decoder:
        """A decoder for one connection."""

    def clock_question(self, token: int) -> ClockQuestion | None:  # noqa: ARG002
        """How to ask a streaming device for its clock, so that the latency can be told.

        The decoder gives the answer as a `ClockAnswer` with the same `token`, 0 to 65535. None if
        its protocol has no such question.
        """
        return None

    def own_beats(self, link: Link) -> OwnBeats | None:  # noqa: ARG002
        """The metronome of the sensor itself, which has been started; None if it has none."""
        return None

    async def battery(self, link: Link) -> int | None:
        """Charge left in percent, None if the device does not tell."""
        return (await link.read(BATTERY_LEVEL))[0]

    async def buzz(self, link: Link, *, duration: float) -> bool:  # noqa: ARG002
        """Let the sensor vibrate or sound for `duration` s; False if it has nothing to do so."""
        return False


BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
"""The standard battery level characteristic: one byte, percent (Bluetooth SIG)."""
