"""Streaming the numbers of a delimited text file, a bounded piece at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray
from gaitcue.recording.model import BLOCK_ROWS
from gaitcue.recording.numbers import parse_block, parse_cell

READ_BYTES = 1 << 18
"""Bytes read at a time: small enough to stay in the processor's cache."""

LONGEST_LINE = 1 << 16
"""Bytes; a row of numbers is far shorter, so a longer line is not one."""

_SPACES = re.compile(rb"[ \t]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a file are written.

    `delimiter` is one of ``,``, ``;``, a tab, or a space for any run of blanks; `width` is the
    number of cells in a row, and `first_line` (from 1) the line of the first row. With
    `clock_text` the first of the columns read is a date and time in ISO 8601.
    """

    delimiter: str
    width: int
    first_line: int
    decimal_comma: bool = False
    clock_text: bool = False


@dataclass(slots=True)
class Rows:
    """Consecutive rows: `values` (n, columns), and which of them could not be read.

    `bad` counts rows whose cells are NaN because they are not what they should be; `bad_line` is
    the line of the first one, and `cut_line` that of a last row which breaks off.
    """

    values: FloatArray
    bad: int = 0
    bad_line: int | None = None
    cut_line: int | None = None


@dataclass(slots=True)
class _Piece:
    text: bytes
    first_line: int
    whole: bool = field(default=True)
    """False for what stands after the last newline of the file."""


def read_rows(
    path: Path, layout: Layout, columns: list[int], *, ends_with_newline: bool = False
) -> Iterator[Rows]:
    """Read the numbered `columns` (from 0) in batches of up to `BLOCK_ROWS` rows.

    With `ends_with_newline` the writer is known to end every line, so that a last line without
    its end is a row that was cut off, whatever it looks like.

    Raises
    ------
    InputError
        When the file cannot be read, or most of its first rows are not numbers.
    """
    waiting: list[Rows] = []
    count = 0
    first = True
    for piece in _pieces(path, layout):
        if not piece.whole and ends_with_newline:
            rows = Rows(np.empty((0, len(columns))), cut_line=piece.first_line)
        else:
            rows = _parse(piece, layout, columns)
        if first and rows.bad > len(rows.values) / 2:
            raise InputError(
                f"{path}, line {rows.bad_line}: expected {layout.width} numbers in each row; this "
                "is not a table of motion"
            )
        first = False
        waiting.append(rows)
        count += len(rows.values)
        while count >= BLOCK_ROWS:
            joined = _join(waiting, len(columns))
            yield Rows(joined.values[:BLOCK_ROWS], joined.bad, joined.bad_line, joined.cut_line)
            waiting = [Rows(joined.values[BLOCK_ROWS:])]
            count -= BLOCK_ROWS
    last = _join(waiting, len(columns))
    if len(last.values) or last.cut_line is not None:
        yield last


def _join(parts: list[Rows], columns: int) -> Rows:
    """One batch out of several."""
    if not parts:
        return Rows(np.empty((0, columns)))
    return Rows(
        np.concatenate([part.values for part in parts]),
        sum(part.bad for part in parts),
        next((part.bad_line for part in parts if part.bad_line is not None), None),
        parts[-1].cut_line,
    )


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises
    ------
    InputError
        When the system refuses.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def _pieces(path: Path, layout: Layout) -> Iterator[_Piece]:
    """The text from the first row on, cut at ends of lines."""
    line = 1
    rest = b""
    with open_bytes(path) as file:
        while True:
            try:
                read = file.read(READ_BYTES)
            except OSError as error:
                raise InputError(f"cannot read {path}: {error.strerror}") from error
            cut = read.rfind(b"\n") + 1
            text, rest = (rest + read[:cut], read[cut:]) if cut else (b"", rest + read)
            if len(rest) > LONGEST_LINE:
                at = line + text.count(b"\n")
                raise InputError(f"{path}, line {at} is too long to be a row of numbers")
            while text and line < layout.first_line:
                text = text[text.index(b"\n") + 1 :]
                line += 1
            if text:
                yield _Piece(text, line)
                line += text.count(b"\n")
            if not read:
                break
    if rest.strip() and line >= layout.first_line:
        yield _Piece(rest + b"\n", line, whole=False)


def _parse(piece: _Piece, layout: Layout, columns: list[int]) -> Rows:
    """The numbers of a piece of text; line by line only where it is not all plain numbers."""
    text = piece.text.replace(b"\r\n", b"\n") if b"\r" in piece.text else piece.text
    if not layout.clock_text:
        plain = _with_commas(text, layout)
        values = parse_block(plain, layout.width)
        if values is None and b"n" in plain:
            values = parse_block(plain.replace(b"NaN", b"").replace(b"nan", b""), layout.width)
        if values is not None:
            return Rows(values if columns == list(range(layout.width)) else values[:, columns])
    return _parse_lines(text, piece, layout, columns)


def _with_commas(text: bytes, layout: Layout) -> bytes:
    """The text with its cells separated by commas and its decimals by points."""
    if layout.delimiter == ",":
        return text
    if layout.decimal_comma:
        text = text.replace(b",", b".")
    if layout.delimiter == " ":
        text = _SPACES.sub(b" ", text).replace(b"\n ", b"\n").replace(b" \n", b"\n").lstrip(b" ")
    elif b" " in text:
        text = text.replace(b" ", b"")
    return text.replace(layout.delimiter.encode(), b",")


def _parse_lines(text: bytes, piece: _Piece, layout: Layout, columns: list[int]) -> Rows:
    rows: list[list[float]] = []
    result = Rows(np.empty((0, len(columns))))
    for number, raw in enumerate(text.split(b"\n")[:-1], piece.first_line):
        line = raw.decode("utf-8", "replace")
        if not line.strip():
            continue
        cells = split_line(line, layout.delimiter, decimal_comma=layout.decimal_comma)
        complete = len(cells) == layout.width
        if not complete and not piece.whole:
            result.cut_line = number
            break
        values = _convert(cells, layout, columns) if complete else [None] * len(columns)
        if None in values:
            result.bad += 1
            result.bad_line = number if result.bad_line is None else result.bad_line
        rows.append([float("nan") if value is None else value for value in values])
    result.values = np.array(rows, np.float64).reshape(-1, len(columns))
    return result


def split_line(line: str, delimiter: str, *, decimal_comma: bool = False) -> list[str]:
    """The cells of a line, without quotes and blanks about them, with decimal points."""
    cells = line.split() if delimiter == " " else line.rstrip("\r\n").split(delimiter)
    if delimiter != " " and len(cells) > 1 and not cells[-1].strip() and delimiter != ",":
        cells = cells[:-1]  # a delimiter may end the line
    if decimal_comma:
        cells = [cell.replace(",", ".") for cell in cells]
    return [cell.strip().strip('"').strip() for cell in cells]


def _convert(cells: list[str], layout: Layout, columns: list[int]) -> list[float | None]:
    values: list[float | None] = [parse_cell(cells[column]) for column in columns]
    if layout.clock_text:
        values[0] = parse_clock(cells[columns[0]])
    return values


def parse_clock(cell: str) -> float | None:
    """A date and time in ISO 8601 as seconds since 1970; local times are taken as they stand."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()
