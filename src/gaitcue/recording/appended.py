"""A new file that only grows, and keeps what is written whatever happens to the program."""

import os
from pathlib import Path
from typing import Self

from gaitcue.errors import InputError


class AppendedFile:
    """Appends bytes to a new file; not from several threads at once, but for `sync`.

    Raises
    ------
    InputError
        Here and on appending, when the file is there already or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            # Unbuffered: what is appended is in the operating system's hands, whatever happens.
            self._file = path.open("xb", buffering=0)
        except OSError as error:
            raise self._cannot(error) from error

    def append(self, whole: bytes) -> None:
        """Write it to the end of the file."""
        rest = memoryview(whole)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise self._cannot(error) from error

    def sync(self) -> None:
        """Have all of it on the disk itself; may take a while, so call it from another thread."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._cannot(error) from error

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _cannot(self, error: OSError) -> InputError:
        return InputError(f"cannot write {self._path}: {error.strerror}")
