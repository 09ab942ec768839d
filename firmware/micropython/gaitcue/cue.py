"""Beats under a lease, by the rules of PROTOCOL.md that keep the wearer safe.

Times are ticks: µs for beats, ms for what may last longer than the 8 minutes that those reach.
"""

from time import ticks_add, ticks_diff, ticks_us

from micropython import const

OFF = const(0)
ON = const(1)
MUTED = const(2)
LEASE_OVER = const(3)
LINK_LOST = const(4)
LOW_BATTERY = const(5)
_LATE = const(50_000)
"""µs; a beat that is later is left out."""
_FAREWELL_GAP = const(200_000)
_FAREWELL = const(80_000)
"""µs from the end to the two pulses that say so, and how long each is."""


class Cue:
    """What the wearer feels, on `outputs`."""

    def __init__(self, outputs):
        self._outputs = outputs
        self.state = OFF
        self.beats = 0
        self._lit = False
        self._off_at = self._due = ticks_us()
        self._goodbyes = 0
        self._pausing = False  # after a pulse or beat, until `_pause_end`
        self._pause_end = self._due
        self._lease = self._lease_end = 0

    @property
    def running(self) -> bool:
        """Whether a metronome is on."""
        return self.state == ON

    @property
    def busy(self) -> bool:
        """Whether anything is to be felt now or soon."""
        return self.state == ON or self._lit or self._goodbyes > 0

    def metronome(self, us, ms, outputs, level, pulse, period, due, lease, on_loss) -> int:
        """Begin beats of `pulse` µs every `period` µs from tick `due` on; gives the first one's."""
        self._silence()
        self._bits, self._level, self._pulse, self._period = outputs, level, pulse, period
        late = ticks_diff(us, due)
        if late > 0:
            due = ticks_add(due, (late + period - 1) // period * period)
        due = self._due = self._after_pause(due, period)
        self._lease, self._on_loss = lease, on_loss
        self._lease_end = ticks_add(ms, lease)
        self.state = ON
        self.beats = 0
        return due

    def adjust(self, us, phase: int, period: int):
        """Move the next beat and change the period; gives the next one's tick, None if refused."""
        if not -(self._period // 2) <= phase <= self._period // 2 or self._pulse > period // 2:
            return None
        due = self._due
        if ticks_diff(due, us) <= 0:  # it is being played in this round
            self._play(us)
            due = self._due
        due = ticks_add(due, phase)
        if ticks_diff(due, us) < 0:
            due = ticks_add(due, period)
        due = self._after_pause(due, period)
        self._due, self._period = due, period
        return due

    def pulse(self, us, outputs: int, level: int, length: int) -> bool:
        """One pulse of `length` µs at once; False if it is too soon after another."""
        if self._pausing and ticks_diff(us, self._pause_end) < 0:
            return False
        self._silence()
        self._on(us, outputs, level, length)
        self._pause_after(us, length)
        return True

    def keep_alive(self, ms) -> None:
        """Begin the lease anew."""
        self._lease_end = ticks_add(ms, self._lease)

    def lease_left(self, ms) -> int:
        """Of the lease, ms."""
        return max(0, ticks_diff(self._lease_end, ms)) if self.state == ON else 0

    def stop(self) -> None:
        """The host ends it, and with it whatever is felt."""
        self._silence()
        if self.state != MUTED:
            self.state = OFF

    def mute(self) -> None:
        """The wearer ends it, until `unmute`."""
        self._silence()
        self.state = MUTED

    def unmute(self) -> None:
        """The wearer allows it again."""
        self.state = OFF

    def link_lost(self, us) -> None:
        """End it, or leave that to the lease, as was asked for."""
        if self.state == ON and self._on_loss == 0:
            self._end(us, LINK_LOST)

    def battery_low(self) -> None:
        """End it, to save what is left."""
        if self.state == ON:
            self._silence()
            self.state = LOW_BATTERY

    def tick(self, us, ms) -> None:
        """Do what is due."""
        if self._lit and ticks_diff(us, self._off_at) >= 0:
            self._dark()
        if self._pausing and ticks_diff(us, self._pause_end) >= 0:
            self._pausing = False
        if self.state == ON:
            if ticks_diff(ms, self._lease_end) >= 0:
                self._end(us, LEASE_OVER)
            elif ticks_diff(us, self._due) >= 0:
                self._play(us)
        elif self._goodbyes and ticks_diff(us, self._due) >= 0:
            self._goodbyes -= 1
            self._due = ticks_add(self._due, _FAREWELL_GAP)
            self._on(us, self._bits, self._level, _FAREWELL)

    def wait(self, us, ms, most: int) -> int:
        """µs until something is due, `most` if it is later."""
        if self.state == ON:
            most = min(most, 1000 * min(ticks_diff(self._lease_end, ms), 1000))
        if self._lit:
            most = min(most, ticks_diff(self._off_at, us))
        if self.state == ON or self._goodbyes:
            most = min(most, ticks_diff(self._due, us))
        return max(0, most)

    def _play(self, us) -> None:
        late = ticks_diff(us, self._due)
        if late > _LATE:  # left out, with all that are as late
            late = (late - _LATE + self._period - 1) // self._period * self._period
            self._due = ticks_add(self._due, late)
            if ticks_diff(us, self._due) < 0:
                return
        self._pause_after(self._due, self._pulse)
        self._due = ticks_add(self._due, self._period)
        self.beats = self.beats + 1 & 0xFFFF
        self._on(us, self._bits, self._level, self._pulse)

    def _pause_after(self, begin, length: int) -> None:
        self._pausing = True
        self._pause_end = ticks_add(begin, 2 * length)

    def _after_pause(self, due, period: int):
        """The first of the beats from `due` on that is not within the pause."""
        early = ticks_diff(self._pause_end, due) if self._pausing else 0
        return ticks_add(due, (early + period - 1) // period * period) if early > 0 else due

    def _end(self, us, state: int) -> None:
        self._silence()
        self.state = state
        self._goodbyes = 2
        self._due = ticks_add(us, _FAREWELL_GAP)

    def _on(self, us, outputs: int, level: int, length: int) -> None:
        self._off_at = ticks_add(us, length)
        self._lit = True
        self._outputs.on(outputs, level)

    def _dark(self) -> None:
        self._lit = False
        self._outputs.off()

    def _silence(self) -> None:
        self._goodbyes = 0
        self._dark()
