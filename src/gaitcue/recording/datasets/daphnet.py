"""Daphnet Freezing of Gait: accelerometers at ankle, thigh and hip of people with Parkinson's.

Bächlin M et al. (2010) IEEE Trans Inf Technol Biomed 14(2):436-446. Files ``S<ss>R<rr>.txt``:
time in ms, acceleration of the three sensors in mg (forward, vertical, lateral), and a label:
0 not part of the experiment, 1 no freeze, 2 freeze.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.imu import STANDARD_GRAVITY, Placement
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import flagged, in_order
from gaitcue.recording.datasets.rows import Table, read_flags, read_numbers
from gaitcue.recording.model import Kind, Recording, Sensor

RATE = 64.0
"""Hz."""

START = 1 / RATE
"""s; the first row of every file is one sample after 0 (its stamp is cut to 15 ms)."""

MG = STANDARD_GRAVITY / 1000
"""m/s² in one mg."""

TABLE = Table(width=11, separator=b" ")
SENSORS = {
    "ankle": (1, Placement.SHANK),
    "thigh": (4, Placement.THIGH),
    "trunk": (7, Placement.WAIST),
}
"""First column and placement of each; the "trunk" sensor is worn at the hip, on the belt."""

_NAME = re.compile(r"(S\d\d)R\d\d\.txt")
_FIRST_LINE = re.compile(rb"\d+( -?\d+){9} [012]\r?\n")


def _main_file(file: File) -> File | None:
    return file if _NAME.fullmatch(file.name) and _FIRST_LINE.match(file.head()) else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        labels = read_flags(file, TABLE, 1)[:, 0]
        freezes = flagged(labels == 2, Kind.FREEZE, rate=RATE, start=START)
        excluded = flagged(labels == 0, Kind.EXCLUDED, rate=RATE, start=START)
        yield Recording(
            name=file.stem,
            subject=file.name[:3],
            sensors=tuple(_sensor(file, name) for name in SENSORS),
            annotations=in_order(freezes + excluded),
            annotated=frozenset({Kind.FREEZE, Kind.EXCLUDED}),
            source=DAPHNET.name,
        )


def _sensor(file: File, name: str) -> Sensor:
    column, placement = SENSORS[name]
    return array_sensor(
        name,
        partial(_load, file, column),
        rate=RATE,
        placement=placement,
        gyroscope=False,
    )


def _load(file: File, column: int) -> Motion:
    rows = read_numbers(file, TABLE)
    acc = rows[:, column : column + 3]
    # A sensor that is not connected is written as 0 0 0, which gravity forbids as a measurement.
    acc[(acc == 0).all(axis=1)] = np.nan
    return Motion(acc * MG, start=START)


DAPHNET = Dataset("daphnet", _main_file, _read)
