"""Runs first after power on or reset: what must not wait, and outputs off."""

from machine import Pin

try:
    import board  # pyright: ignore - a copy of a file in boards/

    for pin in board.HIGH_AT_ONCE:
        Pin(pin, Pin.OUT, value=1)
    for pin in (board.VIBRATION, board.BUZZER):
        if pin is not None:
            Pin(pin, Pin.OUT, value=0)
except Exception as error:  # the program says what is wrong, and goes into safe mode
    print("board.py:", error)
