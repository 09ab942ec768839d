"""Metronomes as they are often written: a timer says when, and the next block begins with the tick.

Run by ``audio.py``: kind (time.sleep, asyncio.sleep or perf_counter), beats/min, seconds, latency.
"""

import asyncio
import sys
import threading
import time

import sounddevice

from gaitcue.cue.sounds import SOUND_RATE, sound_named

SETTLING = 3.0
"""s of silence before the first beat."""


class Player:
    """Begins a tick with the block after `due` is set."""

    def __init__(self) -> None:
        self.due = False
        self._tick = sound_named("tick").beats(110.0)[0] * 0.5
        self._position = len(self._tick)

    def fill(self, out, frames, _times, _status) -> None:
        """Fill a block."""
        if self.due:
            self.due, self._position = False, 0
        part = self._tick[self._position : self._position + frames]
        out.fill(0)
        out[: len(part), 0] = part
        self._position += frames


def sleeping(player: Player, period: float, beats: int) -> None:
    """Sleep for a period, again and again."""
    for _ in range(beats):
        player.due = True
        time.sleep(period)


async def sleeping_in_a_loop(player: Player, period: float, beats: int) -> None:
    """Sleep in an event loop for a period, again and again."""
    for _ in range(beats):
        player.due = True
        await asyncio.sleep(period)


def watching(player: Player, period: float, beats: int) -> None:
    """Watch the clock for moments that are laid down from the start."""
    start = time.perf_counter()
    for beat in range(beats):
        while time.perf_counter() < start + beat * period:
            time.sleep(0.0005)
        player.due = True


def main() -> None:
    """Play."""
    kind, tempo, seconds, latency = sys.argv[1], *map(float, sys.argv[2:5])
    period, beats = 60 / tempo, round(seconds * tempo / 60)
    player = Player()
    stream = sounddevice.OutputStream(
        samplerate=SOUND_RATE, channels=1, dtype="float32", latency=latency, callback=player.fill
    )
    with stream:
        time.sleep(SETTLING)
        if kind == "time.sleep":
            sleeping(player, period, beats)
        elif kind == "asyncio.sleep":
            asyncio.run(sleeping_in_a_loop(player, period, beats))
        else:
            thread = threading.Thread(target=watching, args=(player, period, beats))
            thread.start()
            thread.join()
        time.sleep(0.5)


if __name__ == "__main__":
    main()
