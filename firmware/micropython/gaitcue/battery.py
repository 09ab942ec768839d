"""Charge of a lithium battery from its voltage."""

from machine import ADC, Pin

UNKNOWN = 255
CURVE = ((3300, 0), (3500, 5), (3600, 15), (3700, 35), (3800, 55), (3950, 80), (4100, 100))
"""mV and percent of a lithium cell under a small load; typical of many, exact for none."""


class Battery:
    """On an ADC pin that sees the voltage divided by `divider`; none if `pin` is None."""

    def __init__(self, pin: int | None, divider: int):
        self._adc = None if pin is None else ADC(Pin(pin), atten=ADC.ATTN_11DB)
        self._divider = divider

    def percent(self) -> int:
        """0 to 100, UNKNOWN without a battery."""
        if self._adc is None:
            return UNKNOWN
        return charge(self._adc.read_uv() * self._divider // 1000)


def charge(millivolts: int) -> int:
    """Percent at a voltage."""
    below = CURVE[0]
    for point in CURVE:
        if millivolts < point[0]:
            if point is CURVE[0]:
                return 0
            gained = (point[1] - below[1]) * (millivolts - below[0])
            return below[1] + gained // (point[0] - below[0])
        below = point
    return 100
