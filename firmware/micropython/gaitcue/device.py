"""One round of what the device does, again and again."""

from struct import pack
from time import sleep_us, ticks_add, ticks_diff, ticks_ms, ticks_us

from gaitcue import lights, status
from gaitcue.battery import UNKNOWN
from gaitcue.button import DOWN, HELD, SHORT
from gaitcue.control import SUCCESS, WITHOUT_ANSWER, Control
from gaitcue.cue import LOW_BATTERY, MUTED, Cue
from gaitcue.motion_unit import ACC_UNIT, GYR_UNIT, MOST_FRAMES
from gaitcue.outputs import TONE, VIBRATION
from gaitcue.stamps import Stamps
from gaitcue.status import Status
from gaitcue.stream import ACC_AND_GYR, HEADER, Stream
from micropython import const

_RATE = const(100)
"""Hz, unless the host asks for another."""
_ROWS = const(5)
"""Frames in a notification, unless the host asks for another number: 50 ms."""
_SLICE = const(10_000)
_LONGEST_REST = const(50_000)
"""µs between looks at host and button, and until the next round if nothing is due before."""
_STATUS_EVERY = const(1000)
_BATTERY_EVERY = const(10_000)
"""ms."""
_CRITICAL = const(5)
"""Percent of battery."""
_KNOWN_BY = const(150)
"""ms of the pulse by which a device is told from another."""
_KNOWN_LEVEL = const(60)
_TRIES = const(10)
"""Looks, 10 ms apart, for anything plausible that the sensor measures, as its wearer may walk."""


class Device:
    """All parts together. Without a motion `unit`, or with a fault, it only says so."""

    def __init__(self, radio, clock, outputs, unit, button, battery):
        self.clock, self.outputs = clock, outputs
        self.cue = Cue(outputs)
        self.status = Status()
        self.unit = unit
        self._radio, self._button, self._battery = radio, button, battery
        self._stream = Stream(unit, clock, Stamps(), radio.send_motion)
        self._control = Control(self)
        self._lights = lights.Lights(outputs)
        self._charge = UNKNOWN
        self._pressed_to_stop = False
        self._status_at = self._battery_at = ticks_ms()
        self._look_at_battery()
        self._radio.describe(self._feature())

    @property
    def fault(self) -> bool:
        """Whether it must do nothing until it is switched off and on."""
        return bool(self.status.faults & ~status.WATCHDOG)

    def fail(self, fault: int) -> None:
        """Stop everything, and say so."""
        self.cue.stop()
        self._stream.on = False
        self.status.faults |= fault
        if fault & (status.NO_ANSWER | status.IMPLAUSIBLE):
            self.status.happened(status.UNIT_FAULT)

    def round(self) -> None:
        """Do what is due."""
        us, ms = self.clock.update(), ticks_ms()
        self._press(self._button.poll(ms))
        radio = self._radio
        if radio.lost:
            radio.lost = False
            self.stop_stream()
            self.cue.link_lost(us)
        while (write := radio.take()) is not None:
            self._written(*write)
        if radio.overflowed:
            radio.overflowed = False
            self.status.happened(status.REFUSED)
        if radio.stop_asked:
            radio.stop_asked = False
            self.cue.stop()
        self.cue.tick(self.clock.update(), ticks_ms())
        if self._stream.on:
            try:
                self._stream.poll()
            except OSError:
                self.fail(status.NO_ANSWER)
        if ticks_diff(ms, self._battery_at) >= 0:
            self._battery_at = ticks_add(ms, _BATTERY_EVERY)
            self._look_at_battery()
        self._tell(ms)
        self._lights.show(self._rhythm(), ms)

    def rest(self) -> None:
        """Sleep until something is due, or host or wearer want something."""
        us = self.clock.update()
        most = self._stream.wait(us) if self._stream.on else _LONGEST_REST
        left = self.cue.wait(us, ticks_ms(), min(most, _LONGEST_REST))
        while True:
            sleep_us(min(left, _SLICE))
            left -= _SLICE
            if left <= 0 or self._radio.asks or self._button.changed():
                return

    def may_cue(self) -> bool:
        """Whether wearer and battery permit it."""
        if self._charge <= _CRITICAL and self.cue.state != MUTED:
            self.cue.state = LOW_BATTERY
        return self.cue.state != MUTED and self._charge > _CRITICAL

    def identify(self) -> None:
        """Be known among others."""
        if not self.cue.busy and self.may_cue():
            output = self.outputs.there & VIBRATION or self.outputs.there & TONE
            if output:
                self.cue.pulse(self.clock.update(), output, _KNOWN_LEVEL, _KNOWN_BY * 1000)

    def start_stream(self, rate: int, layout: int, rows: int):
        """Begin as asked; gives the answer's bytes, None if it failed."""
        if self._stream.on:
            self._stream.stop()
        axes = 6 if layout == ACC_AND_GYR else 3
        fit = min((self._radio.mtu - 3 - HEADER) // (2 * axes), MOST_FRAMES)
        rows = min(rows or _ROWS, fit)
        try:
            period = self._stream.start(
                max(1, (rate + 5) // 10) if rate else _RATE, layout, rows, self._pause
            )
            if not self._plausible():
                self._stream.stop()
                self.fail(status.IMPLAUSIBLE)
                return None
        except OSError:
            self.fail(status.NO_ANSWER)
            return None
        except ValueError as error:
            print("motion sensor:", error)
            self.fail(status.IMPLAUSIBLE)
            return None
        self.clock.update()
        stamp = bytearray(4)
        self.clock.put(stamp, 0, 0)
        return pack("<HBB", 10_000 // period, layout, rows) + bytes(stamp)

    def stop_stream(self) -> None:
        """Stop measuring, if it does."""
        if self._stream.on:
            try:
                self._stream.stop()
            except OSError:
                self.fail(status.NO_ANSWER)

    def _press(self, what: int) -> None:
        """Take what the wearer's button says."""
        if what == DOWN:
            if self.cue.busy:
                self.cue.mute()
                self.status.happened(status.MUTED)
                self._pressed_to_stop = True
            else:
                self._pressed_to_stop = False
        elif self._pressed_to_stop:
            return  # one press does one thing
        elif what == SHORT:
            self.status.happened(status.MARKER)
        elif what == HELD:
            if self.cue.state == MUTED:
                self.cue.unmute()
                self.status.happened(status.UNMUTED)
            else:
                self.cue.mute()
                self.status.happened(status.MUTED)

    def _written(self, tick, answered: bool, value: bytes) -> None:
        if answered:
            answer = self._control.obey(value, tick)
            self._radio.answer(b"\x80" + value[:1] + answer)
        elif (
            not value
            or value[0] not in WITHOUT_ANSWER
            or self._control.obey(value, tick)[0] != SUCCESS
        ):
            self.status.happened(status.REFUSED)

    def _look_at_battery(self) -> None:
        charge = self._battery.percent()
        if charge == self._charge:
            return
        if charge <= _CRITICAL < self._charge:
            self.status.happened(status.BATTERY_CRITICAL)
            self.cue.battery_low()
        self._charge = charge
        self._radio.tell_battery(charge if charge != UNKNOWN else 100)

    def _tell(self, ms) -> None:
        """The status, when there is news and once a second while there may be some."""
        state = self._state()
        due = ticks_diff(ms, self._status_at) >= 0
        if self.status.changed(state, self.cue.state) or due:
            if due:
                self._status_at = ticks_add(ms, _STATUS_EVERY)
            self._radio.tell_status(
                self.status.pack(self.clock, state, self.cue, self._charge, self._stream, ms)
            )

    def _state(self) -> int:
        if self.fault:
            return status.FAULT
        return status.STREAMING if self._stream.on else status.IDLE

    def _rhythm(self):
        if self.fault:
            return lights.FAULT
        if self.cue.state == MUTED:
            return lights.MUTED
        return lights.STREAMING if self._stream.on else lights.WAITING

    def _plausible(self) -> bool:
        for _ in range(_TRIES):
            if self.unit.plausible():
                return True
            self._pause(10)
        return False

    def _pause(self, ms) -> None:
        """Let `ms` pass without missing a beat."""
        end = ticks_add(ticks_us(), ms * 1000)
        while (left := ticks_diff(end, ticks_us())) > 0:
            self.cue.tick(ticks_us(), ticks_ms())
            sleep_us(self.cue.wait(ticks_us(), ticks_ms(), min(left, _SLICE)))

    def _feature(self) -> bytes:
        """Accelerometer, gyroscope and buffer, the outputs, button and metronome."""
        bits = 0b11100011 | self.outputs.there << 2
        return pack("<BBHHBff", 1, 0, bits, _RATE * 10, MOST_FRAMES, ACC_UNIT, GYR_UNIT)
