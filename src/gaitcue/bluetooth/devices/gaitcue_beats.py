"""The metronome on a gaitcue sensor: beats in its own time, under a lease that the host renews."""

import asyncio
import struct

from gaitcue.bluetooth.device import Link, SensorRefusedError
from gaitcue.bluetooth.devices.gaitcue_protocol import (
    ADJUST,
    CLOCK_MODULUS,
    CUE,
    CUE_STOP,
    KEEPALIVE,
    METRONOME,
    MICROSECOND,
    PULSE_LEVEL,
    SYNC,
    command,
)
from gaitcue.bluetooth.latency import RoundTrip

PULSE = 100
"""ms: plainly felt, and over well before the next beat at 140 steps/min (429 ms). Our choice."""

LEASE = 3.0
"""s: a gap in the link is not felt, and a computer that is gone soon is. Our choice."""

GO_ON = 1
"""When the link is lost the beats go on until their lease ends."""

EXCHANGES = 4
"""Of which the quickest tells the clock best."""

SECONDS_PER_MINUTE = 60.0


class GaitcueBeats:
    """Over `link`, on the output with the bit `output`; of one connection.

    Raises what the link does, and SensorRefusedError when its wearer has muted it, its battery is
    low, or it has a fault.
    """

    renew_every = LEASE / 3
    """s: two that are lost do not end the beats."""

    def __init__(self, link: Link, output: int) -> None:
        self._link, self._output = link, output
        self._trip: RoundTrip | None = None
        self._one_at_a_time = asyncio.Lock()  # requests, as the protocol has it

    async def synchronise(self) -> float:
        """Learn the sensor's clock, on which `begin` rests; gives how long an exchange takes, s."""
        trips = [await self._exchange(token) for token in range(EXCHANGES)]
        self._trip = min(trips, key=lambda trip: trip.duration)
        return self._trip.duration

    async def _exchange(self, token: int) -> RoundTrip:
        sent = _now()
        answer = await self._command(SYNC, struct.pack("<I", token), "tell its clock")
        came = _now()
        if len(answer) != 12:
            raise SensorRefusedError(f"The gaitcue sensor told its clock wrongly ({answer.hex()}).")
        _, received, replied = struct.unpack("<III", answer)
        replied = received + (replied - received) % CLOCK_MODULUS
        return RoundTrip(sent, received * MICROSECOND, replied * MICROSECOND, came)

    async def begin(self, first: float, tempo: float) -> float:
        """Beat from `first` on, or a later beat of that grid; gives when the first one is."""
        if self._trip is None:
            await self.synchronise()
        assert self._trip is not None  # noqa: S101 - it has just been made
        offset = self._trip.offset
        stamp = round((first - offset) / MICROSECOND) % CLOCK_MODULUS or 1  # 0 would mean now
        answer = await self._command(
            METRONOME,
            struct.pack(
                "<BBHIIHB",
                self._output,
                PULSE_LEVEL,
                PULSE,
                _period(tempo),
                stamp,
                round(LEASE * 10),
                GO_ON,
            ),
            "beat",
        )
        if len(answer) != 4:
            raise SensorRefusedError(f"The gaitcue sensor answered wrongly ({answer.hex()}).")
        later = (int.from_bytes(answer, "little") - stamp) % CLOCK_MODULUS
        return first + later * MICROSECOND

    async def change(self, tempo: float) -> None:
        """Beat at another tempo from the next beat on."""
        value = struct.pack("<BiI", ADJUST, 0, _period(tempo))
        await self._link.write(CUE, value, response=False)

    async def renew(self) -> bool:
        """Let the beats go on for a while; False if they have ended meanwhile."""
        try:
            await self._command(KEEPALIVE, b"", "go on")
        except SensorRefusedError:
            return False
        return True

    async def end(self) -> None:
        """Stop at once."""
        await self._link.write(CUE, bytes([CUE_STOP]), response=False)

    async def _command(self, op: int, parameters: bytes, doing: str) -> bytes:
        async with self._one_at_a_time:
            return await command(self._link, op, parameters, doing)


def _period(tempo: float) -> int:
    """µs from beat to beat."""
    return round(SECONDS_PER_MINUTE / tempo / MICROSECOND)


def _now() -> float:
    return asyncio.get_running_loop().time()
