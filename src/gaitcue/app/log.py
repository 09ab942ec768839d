"""The raw log while it is written: in a thread, for a slow disk must not make the links wait."""

import asyncio
import queue
import threading
from pathlib import Path

from gaitcue.errors import InputError
from gaitcue.recording.raw import RawWriter, Record

SYNC_EVERY = 1.0
"""s; a loss of power costs no more than so much."""


class Log:
    """Writes records, as long as it is entered; made in the loop that puts them.

    Attributes
    ----------
    failed
        Set when no more can be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[Record | None] = queue.SimpleQueue()
        self._error: InputError | None = None
        self._loop = asyncio.get_running_loop()
        self.failed = asyncio.Event()

    def put(self, record: Record) -> None:
        """Have a record written; does not wait."""
        self._queue.put(record)

    def __enter__(self) -> "Log":
        self._writer = RawWriter(self._path)
        self._thread = threading.Thread(target=self._run, name="raw log")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()
        self._writer.close()

    def check(self) -> None:
        """Raise what kept the log from being written, if anything did."""
        if self._error:
            raise self._error

    def _run(self) -> None:
        synced = 0.0
        try:
            while (record := self._queue.get()) is not None:
                self._writer.append(record)
                now = record.time / 1e9
                if now >= synced + SYNC_EVERY:
                    synced = now
                    self._writer.sync()
            self._writer.sync()
        except InputError as error:
            self._error = error
            self._loop.call_soon_threadsafe(self.failed.set)
