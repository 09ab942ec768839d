"""Turning in place: two minutes of turning on the spot with freezing, and quiet standing.

Ribeiro De Souza C et al. (2022) Front Neurosci 16:832463, data figshare 14984667. Files
``IMU/SUB<nn>_<session>.txt`` and ``SUB<nn>_standing.txt``: one Physilog on the shank of the more
affected side, acceleration in g and angular rate in °/s; ``PDFEinfo.csv`` describes the people.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.imu import STANDARD_GRAVITY, Placement, Side
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.fields import read_records
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import activity, flagged, in_order
from gaitcue.recording.datasets.rows import Table, count_rows, read_flags, read_numbers
from gaitcue.recording.model import Annotation, Kind, Recording

RATE = 128.0
"""Hz."""

START = 1 / RATE
"""s; time of the first frame, which has the number 1."""

HEADER = b"Frame #\tTime [s]\tACC ML [g]\tACC AP [g]\tACC SI [g]\tGYR ML [deg/s]"
FLAG = b"\tFreezing event [flag]"

_NAME = re.compile(r"SUB(\d\d)_(\d|standing)\.txt")
_SIDES = {"Left": Side.LEFT, "Right": Side.RIGHT}


def _main_file(file: File) -> File | None:
    return file if _NAME.fullmatch(file.name) and file.head().startswith(HEADER) else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        name = _NAME.fullmatch(file.name)
        assert name is not None  # noqa: S101 - a main file is called like that
        number, session = name.groups()
        person = _person(file, f"PDFE{number}")
        flags = file.head().partition(b"\n")[0].rstrip().endswith(FLAG)
        table = Table(width=9 if flags else 8, header=1, separator=b"\t")
        side = _SIDES.get(person.get("More affected side", ""), Side.NONE)
        sensor = array_sensor(
            "shank",
            partial(_load, file, table),
            rate=RATE,
            placement=Placement.SHANK,
            side=side,
            gyroscope=True,
            device="Physilog",
        )
        annotations, annotated = _labels(file, table, flags=flags)
        yield Recording(
            name=file.stem,
            subject=f"PDFE{number}",
            sensors=(sensor,),
            annotations=annotations,
            annotated=annotated,
            height=_metres(person.get("Height (m)", "")),
            condition="quiet standing" if not flags else f"turning in place, session {session}",
            source=TURNING_IN_PLACE.name,
        )


def _labels(
    file: File, table: Table, *, flags: bool
) -> tuple[tuple[Annotation, ...], frozenset[Kind]]:
    """The freezes of turning; in quiet standing nobody tries to step, so nobody freezes."""
    if not flags:
        standing = activity("quiet standing", count_rows(file, table) / RATE, START)
        return (standing,), frozenset({Kind.ACTIVITY, Kind.FREEZE, Kind.WALKING_BOUT})
    frozen = read_flags(file, table, 1)[:, 0] == 1
    turning = activity("turning in place", len(frozen) / RATE, START)
    freezes = flagged(frozen, Kind.FREEZE, rate=RATE, start=START)
    return in_order([turning, *freezes]), frozenset({Kind.ACTIVITY, Kind.FREEZE})


def _person(file: File, identity: str) -> dict[str, str]:
    """What ``PDFEinfo.csv`` tells of a person; empty when it is not there."""
    info = file.above("PDFEinfo.csv")
    people = read_records(info, ";") if info else []
    return next((person for person in people if person.get("ID") == identity), {})


def _metres(cell: str) -> float | None:
    try:
        height = float(cell.replace(",", "."))
    except ValueError:
        return None
    return height if 1 < height < 2.5 else None


def _load(file: File, table: Table) -> Motion:
    rows = read_numbers(file, table)
    return Motion(
        rows[:, 2:5] * STANDARD_GRAVITY, np.radians(rows[:, 5:8]), stamps=rows[:, 0] / RATE
    )


TURNING_IN_PLACE = Dataset("turning_in_place", _main_file, _read)
