"""How late samples are, from questions that the sensor answers with its clock.

A clock map alone cannot tell: that everything comes late by the same delay looks like a clock that
is set otherwise. But a question and its answer take some time on either way. The sensor's clock was
read between sending and hearing; taken at the middle, it is off by half the round trip at most,
however unequal the two ways are (Cristian 1989, "Probabilistic clock synchronization"). So the
quickest exchange of several is believed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gaitcue.bluetooth.device import ClockAnswer, DecodeError, Decoder, Device, Link, ask

EXCHANGES = 8
"""Enough for one or two that wait for no other packet."""

PATIENCE = 0.5
"""s for an answer; a slower one would bound the latency to nothing of use."""


TOLERANCE = 1e-3
"""s that clocks run apart between an exchange and the map that it is held to, and for rounding."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Of a sensor: `delay` s from a sample to its prompt arrival, known to within `error` s."""

    delay: float
    error: float

    def __str__(self) -> str:
        return f"about {1e3 * self.delay:.0f} ms, give or take {1e3 * self.error:.0f} ms"


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A question and its answer, in s.

    By the host's clock when it was `sent` and when the answer `came`, by the sensor's when it was
    `received` and `replied`.
    """

    sent: float
    received: float
    replied: float
    came: float

    @property
    def duration(self) -> float:
        """On the way, s, there and back."""
        return (self.came - self.sent) - (self.replied - self.received)

    @property
    def offset(self) -> float:
        """To be added to the sensor's clock for host time, s; off by half of `duration` at most."""
        return (self.sent - self.received + self.came - self.replied) / 2


def latency(trips: list[RoundTrip], mapped_offset: float) -> Latency | None:
    """How late times are that a clock map with `mapped_offset` s gives.

    None without a trip, or when the sensor's clock cannot have been the one of its stamps. That
    nothing arrives before it is measured narrows what is possible.
    """
    trips = [trip for trip in trips if trip.duration >= -TOLERANCE]
    if not trips:
        return None
    best = min(trips, key=lambda trip: trip.duration)
    late, half = mapped_offset - best.offset, best.duration / 2 + TOLERANCE
    least, most = max(0.0, late - half), late + half
    if not least <= most <= PATIENCE:
        return None
    return Latency((least + most) / 2, (most - least) / 2)


async def ask_clock(device: Device, link: Link, asked: Callable[[int], None]) -> None:
    """Have a streaming device tell its clock several times; `asked` is told each token first.

    A question without an answer is passed over. Raises whatever the link does.
    """
    for token in range(EXCHANGES):
        question = device.clock_question(token)
        if question is None:
            return
        await link.subscribe(question.answered_on)
        asked(token)
        try:
            await ask(
                link,
                question.value,
                write_to=question.write_to,
                answered_on=question.answered_on,
                matches=partial(_answers, device.decoder(), question.answered_on, token),
                timeout=PATIENCE,
            )
        except TimeoutError:
            continue


def _answers(decoder: Decoder, characteristic: str, token: int, value: bytes) -> bool:
    """Whether `value` is the answer to the question `token`."""
    try:
        messages = decoder(characteristic, value)
    except DecodeError:
        return False
    return any(isinstance(each, ClockAnswer) and each.token == token for each in messages)
