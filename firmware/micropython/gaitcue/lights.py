"""What the light tells when it is no cue: short blinks, in a rhythm for each state."""

from micropython import const

_BLINK = const(30)
"""ms."""
WAITING, STREAMING, MUTED, FAULT = (2000,), (5000,), (300, 3000), (300, 300)
"""ms from blink to blink, in turn."""


class Lights:
    """On the outputs' light."""

    def __init__(self, outputs):
        self._outputs = outputs
        self._rhythm = ()
        self._turn = 0
        self._next = 0
        self._lit = False

    def show(self, rhythm, ms) -> None:
        """Let the light be as it is to be at tick `ms`; call it often."""
        if rhythm is not self._rhythm:
            self._rhythm, self._turn, self._next = rhythm, 0, ms
        passed = (ms - self._next) & 0x3FFFFFFF
        if passed < _BLINK:
            lit = True
        elif passed < 0x20000000:
            lit = False
            self._next = (ms + rhythm[self._turn]) & 0x3FFFFFFF
            self._turn = (self._turn + 1) % len(rhythm)
        else:
            lit = False
        if lit != self._lit:
            self._lit = lit
            self._outputs.light(lit)
