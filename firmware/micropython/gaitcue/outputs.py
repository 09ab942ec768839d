"""What the wearer feels, hears and sees: motor, buzzer and light."""

from machine import PWM, Pin
from micropython import const

VIBRATION = const(1)
TONE = const(2)
_LIGHT = const(4)
_MOTOR_FREQUENCY = const(20_000)
"""Hz: above hearing."""
_TONE_FREQUENCY = const(1000)
"""Hz: age takes higher ones first."""
_FULL = const(65535)


class Outputs:
    """Those that a board has; all off at first."""

    def __init__(self, vibration: int | None, buzzer: int | None, light: int | None, light_on: int):
        self._motor = None
        self._buzzer = None
        self._light = None
        self._light_on = light_on
        self.there = 0
        """Which there are, as bits."""
        self.cueing = False
        """Whether the light is a cue now, and tells nothing else."""
        if vibration is not None:
            self._motor = PWM(Pin(vibration), freq=_MOTOR_FREQUENCY, duty_u16=0)
            self.there |= VIBRATION
        if buzzer is not None:
            self._buzzer = PWM(Pin(buzzer), freq=_TONE_FREQUENCY, duty_u16=0)
            self.there |= TONE
        if light is not None:
            self._light = Pin(light, Pin.OUT, value=1 - light_on)
            self.there |= _LIGHT

    def on(self, outputs: int, level: int) -> None:
        """Switch on at `level` percent, until `off`."""
        if outputs & VIBRATION and self._motor is not None:
            self._motor.duty_u16(_FULL * level // 100)
        if outputs & TONE and self._buzzer is not None:
            self._buzzer.duty_u16(_FULL * level // 200)  # half the time on is the loudest
        if outputs & _LIGHT:
            self.cueing = True
            self._shine(True)

    def off(self) -> None:
        """Switch all off."""
        if self._motor is not None:
            self._motor.duty_u16(0)
        if self._buzzer is not None:
            self._buzzer.duty_u16(0)
        if self.cueing:
            self.cueing = False
            self._shine(False)

    def light(self, on: bool) -> None:
        """Let the light tell how the device is."""
        if not self.cueing:
            self._shine(on)

    def _shine(self, on: bool) -> None:
        if self._light is not None:
            self._light.value(self._light_on if on else 1 - self._light_on)
