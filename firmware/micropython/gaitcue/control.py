"""The commands of PROTOCOL.md: what they ask for, and whether it is permitted."""

from struct import calcsize, unpack
from time import ticks_ms, ticks_us

from micropython import const

_START = const(0x01)
_STOP = const(0x02)
_SYNC = const(0x03)
_KEEPALIVE = const(0x04)
_PULSE = const(0x10)
_METRONOME = const(0x11)
_ADJUST = const(0x12)
_CUE_STOP = const(0x13)
_IDENTIFY = const(0x21)

SUCCESS = const(1)
_UNKNOWN = const(2)
_PARAMETER = const(3)
_FAILED = const(4)
_NOT_PERMITTED = const(5)

WITHOUT_ANSWER = (_KEEPALIVE, _PULSE, _ADJUST, _CUE_STOP)
"""Those that the cue characteristic takes."""
FORMATS = {
    _START: "<HBB",
    _STOP: "<",
    _SYNC: "<I",
    _KEEPALIVE: "<",
    _PULSE: "<BBH",
    _METRONOME: "<BBHIIHB",
    _ADJUST: "<iI",
    _CUE_STOP: "<",
    _IDENTIFY: "<",
}
_FASTEST = const(333_333)
_SLOWEST = const(2_000_000)
"""µs from beat to beat."""
_SHORTEST = const(10)
_LONGEST_BEAT = const(250)
_LONGEST_PULSE = const(500)
"""ms."""
_LEAST_LEASE = const(10)
_MOST_LEASE = const(6000)
"""In 0.1 s."""


class Control:
    """Obeys for `device`, which knows all that is to be commanded."""

    def __init__(self, device):
        self._device = device

    def obey(self, request: bytes, tick) -> bytes:
        """The answer to a request that came at `tick`, from its result on."""
        op, parameters = request[0] if request else 0, request[1:]
        if op not in FORMATS:
            return bytes((_UNKNOWN,))
        if len(parameters) != calcsize(FORMATS[op]):
            return bytes((_PARAMETER,))
        values = unpack(FORMATS[op], parameters)
        answer = self._obey(op, values, tick)
        return bytes((answer,)) if isinstance(answer, int) else bytes((SUCCESS,)) + answer

    def _obey(self, op: int, values, tick):
        device, cue = self._device, self._device.cue
        if op == _SYNC:
            clock = device.clock
            came = clock.stamp(tick)
            left = clock.stamp(ticks_us())
            return _u32(values[0]) + _u32(came) + _u32(left)
        if op == _STOP:
            device.stop_stream()
            return SUCCESS
        if op == _CUE_STOP:
            cue.stop()
            return SUCCESS
        if device.fault:
            return _FAILED
        if op == _START:
            return self._start(*values)
        if op == _KEEPALIVE:
            if not cue.running:
                return _NOT_PERMITTED
            cue.keep_alive(ticks_ms())
            return SUCCESS
        if op == _PULSE:
            return self._pulse(*values)
        if op == _METRONOME:
            return self._metronome(*values)
        if op == _ADJUST:
            return self._adjust(*values)
        device.identify()
        return SUCCESS

    def _start(self, rate: int, layout: int, rows: int):
        if layout not in (1, 2):
            return _PARAMETER
        answer = self._device.start_stream(rate, layout, rows)
        return _FAILED if answer is None else answer

    def _outputs_fit(self, outputs: int, level: int) -> bool:
        there = self._device.outputs.there
        return outputs != 0 and outputs & ~there == 0 and 1 <= level <= 100

    def _pulse(self, outputs: int, level: int, length: int) -> int:
        device = self._device
        if not self._outputs_fit(outputs, level) or not _SHORTEST <= length <= _LONGEST_PULSE:
            return _PARAMETER
        if device.cue.running or not device.may_cue():
            return _NOT_PERMITTED
        done = device.cue.pulse(ticks_us(), outputs, level, length * 1000)
        return SUCCESS if done else _NOT_PERMITTED

    def _metronome(self, outputs, level, pulse, period, first, lease, on_loss):
        device = self._device
        if (
            not self._outputs_fit(outputs, level)
            or not _SHORTEST <= pulse <= min(_LONGEST_BEAT, period // 2000)
            or not _FASTEST <= period <= _SLOWEST
            or not _LEAST_LEASE <= lease <= _MOST_LEASE
            or on_loss > 1
        ):
            return _PARAMETER
        now = device.clock.update()
        due = device.clock.tick_at(first) if first else now
        if due is None:
            return _PARAMETER
        if not device.may_cue():
            return _NOT_PERMITTED
        due = device.cue.metronome(
            now, ticks_ms(), outputs, level, pulse * 1000, period, due, lease * 100, on_loss
        )
        return _u32(device.clock.stamp(due))

    def _adjust(self, phase: int, period: int):
        device = self._device
        if not _FASTEST <= period <= _SLOWEST:
            return _PARAMETER
        if not device.cue.running:
            return _NOT_PERMITTED
        due = device.cue.adjust(device.clock.update(), phase, period)
        return _PARAMETER if due is None else _u32(device.clock.stamp(due))


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "little")
