"""gaitmap's example data: a sensor on each foot, and the feet's path by motion capture.

Küderle A et al. (2024) gaitmap, IEEE Open J Eng Med Biol 5:163-172; folder ``example_data`` of its
repository. m/s² and °/s. The walk of 2 x 20 m comes twice: as measured (``not_rotated``) and turned
into gaitmap's foot axes; read is the former, the latter only where it is asked for alone.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets import gaitmap_strides
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor

FAST, SLOW = 204.8, 102.4
"""Hz."""

AXES = ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")

WALK = "imu_sample_not_rotated.csv"
ROTATED_WALK = "imu_sample.csv"
WALKS_BY_CONTACT = "imu_sample_ic_stride.csv"
MS_LEFT, MS_RIGHT = "imu_sample_ms_left.csv", "imu_sample_ms_right.csv"

RECORDINGS = {
    WALK: ("healthy", "2 x 20 m walk", FAST),
    ROTATED_WALK: ("healthy", "2 x 20 m walk", FAST),
    "imu_sample_healthy_stair_down.csv": ("healthy stairs", "walking down a staircase", FAST),
    "imu_sample_healthy_stair_up.csv": ("healthy stairs", "walking up a staircase", FAST),
    WALKS_BY_CONTACT: ("ic stride", "short walks", SLOW),
    MS_LEFT: ("ms", "multiple sclerosis, walking", SLOW),
}
"""Whose, what and at which rate in Hz; the publisher names people by nothing else."""

HEALTHY = ("healthy", "healthy stairs")

_HEADER = re.compile(rb"(sensor)?,(left|right)_sensor,|,index,acc_x,acc_y,acc_z,")


def _main_file(file: File) -> File | None:
    if file.name not in (*RECORDINGS, MS_RIGHT) or not _HEADER.match(file.head()):
        return None
    if file.name == MS_RIGHT:
        return file.beside(MS_LEFT) or file
    return file


def _read(files: Iterable[File]) -> Iterator[Recording]:
    chosen = list(files)
    as_measured = {str(file.folders[0]) for file in chosen if file.name == WALK}
    for file in chosen:
        if file.name == ROTATED_WALK and str(file.folders[0]) in as_measured:
            continue
        subject, condition, rate = RECORDINGS[MS_LEFT if file.name == MS_RIGHT else file.name]
        annotations, annotated = _reference(file, rate)
        if subject in HEALTHY:
            annotated |= {Kind.FREEZE}
        yield Recording(
            name=file.stem.removesuffix("_left"),
            subject=subject,
            sensors=tuple(_sensors(file, rate)),
            annotations=annotations,
            annotated=annotated,
            condition=condition,
            source=GAITMAP_EXAMPLE.name,
        )


def _reference(file: File, rate: float) -> tuple[tuple[Annotation, ...], frozenset[Kind]]:
    """What is known of the strides: by motion capture, by their borders, or nothing."""
    events, path = file.beside("stride_events_sample.csv"), file.beside("mocap_sample.csv")
    borders = file.beside("stride_borders_sample_ic_stride.csv")
    if file.name in (WALK, ROTATED_WALK) and events and path:
        return gaitmap_strides.by_motion_capture(events, path, rate)
    if file.name == WALKS_BY_CONTACT and borders:
        return gaitmap_strides.by_borders(borders, rate)
    return (), frozenset()


def _sensors(file: File, rate: float) -> Iterator[Sensor]:
    if file.name in (MS_LEFT, MS_RIGHT):
        for side in (Side.LEFT, Side.RIGHT):
            one = file.beside(f"imu_sample_ms_{side}.csv")
            if one is not None:
                yield _sensor(one, side, Table(width=8, header=1), list(range(2, 8)), rate)
        return
    sensors, axes = _header(file)
    table = Table(width=len(axes), header=2)
    for side in (Side.LEFT, Side.RIGHT):
        where = {
            axis: column
            for column, axis in enumerate(axes)
            if column < len(sensors) and sensors[column] == f"{side}_sensor"
        }
        if not set(AXES) <= set(where):
            raise InputError(f"{file}: expected {', '.join(AXES)} of the {side} sensor in line 2")
        yield _sensor(file, side, table, [where[axis] for axis in AXES], rate)


def _header(file: File) -> tuple[list[str], list[str]]:
    """The sensor and the axis of each column."""
    lines = file.head().decode("utf-8", "replace").splitlines()[:2]
    cells = [next(csv.reader([line]), []) for line in lines]
    if len(cells) < 2:
        raise InputError(f"{file}, line 2: expected the axis of each column")
    return cells[0], cells[1]


def _sensor(file: File, side: Side, table: Table, columns: list[int], rate: float) -> Sensor:
    return array_sensor(
        f"{side}_foot",
        partial(_load, file, table, columns),
        rate=rate,
        placement=Placement.FOOT,
        side=side,
        gyroscope=True,
    )


def _load(file: File, table: Table, columns: list[int]) -> Motion:
    values = read_numbers(file, table)[:, columns]
    return Motion(values[:, :3], np.radians(values[:, 3:]))


GAITMAP_EXAMPLE = Dataset("gaitmap_example", _main_file, _read)
