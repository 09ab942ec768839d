"""Ending in order when the system asks for it."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, being asked to end, and the terminal being gone; the last is not known on Windows."""


@contextmanager
def stopped_by_signals() -> Iterator[asyncio.Event]:
    """An event that the signals set, so that what runs can end in order, however often they come.

    One that whoever started this had it ignore, as `nohup` does, stays ignored.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def on_signal(_: int, __: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    numbers = [getattr(signal, name) for name in ENDINGS if hasattr(signal, name)]
    before = {
        number: signal.signal(number, on_signal)
        for number in numbers
        if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
