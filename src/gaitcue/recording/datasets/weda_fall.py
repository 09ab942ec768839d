"""WEDA-FALL: everyday activities and falls with a watch, people up to 95 years old.

Marques J, Moreno P (2023) Online fall detection using wrist devices, Sensors 23(3):1146. Files
``<activity>/U<subject>_R<trial>_accel.csv`` (m/s², with gravity) and ``_gyro.csv`` (rad/s), each
with its own time stamps, s; the watch delivers in bursts and its two sensors do not keep step. The
set also comes thinned out to 40, 25, 10 and 5 Hz; only the original 50 Hz is read.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gaitcue.errors import InputError
from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray, Placement, Samples
from gaitcue.recording.arrays import grid_samples
from gaitcue.recording.clock import Clock, estimate_clock
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import activity
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Kind, Recording, Sensor, concatenate

RATE = 50.0
"""Hz."""

TABLE = Table(width=4, header=1)
HEADER = b"accel_time_list,accel_x_list,accel_y_list,accel_z_list"

ACTIVITIES = {
    "D01": "walking",
    "D02": "jogging",
    "D03": "stairs",
    "D04": "sitting down and getting up",
    "D05": "collapsing into a chair",
    "D06": "crouching",
    "D07": "stumbling while walking",
    "D08": "jumping to reach high",
    "D09": "hitting a table",
    "D10": "clapping",
    "D11": "opening and closing a door",
}

WITHOUT_STEPS = frozenset({"D04", "D05", "D06", "D09", "D10"})
"""On the spot: whatever is found there is not a step. At a door people may walk a little."""

HEIGHTS = {
    "U01": 1.76, "U02": 1.78, "U03": 1.73, "U04": 1.70, "U05": 1.67, "U06": 1.67, "U07": 1.78,
    "U08": 1.62, "U09": 1.70, "U10": 1.83, "U11": 1.69, "U12": 1.78, "U13": 1.79, "U14": 1.84,
    "U21": 1.70, "U22": 1.53, "U23": 1.60, "U24": 1.52, "U25": 1.73, "U26": 1.75, "U27": 1.71,
    "U28": 1.57, "U29": 1.60, "U30": 1.79, "U31": 1.63,
}  # fmt: skip
"""m, from the publisher's README, which is not part of every copy."""

_NAME = re.compile(r"(U\d\d)_R\d\d_(accel|gyro)\.csv")
_CODE = re.compile(r"[DF]\d\d")
_THINNED = re.compile(r"(40|25|10|5)Hz")


def _main_file(file: File) -> File | None:
    if not _NAME.fullmatch(file.name) or not _CODE.fullmatch(file.folder):
        return None
    if any(_THINNED.fullmatch(folder.name) for folder in file.folders[1:2]):
        return None
    acceleration = file.beside(file.name.replace("gyro", "accel"))
    if acceleration is None or not acceleration.head().startswith(HEADER):
        return None
    return acceleration


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        code, subject = file.folder, file.name[:3]
        gyro = file.beside(file.name.replace("accel", "gyro"))
        stamps = read_numbers(file, TABLE)[:, 0]
        annotated = {Kind.ACTIVITY, Kind.FREEZE}
        if code in WITHOUT_STEPS:
            annotated.add(Kind.WALKING_BOUT)
        what = ACTIVITIES.get(code, f"fall {code}")
        sensor = Sensor(
            name="wrist",
            placement=Placement.WRIST,
            rate=RATE,
            gyroscope=gyro is not None,
            device="Fitbit Sense",
            read=partial(_motion, file, gyro),
        )
        yield Recording(
            name=f"{code}_{file.stem.removesuffix('_accel')}",
            subject=subject,
            sensors=(sensor,),
            annotations=(activity(what, float(np.nanmax(stamps, initial=0.0))),),
            annotated=frozenset(annotated),
            height=HEIGHTS.get(subject),
            condition=what,
            source=WEDA_FALL.name,
        )


def _motion(file: File, gyro: File | None) -> Iterator[Samples | DataProblem]:
    """The acceleration on its grid, with the angular rate measured nearest to each sample."""
    acc, problems = _on_grid(file)
    if gyro is None:
        yield acc
        yield from problems
        return
    rates, more = _on_grid(gyro)
    nearest = _nearest(rates.time, acc.time)
    near = np.abs(rates.time[nearest] - acc.time) <= 1 / RATE
    yield Samples(
        time=acc.time,
        acc=acc.acc,
        gyr=np.where(near[:, None], rates.acc[nearest], np.nan),
        placement=Placement.WRIST,
        rate=RATE,
    )
    yield from problems + more


def _nearest(among: FloatArray, times: FloatArray) -> NDArray[np.int64]:
    """For each of `times` the index of the nearest of the ascending times `among`."""
    after = np.clip(np.searchsorted(among, times), 1, max(len(among) - 1, 1))
    after = np.minimum(after, len(among) - 1)
    before = np.maximum(after - 1, 0)
    closer: NDArray[np.int64] = np.where(
        times - among[before] < among[after] - times, before, after
    )
    return closer


def _on_grid(file: File) -> tuple[Samples, list[DataProblem]]:
    """The three columns of one file by their own stamps, as the `acc` of samples."""
    rows = read_numbers(file, TABLE)
    try:
        clock = estimate_clock(rows[:, 0], RATE)
    except ValueError:
        clock = Clock(RATE, 0.0)  # a single row
    items = list(grid_samples(iter([(rows[:, 0], rows[:, 1:4])]), clock, placement=Placement.WRIST))
    blocks = [item for item in items if isinstance(item, Samples) and len(item)]
    if not blocks:
        raise InputError(f"{file}: not one row has a time in its first column")
    return concatenate(blocks), [item for item in items if isinstance(item, DataProblem)]


WEDA_FALL = Dataset("weda_fall", _main_file, _read)
