"""The numbers in a publisher's table, whatever separates them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray
from gaitcue.recording.datasets.files import File
from gaitcue.recording.numbers import parse_block, parse_cell

PIECE_BYTES = 1 << 18
"""Bytes parsed at a time: small enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of a file are written.

    `width` cells in a row, parted by one `separator`, after `header` lines; the bytes in `drop`
    carry nothing (blanks, a closing semicolon).
    """

    width: int
    header: int = 0
    separator: bytes = b","
    drop: bytes = b""


def read_numbers(file: File, table: Table) -> FloatArray:
    """All rows of a file, (n, width), NaN where a cell is empty or says so.

    Raises
    ------
    InputError
        When there is no row, or a line is not `width` numbers; it names the line.
    """
    text = _rows_of(file, table)
    parts: list[FloatArray] = []
    start, line = 0, table.header + 1
    while start < len(text):
        end = text.rfind(b"\n", start, start + PIECE_BYTES) + 1
        if not end:
            end = text.index(b"\n", start) + 1
        piece = text[start:end]
        values = parse_block(piece, table.width)
        parts.append(_line_by_line(file, piece, line, table) if values is None else values)
        line += piece.count(b"\n")
        start = end
    return np.concatenate(parts)


def read_flags(file: File, table: Table, count: int) -> NDArray[np.uint8]:
    """The last `count` cells of each row, (n, count), each of them a single digit.

    Much faster than reading all the numbers, for labels that are wanted before the motion is.

    Raises
    ------
    InputError
        When there is no row, or a line does not end like that; it names the line.
    """
    data = np.frombuffer(_rows_of(file, table), np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    back = 2 * np.arange(count, 0, -1) - 1
    at = ends[:, None] - back
    flags: NDArray[np.uint8] = data[np.maximum(at, 0)] - np.uint8(
        ord("0")
    )  # uint8 wraps: all but digits exceed 9
    commas = data[np.maximum(at - 1, 0)] == ord(",")
    wrong = (flags > 9).any(axis=1) | ~commas.all(axis=1)
    if wrong.any():
        line = table.header + 1 + int(np.argmax(wrong))
        raise InputError(f"{file}, line {line}: expected {count} labels of one digit at its end")
    return flags


def count_rows(file: File, table: Table) -> int:
    """How many rows there are.

    Raises
    ------
    InputError
        When there is none.
    """
    return _rows_of(file, table).count(b"\n")


def _rows_of(file: File, table: Table) -> bytes:
    """The text from the first row on, with commas between cells and a newline after every row."""
    text = file.read()
    for _ in range(table.header):
        text = text.partition(b"\n")[2]
    mapping = bytes.maketrans(table.separator, b",")
    text = text.translate(mapping, b"\r" + table.drop).rstrip(b"\n\t ")
    if not text:
        raise InputError(f"{file} holds no rows of motion: it is empty or only a header")
    return text + b"\n"


def _line_by_line(file: File, piece: bytes, first_line: int, table: Table) -> FloatArray:
    """The slow way, for text with unusual numbers, and to tell which line is wrong."""
    rows: list[list[float]] = []
    for line, raw in enumerate(piece.split(b"\n")[:-1], first_line):
        cells = raw.decode("utf-8", "replace").split(",")
        values = [parse_cell(cell) for cell in cells]
        if len(cells) != table.width or None in values:
            shown = raw.decode("utf-8", "replace")[:60]
            raise InputError(
                f"{file}, line {line}: expected {table.width} numbers, found {shown!r}; "
                "the file is damaged or cut short"
            )
        rows.append([value for value in values if value is not None])
    return np.array(rows, np.float64).reshape(-1, table.width)
