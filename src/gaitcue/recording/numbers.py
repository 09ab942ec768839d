"""Turning the text of a table into numbers: fast, exact to the last bit, and strict."""

import io

import numpy as np
from numpy.typing import NDArray
from scipy.io import mmread

from gaitcue.imu import FloatArray

LARGEST = 1e30
"""In any unit, no sensor or clock says more; a larger number is a broken one."""

_SEPARATOR, _SIGN, _DOT, _EXPONENT = range(4)
_CLASS = np.zeros(256, np.uint8)
_CLASS[[ord("-"), ord("+")]] = _SIGN
_CLASS[ord(".")] = _DOT
_CLASS[[ord("e"), ord("E")]] = _EXPONENT


def parse_block(text: bytes, width: int) -> FloatArray | None:
    """Parse lines of `width` comma-separated decimal numbers; an empty cell is NaN.

    Every line must end with a newline. Returns (lines, width), or None when anything at all is
    not a plain decimal number in its place, so that the caller can look at it line by line.
    """
    data = np.frombuffer(text, np.uint8)
    mark_at = np.flatnonzero((data - np.uint8(ord("0"))) > 9)  # uint8 wraps: all but the digits
    marks = data[mark_at]
    kinds = _CLASS[marks]
    separators = kinds == _SEPARATOR
    ends = marks[separators]
    if len(ends) % width or not len(ends):
        return None
    ends = ends.reshape(-1, width)
    if (ends[:, :-1] != ord(",")).any() or (ends[:, -1] != ord("\n")).any():
        return None
    if not _well_formed(mark_at, kinds):
        return None
    cells = text.replace(b",", b"\n")
    start_at = np.concatenate([[0], mark_at[separators][:-1] + 1])
    if (np.diff(start_at, append=len(text)) == 1).any():
        cells = b"\n" + cells
        cells = cells.replace(b"\n\n", b"\nnan\n").replace(b"\n\n", b"\nnan\n")[1:]
    values = _read_cells(cells, ends.size)
    if values is None:
        return None
    zero = values == 0
    if zero.any():  # the reader adds to zeros, so that it loses the sign of -0.0
        values[zero & (data[start_at] == ord("-"))] = -0.0
    return values.reshape(-1, width)


def _read_cells(cells: bytes, count: int) -> FloatArray | None:
    """Read numbers that stand one a line.

    scipy's reader of Matrix Market files is compiled and rounds correctly, and takes a quarter of
    the time of NumPy's text readers.
    """
    header = b"%%%%MatrixMarket matrix array real general\n%d 1\n" % count
    try:
        values: FloatArray = np.asarray(mmread(io.BytesIO(header + cells))).reshape(-1)
    except (ValueError, OverflowError):
        return None
    return values if not (np.abs(values) > LARGEST).any() else None


def parse_cell(cell: str) -> float | None:
    """One cell as a number, NaN when it is empty or says so, None when it is neither."""
    cell = cell.strip()
    if not cell or cell.lower() in ("nan", "na", "n/a", "null"):
        return float("nan")
    try:
        value = float(cell) if "_" not in cell else None
    except ValueError:
        return None
    return value if value is not None and abs(value) <= LARGEST else None


def _well_formed(mark_at: NDArray[np.int64], kinds: NDArray[np.uint8]) -> bool:
    """Whether all that stands between separators is one decimal number or nothing.

    Each mark that is not a digit is judged by the two marks before it and by whether digits stand
    between them.
    """
    at = np.concatenate([[-2, -1], mark_at])
    kind = np.concatenate([np.zeros(2, np.uint8), kinds])
    digits = (np.diff(at) > 1).astype(np.uint8)
    digits[0] = 0
    code = kind[:-2] << 6 | digits[:-1] << 5 | kind[1:-1] << 3 | digits[1:] << 2 | kind[2:]
    return bool(_ALLOWED[code].all())


def _allowed() -> NDArray[np.bool_]:
    """For each code of (mark, digits?, mark, digits?, mark) whether the last mark may stand."""
    table = np.zeros(256, bool)
    for code in range(256):
        older, older_digits = code >> 6, bool(code >> 5 & 1)
        mark, digits, last = code >> 3 & 3, bool(code >> 2 & 1), code & 3
        in_exponent = mark == _EXPONENT or (mark == _SIGN and older == _EXPONENT)
        has_digits = digits or (mark == _DOT and older_digits)
        table[code] = {
            _SIGN: not digits and mark in (_SEPARATOR, _EXPONENT),
            _DOT: not in_exponent and mark in (_SEPARATOR, _SIGN),
            _EXPONENT: not in_exponent and has_digits,
            _SEPARATOR: has_digits or mark == _SEPARATOR,
        }[last]
    return table


_ALLOWED = _allowed()
