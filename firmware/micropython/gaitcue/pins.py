"""Looks through the board file before anything is wired by it."""

PINS = (0, 2, 4, 5, 12, 13, 14, 15, 18, 19, 21, 22, 23, 25, 26, 27, 32, 33)
"""Of an ESP32, that can drive something; 1 and 3 talk to the computer, 6 to 11 to the memory."""
INPUTS = (34, 35, 36, 37, 38, 39)
"""That can only be read."""


def check(board) -> None:
    """Raise ValueError with one sentence if `board` cannot be right."""
    taken = {}
    for name in ("SDA", "SCL", "VIBRATION", "BUZZER", "LIGHT", "BUTTON", "BATTERY"):
        pin = _get(board, name)
        if pin is None and name not in ("SDA", "SCL"):
            continue
        if pin not in PINS and not (name in ("BUTTON", "BATTERY") and pin in INPUTS):
            raise ValueError("board.py: %s cannot be pin %s" % (name, pin))
        if pin in taken:
            raise ValueError("board.py: %s and %s cannot both be pin %s" % (taken[pin], name, pin))
        taken[pin] = name
    for name in ("LIGHT_ON", "BUTTON_PRESSED"):
        if _get(board, name) not in (0, 1):
            raise ValueError("board.py: %s must be 0 or 1" % name)
    if not 8 <= _get(board, "IMU_ADDRESS") <= 0x77:
        raise ValueError("board.py: IMU_ADDRESS must be 0x68 or 0x69")
    if not 1 <= _get(board, "BATTERY_DIVIDER") <= 10:
        raise ValueError("board.py: BATTERY_DIVIDER must be from 1 to 10")
    for name in ("MODEL", "BUTTON_PULL_UP"):
        _get(board, name)


def _get(board, name: str):
    try:
        return getattr(board, name)
    except AttributeError:
        raise ValueError("board.py: %s is missing" % name)
