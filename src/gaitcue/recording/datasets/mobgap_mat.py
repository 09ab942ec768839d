"""Mobilise-D's .mat files: structs within structs, down to one trial and its sensor."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.io import loadmat

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray
from gaitcue.recording.datasets.files import File

HEADER_BYTES = 128
COMPRESSED = 15
"""Type of a compressed element."""

Struct = dict[str, Any]
"""A MATLAB struct by its fields; a struct array is a list of them."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: where in the file it is, and what its reference systems measured."""

    key: tuple[str, ...]
    standards: Struct


def trials(file: File) -> Iterator[Trial]:
    """The trials with a sensor on the lower back, in the order of the file.

    Raises
    ------
    InputError
        When the file is damaged or has none.
    """
    found = False
    for measure, tests in _structs(_load(file, "data")):
        for test, repeats in _structs(tests):
            for repeat, trial in _structs(repeats):
                if not isinstance(_field(trial, "SU", "LowerBack"), dict):
                    continue
                found = True
                standards = trial.get("Standards")
                standards = standards if isinstance(standards, dict) else {}
                yield Trial((measure, test, repeat), standards)
    if not found:
        raise InputError(f"{file} holds no trial with a sensor on the lower back")


def motion(file: File, key: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """Acceleration (n, 3) g and angular rate (n, 3) °/s of a trial's lower back.

    Raises
    ------
    InputError
        When the file is damaged or does not hold them.
    """
    sensor = _field(_load(file, "data"), *key, "SU", "LowerBack")
    acc, gyr = (_field(sensor, name) for name in ("Acc", "Gyr"))
    whole = isinstance(acc, np.ndarray) and isinstance(gyr, np.ndarray)
    if not whole or acc.shape != gyr.shape or acc.ndim != 2 or acc.shape[1] != 3:
        raise InputError(f"{file}: expected Acc and Gyr with three columns in {' '.join(key)}")
    return acc.astype(np.float64), gyr.astype(np.float64)


def height(file: File) -> float | None:
    """The person's height, m, from ``infoForAlgo.mat`` beside; None when it does not tell.

    Raises
    ------
    InputError
        When that file is damaged.
    """
    info = file.beside("infoForAlgo.mat")
    if info is None:
        return None
    for _, measure in _structs(_load(info, "infoForAlgo")):
        value = measure.get("Height")
        if isinstance(value, int | float) and 100 < value < 250:
            return value / 100
    return None


def _load(file: File, variable: str) -> Struct:
    raw = file.read()
    _check_whole(raw, file)
    stream = io.BytesIO(raw)
    try:
        content = loadmat(stream, simplify_cells=True).get(variable)  # type: ignore[arg-type]
    except Exception as error:  # scipy raises anything at all on damaged bytes
        raise InputError(f"{file} is not a readable MATLAB file: {error}") from error
    if not isinstance(content, dict):
        raise InputError(f"{file}: expected a struct called {variable}")
    return content


def _check_whole(raw: bytes, file: File) -> None:
    """Refuse a file whose checksums do not fit: scipy's reader can crash on damaged bytes.

    After a header of `HEADER_BYTES` each variable is a tag (type and length, 4 bytes each) and a
    zlib stream with its checksum ("MAT-File Format", MathWorks, level 5, compressed elements).
    """
    at = HEADER_BYTES
    try:
        while at < len(raw):
            kind, length = struct.unpack_from("<II", raw, at)
            behind = at + 8 + length
            if kind != COMPRESSED or behind > len(raw):
                raise ValueError(f"damaged at byte {at}")  # noqa: TRY301
            zlib.decompress(raw[at + 8 : behind])
            at = behind
    except (ValueError, struct.error, zlib.error) as error:
        raise InputError(
            f"{file} is not a whole MATLAB file of version 7, as the publisher writes them: {error}"
        ) from error


def _structs(parent: Struct) -> Iterator[tuple[str, Struct]]:
    """The fields that are structs themselves."""
    for name, child in parent.items():
        if isinstance(child, dict):
            yield name, child


def _field(parent: object, *names: str) -> Any:
    for name in names:
        parent = parent.get(name) if isinstance(parent, dict) else None
    return parent
