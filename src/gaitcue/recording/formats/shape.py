"""What a text file looks like: its delimiter, its header and where its rows begin."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray
from gaitcue.recording.numbers import parse_cell
from gaitcue.recording.table import Layout, open_bytes, parse_clock, split_line

HEAD_BYTES = 1 << 20
"""How much of a file is looked at: some minutes of motion."""

DELIMITERS = (",", ";", "\t", " ")
COMMENT = ("#", "%", "//")

_RATE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*hz\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """The looks of a table: `names` of its columns if it has any, and the numbers of its head.

    `head` is (n, width) with NaN for cells that are no numbers; `preamble` is what stands above.
    """

    layout: Layout
    names: tuple[str, ...] | None
    head: FloatArray
    preamble: tuple[str, ...]

    @property
    def said_rate(self) -> float | None:
        """The one rate in Hz that the preamble speaks of."""
        found = {float(match) for line in self.preamble for match in _RATE.findall(line)}
        return found.pop() if len(found) == 1 else None


def look_at(path: Path) -> Shape:
    """Find out how the rows of a text file are written.

    Raises
    ------
    InputError
        When it is empty, not text, or holds no rows of at least three numbers.
    """
    with open_bytes(path) as file:
        data = file.read(HEAD_BYTES)
        more = bool(file.read(1))
    if not data.strip():
        raise InputError(f"{path} is empty")
    if b"\0" in data:
        raise InputError(f"{path} is not text: expected a table of motion, or a walk folder")
    lines = data.decode("utf-8-sig", "replace").split("\n")
    if more:
        lines.pop()
    best: tuple[int, str, bool, int] | None = None
    for delimiter in DELIMITERS:
        for decimal_comma in (False, True) if delimiter != "," else (False,):
            cells, width = _numeric_cells(lines, delimiter, decimal_comma)
            if width >= 3 and (best is None or cells > best[0]):
                best = (cells, delimiter, decimal_comma, width)
    if best is None:
        raise InputError(
            f"{path} is not a table of motion: expected rows of at least three numbers, separated "
            "by commas, semicolons, tabs or blanks"
        )
    return _shape(lines, *best[1:])


def _split(line: str, delimiter: str, decimal_comma: bool) -> list[str]:
    return split_line(line, delimiter, decimal_comma=decimal_comma)


def _numeric_cells(lines: list[str], delimiter: str, decimal_comma: bool) -> tuple[int, int]:
    """How many numbers rows of the usual width hold when split so, and that width."""
    sample = lines[-400:]
    rows = [_split(line, delimiter, decimal_comma) for line in sample if line.strip()]
    counts = Counter(len(row) for row in rows if sum(_is_number(cell) for cell in row) >= 3)
    if not counts:
        return 0, 0
    width = counts.most_common(1)[0][0]
    return sum(_is_number(cell) for row in rows if len(row) == width for cell in row), width


def _is_number(cell: str) -> bool:
    value = parse_cell(cell)
    return value is not None and not np.isnan(value)


def _shape(lines: list[str], delimiter: str, decimal_comma: bool, width: int) -> Shape:
    first = next(
        number
        for number, line in enumerate(lines)
        if not line.startswith(COMMENT)
        and len(cells := _split(line, delimiter, decimal_comma)) == width
        and sum(_is_number(cell) for cell in cells) >= 3
    )
    above = [line.strip() for line in lines[:first] if line.strip()]
    names = None
    if above:
        titles = split_line(above[-1].lstrip("#%/ "), delimiter)
        if len(titles) == width and not any(_is_number(title) for title in titles):
            names = tuple(titles)
            above.pop()
    rows = [_split(line, delimiter, decimal_comma) for line in lines[first:]]
    rows = [row for row in rows if len(row) == width]
    clock_text = not _is_number(rows[0][0]) and parse_clock(rows[0][0]) is not None
    head = np.array([[_number(cell, clock_text) for cell in row] for row in rows], np.float64)
    layout = Layout(delimiter, width, first + 1, decimal_comma, clock_text)
    return Shape(layout, names, head, tuple(above))


def _number(cell: str, clock_text: bool) -> float:
    value = parse_cell(cell)
    if value is None and clock_text:
        value = parse_clock(cell)
    return float("nan") if value is None else value
