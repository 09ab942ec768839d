"""The device clock: microseconds since the start, 32 bits.

MicroPython's own ticks wrap around after 2^30 µs (17.9 min), and a number above 2^30 takes memory
from the heap. So the clock is kept in two halves of 16 bits, and the sampling path needs no others.
"""

from time import ticks_add, ticks_diff, ticks_us

from micropython import const

_FARTHEST = const(10_000_000)
"""µs from now that a host may name a time by."""


class Clock:
    """Must be updated more often than every 8 minutes."""

    def __init__(self):
        self.tick = ticks_us()
        self._high = 0
        self._low = 0

    def update(self):
        """Let it come to now, and give the tick of now."""
        tick = ticks_us()
        passed = ticks_diff(tick, self.tick)
        self.tick = tick
        low = self._low + (passed & 0xFFFF)
        self._low = low & 0xFFFF
        self._high = (self._high + (passed >> 16) + (low >> 16)) & 0xFFFF
        return tick

    def put(self, buffer: bytearray, at: int, age: int) -> None:
        """Write what the clock was `age` µs before the last update into four bytes."""
        low = self._low - (age & 0xFFFF)
        high = self._high - (age >> 16)
        if low < 0:
            low += 0x10000
            high -= 1
        buffer[at] = low & 0xFF
        buffer[at + 1] = low >> 8
        buffer[at + 2] = high & 0xFF
        buffer[at + 3] = high >> 8 & 0xFF

    def stamp(self, tick) -> int:
        """What the clock is, was or will be at `tick`."""
        return (self._high * 0x10000 + self._low + ticks_diff(tick, self.tick)) & 0xFFFFFFFF

    def tick_at(self, stamp: int):
        """The tick at which the clock is `stamp`; None if that is farther than 10 s away."""
        ahead = (stamp - self._high * 0x10000 - self._low + 0x80000000 & 0xFFFFFFFF) - 0x80000000
        if not -_FARTHEST <= ahead <= _FARTHEST:
            return None
        return ticks_add(self.tick, ahead)
