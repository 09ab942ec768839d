"""Fields of a publisher's JSON and CSV side files, checked as they are taken."""

import csv
import json
from typing import Any

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray
from gaitcue.recording.datasets.files import File


def read_object(file: File) -> dict[str, Any]:
    """The JSON object that a file holds.

    Raises
    ------
    InputError
        When it is not one.
    """
    try:
        content = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not readable as JSON: {error}") from error
    if not isinstance(content, dict):
        raise InputError(f"{file}: expected one JSON object")
    return content


def number(record: dict[str, Any], field: str, file: File) -> float:
    """A number.

    Raises
    ------
    InputError
        When there is no such number.
    """
    value = record.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise InputError(f"{file}: expected a number as {field!r}, found {value!r}")
    return float(value)


def height(record: dict[str, Any], metres_per_unit: float) -> float | None:
    """The field `Height`, m; None when it is not told."""
    value = record.get("Height")
    if not isinstance(value, int | float) or not 1 < value * metres_per_unit < 2.5:
        return None
    return value * metres_per_unit


def pairs(record: dict[str, Any], field: str, file: File) -> FloatArray:
    """A list of [start, end] with start before end, (n, 2), in order of start.

    Raises
    ------
    InputError
        When it is not one.
    """
    try:
        values = np.array(record.get(field), dtype=np.float64)
        values = values.reshape(-1, 2) if values.size else np.empty((0, 2))
    except (ValueError, TypeError, OverflowError):
        values = np.full((1, 2), np.nan)
    if not (values[:, 1] > values[:, 0]).all() or not np.isfinite(values).all():
        raise InputError(f"{file}: expected a list of [start, end] as {field!r}")
    order = np.argsort(values[:, 0], kind="stable")
    ordered: FloatArray = values[order]
    return ordered


def read_records(file: File, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV file with a header line, by the names in it; missing cells are empty.

    Raises
    ------
    InputError
        When it is not such a file.
    """
    text = file.read().decode("utf-8-sig", "replace")
    lines = text.splitlines(keepends=True)
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"{file} is not readable as CSV: {error}") from error
    if not rows:
        raise InputError(f"{file} is empty")
    names = rows[0]
    return [
        dict(zip(names, row + [""] * (len(names) - len(row)), strict=False)) for row in rows[1:]
    ]
