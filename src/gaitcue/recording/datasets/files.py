"""Files of a data set, on disk or inside a zip."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from gaitcue.errors import InputError

HEAD_BYTES = 4096
"""Enough of a file to know its layout by."""

FOLDERS_ABOVE = 4
"""Folders above a file in which what belongs to it is looked for."""

DEEPEST = 8
"""Folders below the one given in which files are looked for."""

_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
"""What reading raises: the system's refusal; a damaged, encrypted or unsupported entry of a zip."""


@dataclass(frozen=True, slots=True)
class File:
    """A file, and the folders above it, the nearest first."""

    at: Traversable
    folders: tuple[Traversable, ...]

    @property
    def name(self) -> str:
        """The name with its ending."""
        return self.at.name

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self.at.name.rpartition(".")[0] or self.at.name

    @property
    def folder(self) -> str:
        """The name of the folder it is in, empty when that is not known."""
        return self.folders[0].name if self.folders else ""

    def read(self) -> bytes:
        """The whole content.

        Raises
        ------
        InputError
            When it cannot be read.
        """
        try:
            return self.at.read_bytes()
        except _UNREADABLE as error:
            raise _unreadable(self, error) from error

    def head(self) -> bytes:
        """The first `HEAD_BYTES` of the content.

        Raises
        ------
        InputError
            When it cannot be read.
        """
        try:
            with self.at.open("rb") as opened:
                return opened.read(HEAD_BYTES)
        except _UNREADABLE as error:
            raise _unreadable(self, error) from error

    def beside(self, name: str) -> "File | None":
        """The file called `name` in the same folder, None when there is none."""
        return _at(self.folders, name)

    def above(self, name: str) -> "File | None":
        """The file called `name` in the nearest folder that has one, None when there is none."""
        for level in range(len(self.folders)):
            found = _at(self.folders[level:], name)
            if found is not None:
                return found
        return None

    def __str__(self) -> str:
        """The path to show to people."""
        return str(self.at)


def file_on_disk(path: Path) -> File:
    """The file at `path`, in its place among the folders above it."""
    return File(path, tuple(path.absolute().parents[:FOLDERS_ABOVE]))


def walk(root: Traversable) -> Iterator[File]:
    """Every file below `root`, folder by folder, ordered as people count (2 before 10)."""
    above = tuple(root.absolute().parents[: FOLDERS_ABOVE - 1]) if isinstance(root, Path) else ()
    yield from _walk((root, *above), DEEPEST)


def _walk(folders: tuple[Traversable, ...], deeper: int) -> Iterator[File]:
    try:
        entries = sorted(folders[0].iterdir(), key=_counting)
    except OSError as error:
        raise InputError(f"cannot read the folder {folders[0]}: {error.strerror}") from error
    below: list[Traversable] = []
    for entry in entries:
        if entry.name.startswith((".", "__MACOSX")):
            continue
        if entry.is_dir():
            below.append(entry)
        elif entry.is_file():
            yield File(entry, folders)
    if deeper:
        for folder in below:
            yield from _walk((folder, *folders)[: FOLDERS_ABOVE + 1], deeper - 1)


def _at(folders: tuple[Traversable, ...], name: str) -> File | None:
    if not folders:
        return None
    try:
        found = folders[0] / name
        return File(found, folders) if found.is_file() else None
    except OSError:
        return None


def _counting(entry: Traversable) -> list[tuple[int, str]]:
    """Sorts names with the numbers in them by size."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"([0-9]+)", entry.name)
    ]


def _unreadable(file: File, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or error
    return InputError(f"cannot read {file}: {reason}")
