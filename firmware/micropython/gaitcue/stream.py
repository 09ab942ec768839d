"""From the sensor's buffer to motion data, by PROTOCOL.md, without taking memory once started.

While the radio takes nothing, frames wait in the sensor's buffer. When that is half full the oldest
are thrown away, and counted, so that what arrives later is not too old to be of use.
"""

from time import sleep_us, ticks_us

from micropython import const

HEADER = const(8)
_ACC_ONLY = const(1)
ACC_AND_GYR = const(2)
_OVERRAN = const(0x10)
_THROWN = const(0x20)
_AT_ONCE = const(4)
"""Notifications in one round, so that beats need not wait."""
_SOONEST = const(1000)
_AGAIN = const(10_000)
"""µs until it is worth looking again, and until the radio may have room again."""
_MARGIN = const(100)
"""µs after a frame should be there, to look whether it is."""
_FAILURES = const(5)
"""Rounds in a row without an answer of the sensor, after which it has a fault."""


class Stream:
    """Of one motion unit to `send`, which gives whether it took a notification."""

    def __init__(self, unit, clock, stamps, send):
        self._unit, self._clock, self._stamps, self._send = unit, clock, stamps, send
        self._packet = bytearray(HEADER + 12 * 19)
        self._view = memoryview(self._packet)
        self.on = False
        self.lost = self.thrown = 0

    def start(self, rate: int, layout: int, rows: int, pause) -> int:
        """Begin with index 0; gives ms from frame to frame. `pause` lets some ms pass."""
        unit = self._unit
        self._layout, self._rows = layout, rows
        self._axes = 6 if layout == ACC_AND_GYR else 3
        self._out = self._view[: HEADER + 2 * self._axes * rows]
        self._index = self._taken = 0
        self._flags = 0
        self._waiting = False
        self._failures = 0
        self.lost = self.thrown = 0
        period = unit.begin(rate, pause)
        self._stamps.begin(period * 1000, ticks_us())
        self._most = unit.limit // 2
        self.on = True
        return period

    def stop(self) -> None:
        """Stop measuring."""
        self.on = False
        self._unit.sleep()

    def poll(self) -> None:
        """Send what is there; raises OSError when the sensor has not answered several times."""
        try:
            self._poll()
            self._failures = 0
        except OSError:
            self._failures += 1
            if self._failures >= _FAILURES:
                raise

    def wait(self, tick) -> int:
        """µs from `tick` until the next notification is full; at least 1 ms."""
        if self._waiting:
            return _AGAIN
        return max(_SOONEST, self._stamps.until(self._taken + self._rows - 1, tick) + _MARGIN)

    def _poll(self) -> None:
        unit = self._unit
        before = ticks_us()
        there = unit.bytes_there()
        after = self._clock.update()
        if there > unit.limit:
            self._overran()
            return
        frames = there // unit.frame_bytes
        self._stamps.look(self._taken + frames, before, after)
        for _ in range(_AT_ONCE):
            if self._waiting:
                if self._send(self._out):
                    self._waiting = False
                    self._flags = 0
                elif there > self._most:
                    self._waiting = False
                    self._throw(self._rows)
                else:
                    return
            if frames < self._rows:
                return
            unit.read(self._rows)
            self._pack()
            frames -= self._rows
            there -= self._rows * unit.frame_bytes

    def _throw(self, frames: int) -> None:
        self.thrown = self.thrown + frames & 0xFFFF
        self._flags |= _THROWN

    def _overran(self) -> None:
        """Begin anew behind all that was measured, which the clock tells."""
        if self._waiting:
            self._waiting = False
            self._throw(self._rows)
        sleep_us(self._stamps.until_clear(ticks_us()))
        self._unit.empty()
        missed = self._stamps.skip(self._clock.update()) - self._taken
        self._taken += missed
        self._index = self._index + missed & 0xFFFF
        self.lost = self.lost + missed & 0xFFFF
        self._flags |= _OVERRAN

    def _pack(self) -> None:
        packet, data = self._packet, self._unit.buffer
        rows, step, gyr_at = self._rows, self._unit.frame_bytes, self._unit.gyr_at
        packet[0] = self._layout | self._flags
        packet[1] = rows
        packet[2] = self._index & 0xFF
        packet[3] = self._index >> 8
        self._clock.put(packet, 4, self._stamps.age(self._taken))
        at = HEADER
        for row in range(rows):
            source = row * step
            for axis in range(self._axes):
                if axis == 3:
                    source += gyr_at - 6
                packet[at] = data[source + 1]
                packet[at + 1] = data[source]
                at += 2
                source += 2
        self._taken += rows
        self._index = self._index + rows & 0xFFFF
        self._waiting = True
