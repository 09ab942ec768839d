"""The status of PROTOCOL.md, told when something changes and once a second."""

from struct import pack_into

from micropython import const

IDLE = const(0)
STREAMING = const(1)
FAULT = const(0x80)

MARKER = const(1)
MUTED = const(2)
UNMUTED = const(3)
UNIT_FAULT = const(4)
BATTERY_CRITICAL = const(5)
RESTARTED = const(6)
REFUSED = const(7)
"""Events."""
NO_ANSWER = const(1)
IMPLAUSIBLE = const(2)
MISCONFIGURED = const(4)
WATCHDOG = const(8)
PROGRAM = const(16)
"""Faults."""


class Status:
    """How the device is; `changed` when that has not been told yet."""

    def __init__(self):
        self.bytes = bytearray(18)
        self.faults = 0
        self._event = self._events = 0
        self._told = -1

    def happened(self, event: int) -> None:
        """Tell an event."""
        self._event = event
        self._events = self._events + 1 & 0xFF

    def changed(self, state: int, cue: int) -> bool:
        """Whether there is news since this was last asked."""
        news = state & STREAMING | cue << 1 | self._events << 4 | self.faults << 12
        if news == self._told:
            return False
        self._told = news
        return True

    def pack(self, clock, state: int, cue, battery: int, stream, ms) -> bytearray:
        """The bytes of it."""
        status = self.bytes
        status[0], status[1] = state, cue.state
        status[2], status[3] = self._event, self._events
        status[4], status[5] = battery, self.faults
        clock.update()
        clock.put(status, 6, 0)
        pack_into("<HHHH", status, 10, stream.lost, stream.thrown, cue.beats, _tenths(cue, ms))
        return status


def _tenths(cue, ms) -> int:
    return (cue.lease_left(ms) + 99) // 100
