"""The commands of PROTOCOL.md: what they ask for, and whether it is permitted."""

from struct import unpack
from time import ticks_ms, ticks_us

from micropython import const

START, STOP, SYNC, KEEPALIVE = const(0x01), const(0x02), const(0x03), const(0x04)
PULSE, METRONOME, ADJUST, CUE_STOP = const(0x10), const(0x11), const(0x12), const(0x13)
IDENTIFY = const(0x21)

SUCCESS, UNKNOWN, PARAMETER, FAILED, NOT_PERMITTED = (
    const(1),
    const(2),
    const(3),
    const(4),
    const(5),
)

WITHOUT_ANSWER = (KEEPALIVE, PULSE, ADJUST, CUE_STOP)
"""Those that the cue characteristic takes."""
FORMATS = {
    START: "<HBB",
    STOP: "<",
    SYNC: "<I",
    KEEPALIVE: "<",
    PULSE: "<BBH",
    METRONOME: "<BBHIIHB",
    ADJUST: "<iI",
    CUE_STOP: "<",
    IDENTIFY: "<",
}
LENGTHS = {
    START: 4,
    STOP: 0,
    SYNC: 4,
    KEEPALIVE: 0,
    PULSE: 4,
    METRONOME: 15,
    ADJUST: 8,
    CUE_STOP: 0,
}

FASTEST, SLOWEST = const(333_333), const(2_000_000)
"""µs from beat to beat."""
SHORTEST, LONGEST_BEAT, LONGEST_PULSE = const(10), const(250), const(500)
"""ms."""
LEAST_LEASE, MOST_LEASE = const(10), const(6000)
"""In 0.1 s."""
KNOWN_BY = const(150)
"""ms of the pulse by which a device is told from another."""
KNOWN_LEVEL = const(60)


class Control:
    """Obeys for `device`, which knows all that is to be commanded."""

    def __init__(self, device):
        self._device = device

    def obey(self, request: bytes, tick) -> bytes:
        """The answer to a request that came at `tick`, from its result on."""
        op, parameters = request[0] if request else 0, request[1:]
        if op not in FORMATS:
            return bytes((UNKNOWN,))
        if len(parameters) != LENGTHS.get(op, 0):
            return bytes((PARAMETER,))
        values = unpack(FORMATS[op], parameters)
        answer = self._obey(op, values, tick)
        return bytes((answer,)) if isinstance(answer, int) else bytes((SUCCESS,)) + answer

    def _obey(self, op: int, values, tick):
        device, cue = self._device, self._device.cue
        if op == SYNC:
            clock = device.clock
            came = clock.stamp(tick)
            left = clock.stamp(ticks_us())
            return _u32(values[0]) + _u32(came) + _u32(left)
        if op == STOP:
            device.stop_stream()
            return SUCCESS
        if op == CUE_STOP:
            cue.stop()
            return SUCCESS
        if device.fault:
            return FAILED
        if op == START:
            return self._start(*values)
        if op == KEEPALIVE:
            if not cue.running:
                return NOT_PERMITTED
            cue.keep_alive(ticks_ms())
            return SUCCESS
        if op == PULSE:
            return self._pulse(*values)
        if op == METRONOME:
            return self._metronome(*values)
        if op == ADJUST:
            return self._adjust(*values)
        device.identify()
        return SUCCESS

    def _start(self, rate: int, layout: int, rows: int):
        if layout not in (1, 2):
            return PARAMETER
        return self._device.start_stream(rate, layout, rows)

    def _outputs_fit(self, outputs: int, level: int) -> bool:
        there = self._device.outputs.there
        return outputs != 0 and outputs & ~there == 0 and 1 <= level <= 100

    def _pulse(self, outputs: int, level: int, length: int) -> int:
        device = self._device
        if not self._outputs_fit(outputs, level) or not SHORTEST <= length <= LONGEST_PULSE:
            return PARAMETER
        if device.cue.running or not device.may_cue():
            return NOT_PERMITTED
        device.cue.pulse(ticks_us(), outputs, level, length * 1000)
        return SUCCESS

    def _metronome(self, outputs, level, pulse, period, first, lease, on_loss):
        device = self._device
        if (
            not self._outputs_fit(outputs, level)
            or not SHORTEST <= pulse <= min(LONGEST_BEAT, period // 2000)
            or not FASTEST <= period <= SLOWEST
            or not LEAST_LEASE <= lease <= MOST_LEASE
            or on_loss > 1
        ):
            return PARAMETER
        now = device.clock.update()
        due = device.clock.tick_at(first) if first else now
        if due is None:
            return PARAMETER
        if not device.may_cue():
            return NOT_PERMITTED
        due = device.cue.metronome(
            now, ticks_ms(), outputs, level, pulse * 1000, period, due, lease * 100, on_loss
        )
        return _u32(device.clock.stamp(due))

    def _adjust(self, phase: int, period: int):
        device = self._device
        if not FASTEST <= period <= SLOWEST:
            return PARAMETER
        if not device.cue.running:
            return NOT_PERMITTED
        due = device.cue.adjust(device.clock.update(), phase, period)
        return PARAMETER if due is None else _u32(device.clock.stamp(due))


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "little")
