"""The logs of a walk while they are written: in threads, as a slow disk must not hold up links."""

import asyncio
import queue
import threading
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from gaitcue.errors import InputError
from gaitcue.events import Event, to_json
from gaitcue.recording.appended import AppendedFile
from gaitcue.recording.live import RAW_FILE
from gaitcue.recording.raw import RawWriter, Record

EVENTS_FILE = "events.jsonl"
"""What happened, in a walk folder: made anew by any replay, kept for who reads it elsewhere."""

SYNC_EVERY = 1.0
"""s; a loss of power costs no more than so much."""


class Log:
    """Writes records and events in the order put, while entered; made in the loop that puts them.

    So an event stands on the disk only after all that it was made of.

    Attributes
    ----------
    failed
        Set when no more can be written.

    Raises
    ------
    InputError
        On being entered or left, when something could not be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._queue: queue.SimpleQueue[Record | Event | None] = queue.SimpleQueue()
        self._events: AppendedFile | None = None
        self._error: InputError | None = None
        self._ended = threading.Event()
        self._loop = asyncio.get_running_loop()
        self.failed = asyncio.Event()

    def put(self, what: Record | Event) -> None:
        """Have it written; does not wait."""
        self._queue.put(what)

    def __enter__(self) -> Self:
        self._open = ExitStack()
        self._records = self._open.enter_context(RawWriter(self._folder / RAW_FILE))
        # What waits for the disk is a thread of its own, so that writing does not.
        self._threads = [
            threading.Thread(target=work, name=work.__name__) for work in (self._write, self._sync)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._open.close()
        if kind is None:
            self.check()

    def check(self) -> None:
        """Raise what kept something from being written, if anything did."""
        if self._error:
            raise self._error

    def _write(self) -> None:
        try:
            while (what := self._queue.get()) is not None:
                if isinstance(what, Record):
                    self._records.append(what)
                else:
                    self._write_event(what)
        except InputError as error:
            self._fail(error)
        finally:
            self._ended.set()

    def _write_event(self, event: Event) -> None:
        if self._events is None:
            file = AppendedFile(self._folder / EVENTS_FILE)
            self._events = self._open.enter_context(file)
        self._events.append(f"{to_json(event)}\n".encode())

    def _sync(self) -> None:
        try:
            while not self._ended.wait(SYNC_EVERY):
                self._records.sync()
            self._records.sync()
        except InputError as error:
            self._fail(error)

    def _fail(self, error: InputError) -> None:
        self._error = self._error or error
        self._loop.call_soon_threadsafe(self.failed.set)
