"""A terminal's whole screen: plain text, and numbers large enough to be read from a step away."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

GLYPHS = {
    "0": "███ █ █ █ █ █ █ ███", "1": " █  ██   █   █  ███", "2": "███   █ ███ █   ███",
    "3": "███   █ ███   █ ███", "4": "█ █ █ █ ███   █   █", "5": "███ █   ███   █ ███",
    "6": "███ █   ███ █ █ ███", "7": "███   █   █   █   █", "8": "███ █ █ ███ █ █ ███",
    "9": "███ █ █ ███   █ ███",
}  # fmt: skip
"""Digits, three columns by five rows, the rows one after the other with a blank between."""

ROWS, COLUMNS = 5, 3

LARGE_ROWS, LARGE_COLUMNS = 2, 4
"""Characters of the terminal for one square of a digit. A row of text is 4 mm or more on common
screens (16 px of 0.26 mm), which makes a digit 40 mm high: 2.3 degrees at 1 m, seven times what
people with ordinary sight read at ease (20 minutes of arc, ISO 9241-303)."""

SQUARE, PLAIN_SQUARE = "█", "#"
"""What shapes are made of; the second where the terminal's letters lack the first."""

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
"""The terminal's other screen without a cursor, and back (xterm control sequences)."""

_HOME, _REST_OF_LINE, _REST = "\x1b[H", "\x1b[K", "\x1b[J"


class Screen(Protocol):
    """Shows lines of text, in place of those before."""

    def __call__(self, lines: Sequence[str], /) -> None:
        """Show them; what does not fit is cut off."""


@contextmanager
def whole_screen() -> Iterator[Screen | None]:
    """The terminal's screen, put back as it was at the end; None where there is no terminal.

    One that is closed meanwhile shows no more; what runs is ended by its signal, not by this.
    """
    if not sys.stdout.isatty():
        yield None
        return
    shown: list[str] = []
    square = SQUARE if _writable(SQUARE) else PLAIN_SQUARE

    def show(lines: Sequence[str], /) -> None:
        columns, rows = shutil.get_terminal_size()
        fitting = [line[:columns] for line in lines[:rows]]
        if fitting != shown:
            shown[:] = fitting
            text = f"{_REST_OF_LINE}\r\n".join(fitting).replace(SQUARE, square)
            _put(f"{_HOME}{text}{_REST_OF_LINE}{_REST}")

    _put(_ENTER)
    try:
        yield show
    finally:
        _put(_LEAVE)


def large(number: int) -> list[str]:
    """The digits of a number of 0 or more, as lines of equal length."""
    lines = []
    for row in range(ROWS):
        squares = " ".join(GLYPHS[d][row * 4 : row * 4 + COLUMNS] for d in str(number))
        line = "".join(square * LARGE_COLUMNS for square in squares)
        lines += [line] * LARGE_ROWS
    return lines


def _put(text: str) -> None:
    with suppress(OSError):
        sys.stdout.write(text)
        sys.stdout.flush()


def _writable(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True
