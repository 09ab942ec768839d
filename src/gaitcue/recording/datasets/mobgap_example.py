"""Mobilise-D laboratory examples as they come with mobgap: lower back, with reference systems.

Mobilise-D technical validation study, Zenodo 7547125; example data of the mobgap repository.
``data/lab/<cohort>/<subject>/data.mat`` holds all trials of a person with their references;
``data_csv/<cohort>/<subject>/TimeMeasure1_Test<n>_Trial<n>.csv`` the motion of one trial alone,
read only where the person's ``data.mat`` is not there as well. g and °/s.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.imu import STANDARD_GRAVITY, Placement
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets import mobgap_mat
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.mobgap_reference import reference
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor

RATE = 100.0
"""Hz."""

MAT = "data.mat"
HEADER = b"samples,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z"
TABLE = Table(width=7, header=1)

HEALTHY = "HA"
"""Cohort of healthy adults, the only one in which freezing can be ruled out."""

_CSV = re.compile(r"(TimeMeasure\d+)_(\w+)_(Trial\d+)\.csv")


def _main_file(file: File) -> File | None:
    if file.name == MAT and file.beside("infoForAlgo.mat"):
        return file if file.head().startswith(b"MATLAB 5.0 MAT-file") else None
    if not _CSV.fullmatch(file.name):
        return None
    return file if file.head().partition(b"\n")[0].rstrip() == HEADER else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    chosen = list(files)
    whole = {_person(file) for file in chosen if file.name == MAT}
    for file in chosen:
        if file.name == MAT:
            yield from _of_person(file)
        elif _person(file) not in whole:
            trial = _CSV.fullmatch(file.name)
            assert trial is not None  # noqa: S101 - a main file is called like that
            sensor = _sensor(partial(_load_csv, file))
            yield _recording(file, trial.groups(), sensor, (), frozenset(), None)


def _person(file: File) -> tuple[str, str]:
    """Cohort and number, from the folders."""
    names = [folder.name for folder in file.folders[:2]] + ["", ""]
    return names[1], names[0]


def _of_person(file: File) -> Iterator[Recording]:
    """The trials of one person, in the order of the file."""
    height = mobgap_mat.height(file)
    for trial in mobgap_mat.trials(file):
        annotations, annotated = reference(trial.standards)
        sensor = _sensor(partial(_load_mat, file, trial.key))
        yield _recording(file, trial.key, sensor, annotations, annotated, height)


def _recording(
    file: File,
    key: tuple[str, ...],
    sensor: Sensor,
    annotations: tuple[Annotation, ...],
    annotated: frozenset[Kind],
    height: float | None,
) -> Recording:
    cohort, number = _person(file)
    return Recording(
        name="_".join([cohort, number, *key]),
        subject=f"{cohort}_{number}",
        sensors=(sensor,),
        annotations=annotations,
        annotated=annotated | {Kind.FREEZE} if cohort == HEALTHY else annotated,
        height=height,
        condition=" ".join(key),
        source=MOBGAP_EXAMPLE.name,
    )


def _sensor(load: partial[Motion]) -> Sensor:
    return array_sensor(
        "lower_back",
        load,
        rate=RATE,
        placement=Placement.LOWER_BACK,
        gyroscope=True,
        device="McRoberts MM+",
    )


def _load_mat(file: File, key: tuple[str, ...]) -> Motion:
    acc, gyr = mobgap_mat.motion(file, key)
    return Motion(acc * STANDARD_GRAVITY, np.radians(gyr))


def _load_csv(file: File) -> Motion:
    rows = read_numbers(file, TABLE)
    return Motion(rows[:, 1:4] * STANDARD_GRAVITY, np.radians(rows[:, 4:7]))


MOBGAP_EXAMPLE = Dataset("mobgap_example", _main_file, _read)
