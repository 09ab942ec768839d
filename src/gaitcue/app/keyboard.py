"""Single key presses from the terminal, without Enter, while other work goes on.

A key is its character, or one of the names `ENTER`, `SPACE`, `ESCAPE`, `UP`, `DOWN`, `LEFT`,
`RIGHT`. Where the input is no terminal (a service, a test, a pipe) there are no keys.
"""

import asyncio
import codecs
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

ENTER, SPACE, ESCAPE = "enter", "space", "escape"
UP, DOWN, LEFT, RIGHT = "up", "down", "left", "right"

_NAMES = {
    "\r": ENTER, "\n": ENTER, " ": SPACE, "\x1b": ESCAPE,
    "\x1b[A": UP, "\x1b[B": DOWN, "\x1b[C": RIGHT, "\x1b[D": LEFT,
    "\x1bOA": UP, "\x1bOB": DOWN, "\x1bOC": RIGHT, "\x1bOD": LEFT,
}  # fmt: skip
"""The arrows as terminals send them in either of their modes (ECMA-48, DEC VT100)."""

_WINDOWS_NAMES = {"H": UP, "P": DOWN, "M": RIGHT, "K": LEFT}
"""Second character of an arrow as the Windows console gives it, after NUL or 0xE0."""

_WINDOWS_POLL = 0.02
"""s between looks for a key on Windows, whose console cannot be waited on: below what is felt."""

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[A-Z]|.", re.DOTALL)
"""What one key may send: a control sequence, a function key, or a character."""

Take = Callable[[str], None]


@contextmanager
def key_presses(take: Take) -> Iterator[bool]:
    """Have `take` called in the running loop for every key; gives whether there are keys at all.

    The terminal is put back as it was at the end, however that comes.
    """
    if not _terminal():
        yield False
    elif sys.platform == "win32":
        with console_keys(take, import_module("msvcrt")):
            yield True
    else:
        with _terminal_keys(take):
            yield True


def keys_in(text: str) -> list[str]:
    """The keys that send `text`; of a key that has no name here, nothing comes."""
    found = (_NAMES.get(part, part) for part in _SEQUENCE.findall(text))
    return [key for key in found if key.isprintable()]


def _terminal() -> bool:
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


if sys.platform != "win32":
    import signal
    import termios
    import tty

    @contextmanager
    def _terminal_keys(take: Take) -> Iterator[None]:
        loop, terminal = asyncio.get_running_loop(), sys.stdin.fileno()
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")

        def ready() -> None:
            read = b""
            with suppress(OSError):
                read = os.read(terminal, 1024)
            if not read:  # the terminal is gone; what runs goes on without its keys
                loop.remove_reader(terminal)
            for key in keys_in(decoder.decode(read)):
                take(key)

        before = termios.tcgetattr(terminal)

        def single() -> None:
            tty.setcbreak(terminal, termios.TCSANOW)

        single()
        loop.add_reader(terminal, ready)
        loop.add_signal_handler(signal.SIGCONT, single)  # a shell resets it while we are stopped
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGCONT)
            loop.remove_reader(terminal)
            with suppress(termios.error):
                termios.tcsetattr(terminal, termios.TCSANOW, before)


@contextmanager
def console_keys(take: Take, msvcrt: Any) -> Iterator[None]:
    """As `key_presses`, from the Windows console that `msvcrt` is."""
    loop, over = asyncio.get_running_loop(), threading.Event()

    def look() -> None:
        while not over.wait(_WINDOWS_POLL):
            while msvcrt.kbhit():
                character = msvcrt.getwch()
                if character in "\x00\xe0":
                    keys = [_WINDOWS_NAMES.get(msvcrt.getwch(), "")]
                else:
                    keys = keys_in(character)
                for key in filter(None, keys):
                    loop.call_soon_threadsafe(take, key)

    thread = threading.Thread(target=look, name="keyboard", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
