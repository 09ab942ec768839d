"""Which columns of a table are time, acceleration and angular rate."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray
from gaitcue.recording.formats import words
from gaitcue.recording.formats.shape import Shape
from gaitcue.recording.units import typical_size, unit_by_gravity

STEADY = 0.5
"""Share of its median by which the length of a worn sensor's acceleration usually varies less."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers of columns, from 0; `counter` says that `time` counts samples."""

    time: int | None
    counter: bool
    acc: tuple[int, int, int]
    gyr: tuple[int, int, int] | None


def find_columns(path: Path, shape: Shape, told: tuple[str, ...] | None) -> Columns:
    """Find the columns, by what the user `told`, by their names, or by their looks.

    Raises
    ------
    InputError
        When they cannot be told apart.
    """
    if told is not None:
        return _told(path, shape, told)
    time, counter = _time_column(shape)
    named = _named(path, shape) if shape.names else None
    if named is not None:
        return Columns(time, counter, *named)
    return Columns(time, counter, *_by_looks(path, shape, time))


def _told(path: Path, shape: Shape, told: tuple[str, ...]) -> Columns:
    """The columns the user named."""
    if len(told) not in (3, 4, 6, 7):
        raise InputError(
            "--columns takes 3 columns of acceleration, then 3 of angular rate if there are any, "
            f"led by the time column if there is one: 3, 4, 6 or 7 in all, not {len(told)}"
        )
    numbers = [_number(path, shape, name) for name in told]
    time = numbers.pop(0) if len(numbers) in (4, 7) else None
    counter = time is not None and _counts(shape, time)
    a, b, c, *rest = numbers
    return Columns(time, counter, (a, b, c), (rest[0], rest[1], rest[2]) if rest else None)


def _number(path: Path, shape: Shape, name: str) -> int:
    if shape.names and name in shape.names:
        return shape.names.index(name)
    if name.isdecimal() and 1 <= int(name) <= shape.layout.width:
        return int(name) - 1
    known = ", ".join(shape.names) if shape.names else "no names"
    raise InputError(
        f"{path} has no column {name!r}: it has {shape.layout.width} columns ({known}); give "
        "names, or numbers from 1"
    )


def _time_column(shape: Shape) -> tuple[int | None, bool]:
    """The column that advances, and whether it counts samples."""
    if shape.names:
        for number, name in enumerate(shape.names):
            if words.is_counter(name):
                return number, True
        for number, name in enumerate(shape.names):
            if words.is_time(name):
                return number, _counts(shape, number)
    if shape.layout.clock_text:
        return 0, False
    column = shape.head[:, 0]
    steps = np.diff(column[np.isfinite(column)])
    if len(steps) >= 2 and (steps >= 0).mean() > 0.99 and (steps > 0).any():
        return 0, _counts(shape, 0)
    return None, False


def _counts(shape: Shape, number: int) -> bool:
    """Whether a column goes up by one from row to row."""
    column = shape.head[:, number]
    steps = np.diff(column[np.isfinite(column)])
    return len(steps) > 0 and bool((steps == 1).mean() > 0.5)


_Triples = tuple[tuple[int, int, int], tuple[int, int, int] | None]


def _named(path: Path, shape: Shape) -> _Triples | None:
    """Acceleration and angular rate by the names of columns; None when names do not tell."""
    groups: dict[str, dict[int, int]] = {}
    for number, name in enumerate(shape.names or ()):
        found = words.axis_in(name)
        if found is not None:
            groups.setdefault(found[0], {}).setdefault(found[1], number)
    whole = {stem: axes for stem, axes in groups.items() if len(axes) == 3}
    gyr = {stem: axes for stem, axes in whole.items() if words.is_gyr(stem)}
    acc = {s: axes for s, axes in whole.items() if words.is_acc(s) and s not in gyr}
    if len(acc) > 1 or len(gyr) > 1:
        many = acc if len(acc) > 1 else gyr
        raise InputError(
            f"{path} holds more than one sensor ({', '.join(many)}): pass --columns with the three "
            "columns of acceleration, then the three of angular rate, of the one to read"
        )
    if gyr and not acc:
        raise InputError(
            f"{path} names columns of angular rate but none of acceleration: if there are some, "
            "pass --columns"
        )
    if not acc:
        return None
    return _triple(next(iter(acc.values()))), (_triple(next(iter(gyr.values()))) if gyr else None)


def _triple(axes: dict[int, int]) -> tuple[int, int, int]:
    return axes[0], axes[1], axes[2]


def _by_looks(path: Path, shape: Shape, time: int | None) -> _Triples:
    """Acceleration is the three neighbouring columns that together keep the size of gravity."""
    strays: dict[int, float] = {}
    for first in range(shape.layout.width - 2):
        if time in range(first, first + 3):
            continue
        stray = _stray_from_gravity(shape.head[:, first : first + 3])
        if stray < STEADY:
            strays[first] = stray
    if not strays or max(strays) - min(strays) >= 3:
        raise InputError(
            f"cannot tell which columns of {path} are acceleration: pass --columns with the three "
            "of acceleration, then the three of angular rate if there are any"
        )
    first = min(strays, key=strays.__getitem__)
    taken = {time, *range(first, first + 3)}
    rest = [number for number in range(shape.layout.width) if number not in taken]
    gyr = (rest[0], rest[1], rest[2]) if len(rest) == 3 else None
    return (first, first + 1, first + 2), gyr


def _stray_from_gravity(acc: FloatArray) -> float:
    """By what share the length of vectors (n, 3) usually strays from gravity in some unit."""
    size = typical_size(acc)
    if size is None or unit_by_gravity(size) is None:
        return np.inf
    lengths = np.linalg.norm(acc[~np.isnan(acc).any(axis=1)], axis=1)
    return float(np.median(np.abs(lengths - size)) / size)
