"""The wearer's button: pressed, held and let go, without bounces."""

from time import ticks_diff

from machine import Pin
from micropython import const

DOWN = const(1)
SHORT = const(2)
HELD = const(3)
_HOLD = const(1000)
"""ms that make it held."""
_BOUNCE = const(50)
"""ms that it must be up to be let go."""


class Button:
    """On `pin`, which is `pressed` (0 or 1) while it is."""

    def __init__(self, pin: int, pressed: int, pull_up: bool):
        self._pin = Pin(pin, Pin.IN, Pin.PULL_UP) if pull_up else Pin(pin, Pin.IN)
        self._pressed = pressed
        self._down = self._held = False
        self._since = self._seen = 0

    def changed(self) -> bool:
        """Whether it is worth asking what happened."""
        return (self._pin.value() == self._pressed) != self._down

    def poll(self, ms) -> int:
        """What happened: DOWN at once, then SHORT when let go or HELD after 1 s; 0 if nothing."""
        if self._pin.value() == self._pressed:
            self._seen = ms
            if not self._down:
                self._down, self._held, self._since = True, False, ms
                return DOWN
            if not self._held and ticks_diff(ms, self._since) >= _HOLD:
                self._held = True
                return HELD
        elif self._down and ticks_diff(ms, self._seen) >= _BOUNCE:
            self._down = False
            if not self._held:
                return SHORT
        return 0
