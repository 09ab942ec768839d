"""When each frame was measured, from how many there are each time one looks.

At each look the newest frame has been measured, and the next one has not. A time line of evenly
spaced frames is moved just so far that both hold, and its period follows those moves. As one looks
when the next frame should just be there, that tells when it is late but not when it is early: so
the line is drawn a little earlier each time. Stamps advance evenly at the sensor's true rate,
however unevenly one looks. Nothing here takes memory.
"""

from time import ticks_diff

from micropython import const

_FRACTION = const(6)
"""Bits of a fraction of a µs: periods are known to 1.6 ppm at 100 Hz."""
_PATIENCE = const(256)
"""A move changes the period by this part of it: a wrong one is right after some seconds."""
_EARLIER = const(32 << _FRACTION)
"""How much earlier the line is drawn at each look: 32 µs."""
_LONGEST = const(2_000_000)
"""µs between looks; the sensor's buffer has run over long before."""


class Stamps:
    """Of one stream. Frames are counted from the start of the sensor's buffer."""

    def begin(self, period: int, tick) -> None:
        """The buffer is empty at `tick`; frames should come every `period` µs."""
        self._period = period << _FRACTION
        self._tick = tick
        self._due = self._period  # from `_tick` to the first frame that is not there yet
        self._there = 0

    def look(self, there: int, before, after) -> None:
        """`there` frames have been measured in all, as told between two ticks."""
        passed = ticks_diff(after, self._tick)
        if passed > _LONGEST:
            passed = _LONGEST
        width = ticks_diff(after, before) << _FRACTION
        due = self._due + (there - self._there) * self._period - (passed << _FRACTION)
        if due < -width:  # it would have been there
            move = -width - due
        elif due > self._period:  # the one before would not have been there
            move = self._period - due
        else:
            move = -_EARLIER
        self._due = due + move
        self._period += move // _PATIENCE
        self._tick = after
        self._there = there

    def age(self, frame: int) -> int:
        """From the measurement of `frame` to the last look, µs."""
        return ((self._there - frame) * self._period - self._due) >> _FRACTION

    def until(self, frame: int, tick) -> int:
        """µs from `tick` to the measurement of `frame`."""
        return -self.age(frame) - ticks_diff(tick, self._tick)

    def until_clear(self, tick) -> int:
        """µs from `tick` to a moment that is surely between two frames: 0 if it is one already."""
        into = ((ticks_diff(tick, self._tick) << _FRACTION) - self._due) % self._period
        quarter = self._period >> 2
        if quarter <= into <= 3 * quarter:
            return 0
        return ((2 * quarter - into) % self._period) >> _FRACTION

    def skip(self, tick) -> int:
        """Go on from an empty buffer at `tick`; gives the frames measured in all, by the clock."""
        passed = (ticks_diff(tick, self._tick) << _FRACTION) - self._due
        missed = passed // self._period + 1
        self._due = missed * self._period - passed
        self._tick = tick
        self._there += missed
        return self._there
