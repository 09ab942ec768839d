"""Telling of the rows of a text file that could not be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gaitcue.errors import InputError
from gaitcue.events import DataProblem
from gaitcue.imu import Samples
from gaitcue.recording.table import Rows


@dataclass(slots=True)
class RowFlaws:
    """Collects what is wrong with rows while they are read, and tells it between the samples."""

    path: Path
    _waiting: list[tuple[str, int, str]] = field(default_factory=list, init=False)

    def add(self, rows: Rows) -> None:
        """Note the flaws of a batch of rows."""
        if rows.bad:
            words = f"rows that are not all numbers: {rows.bad}, first in line {rows.bad_line}"
            self._waiting.append(("unreadable_rows", rows.bad, f"{words}; they count as missing"))
        if rows.cut_line is not None:
            words = f"line {rows.cut_line}, the last, breaks off and is left out"
            self._waiting.append(("cut_row", 1, words))

    def told(self, items: Iterator[Samples | DataProblem]) -> Iterator[Samples | DataProblem]:
        """Pass on samples and problems, and each flaw after the samples it was found among.

        Raises
        ------
        InputError
            When there was not a single sample.
        """
        begin: float | None = None
        end = 0.0
        for item in items:
            yield item
            if isinstance(item, Samples) and len(item):
                begin = float(item.time[0])
                end = float(item.time[-1])
                yield from self._told(begin, end)
        if begin is None:
            raise InputError(f"{self.path} holds no samples, only a header: nothing to read")
        yield from self._told(end, end)

    def _told(self, begin: float, end: float) -> Iterator[DataProblem]:
        for kind, count, detail in self._waiting:
            yield DataProblem(time=begin, decided=end, kind=kind, count=count, detail=detail)
        self._waiting.clear()
