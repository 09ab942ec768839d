"""UMAFall: everyday activities and falls with up to five sensors.

Casilari E et al. (2017) Procedia Comput Sci 110:32-39. One file for each trial; its header tells
who, what and which sensor was where, its rows ``ms;sample;x;y;z;type;sensor`` come interleaved from
all sensors: SensorTags at about 20 Hz over Bluetooth Low Energy (g, °/s, µT), a phone at 200 Hz.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Placement, Side
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import activity
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Kind, Recording, Sensor

SENSORTAG_RATE = 20.0
PHONE_RATE = 200.0
"""Hz, as set; over the air packets come late, in bursts, or not at all."""

ACCELEROMETER, GYROSCOPE = 0, 1
"""Sensor types; 2 is a magnetometer, which is not read."""

PLACEMENTS = {
    "RIGHTPOCKET": (Placement.THIGH, Side.RIGHT),
    "LEFTPOCKET": (Placement.THIGH, Side.LEFT),
    "CHEST": (Placement.CHEST, Side.NONE),
    "WAIST": (Placement.WAIST, Side.NONE),
    "WRIST": (Placement.WRIST, Side.NONE),
    "ANKLE": (Placement.SHANK, Side.NONE),
}

WITHOUT_STEPS = frozenset({"Aplausing", "Bending", "HandsUp", "Sitting_GettingUpOnAChair"})
"""On the spot: whatever is found there is not a step. In the others people may walk a little."""

FIRST_LINE = b"% Universidad de Malaga"

_NAME = re.compile(r"UMAFall_Subject_(\d\d)_(ADL|Fall)_(.+)_(\d+)_\d{4}-\d\d-\d\d_[\d-]+\.csv")
_SENSOR = re.compile(r"%\s*[0-9A-Fa-f:]{17};\s*(\d+);\s*(\w+);\s*(\S.*?)\s*$", re.MULTILINE)
_FIRST_ROW = re.compile(rb"^\d", re.MULTILINE)
_HEIGHT = re.compile(r"% Height\(cm\):\s*(\d+)")


@dataclass(frozen=True, slots=True)
class _Worn:
    """A sensor as the header names it."""

    number: int
    position: str
    device: str

    @property
    def tag(self) -> bool:
        """Whether it is a SensorTag rather than a phone."""
        return self.device == "SensorTag"


def _main_file(file: File) -> File | None:
    return file if _NAME.fullmatch(file.name) and file.head().startswith(FIRST_LINE) else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        name = _NAME.fullmatch(file.name)
        assert name is not None  # noqa: S101 - a main file is called like that
        subject, kind, what, _ = name.groups()
        header = _header(file)
        rows = _rows(file)
        here = {int(number) for number in np.unique(rows[rows[:, 5] == ACCELEROMETER, 6])}
        worn = [
            _Worn(int(number), position, device)
            for number, position, device in _SENSOR.findall(header)
            if int(number) in here
        ]
        if not worn:
            raise InputError(f"{file}: expected the header to name the sensors of the rows")
        height = _HEIGHT.search(header)
        annotated = {Kind.ACTIVITY, Kind.FREEZE}
        if what in WITHOUT_STEPS:
            annotated.add(Kind.WALKING_BOUT)
        yield Recording(
            name=file.stem,
            subject=subject,
            sensors=tuple(_sensor(file, one) for one in worn),
            annotations=(activity(what, float(np.nanmax(rows[:, 0])) / 1000),),
            annotated=frozenset(annotated),
            height=int(height[1]) / 100 if height else None,
            condition=what if kind == "ADL" else f"fall, {what}",
            source=UMAFALL.name,
        )


def _header(file: File) -> str:
    """The comment lines and blank lines before the first row."""
    text = file.read()
    first_row = _FIRST_ROW.search(text)
    return text[: first_row.start() if first_row else None].decode("latin-1")


def _rows(file: File) -> FloatArray:
    table = Table(width=7, header=_header(file).count("\n"), separator=b";", drop=b" ")
    rows = read_numbers(file, table)
    if np.isnan(rows).any():
        raise InputError(f"{file}: expected 7 numbers in every row, found a row with an empty cell")
    return rows


def _sensor(file: File, worn: _Worn) -> Sensor:
    placement, side = PLACEMENTS.get(worn.position.upper(), (None, Side.NONE))
    return array_sensor(
        worn.position.lower(),
        partial(_load, file, worn),
        rate=SENSORTAG_RATE if worn.tag else PHONE_RATE,
        placement=placement,
        side=side,
        gyroscope=worn.tag,
        device=worn.device,
    )


def _load(file: File, worn: _Worn) -> Motion:
    """Accelerations at their own times, each with the angular rate of the same sample number."""
    rows = _rows(file)
    mine = rows[rows[:, 6] == worn.number]
    acc = mine[mine[:, 5] == ACCELEROMETER]
    stamps = acc[:, 0] / 1000
    if not worn.tag:
        return Motion(acc[:, 2:5] * STANDARD_GRAVITY, stamps=stamps)
    rates = {row[1]: row[2:5] for row in mine[mine[:, 5] == GYROSCOPE]}
    unknown = np.full(3, np.nan)
    gyr = np.array([rates.get(sample, unknown) for sample in acc[:, 1]]).reshape(-1, 3)
    return Motion(acc[:, 2:5] * STANDARD_GRAVITY, np.radians(gyr), stamps=stamps)


UMAFALL = Dataset("umafall", _main_file, _read)
