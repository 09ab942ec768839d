"""SisFall: everyday activities and falls with a sensor at the waist.

Sucerquia A et al. (2017) Sensors 17(1):198. Files ``<activity>_<subject>_R<trial>.txt`` at 200 Hz
in bits: columns 1-3 accelerometer ADXL345, 4-6 gyroscope ITG3200, 7-9 accelerometer MMA8451Q. Read
are the ADXL345, which clips later in falls (±16 g against ±8 g), and the gyroscope.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.imu import STANDARD_GRAVITY, Placement
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import activity
from gaitcue.recording.datasets.rows import Table, count_rows, read_numbers
from gaitcue.recording.model import Kind, Recording

RATE = 200.0
"""Hz."""

ACC_BIT = 2 * 16 / 2**13 * STANDARD_GRAVITY
"""m/s² in one bit of the ADXL345: 13 bits over ±16 g."""

GYR_BIT = float(np.radians(2 * 2000 / 2**16))
"""rad/s in one bit of the ITG3200: 16 bits over ±2000 °/s."""

TABLE = Table(width=9, drop=b" ;\t")

ACTIVITIES = {
    "D01": "walking slowly",
    "D02": "walking quickly",
    "D03": "jogging slowly",
    "D04": "jogging quickly",
    "D05": "stairs slowly",
    "D06": "stairs quickly",
    "D07": "half height chair, slowly",
    "D08": "half height chair, quickly",
    "D09": "low chair, slowly",
    "D10": "low chair, quickly",
    "D11": "collapsing into a chair",
    "D12": "lying down slowly",
    "D13": "lying down quickly",
    "D14": "turning while lying",
    "D15": "bending at the knees",
    "D16": "bending without bending the knees",
    "D17": "getting in and out of a car",
    "D18": "stumbling while walking",
    "D19": "jumping to reach high",
}

WITHOUT_STEPS = frozenset(f"D{code:02d}" for code in range(7, 17))
"""Sitting, lying and bending on the spot: whatever is found there is not a step."""

_NAME = re.compile(r"([DF]\d\d)_(S[AE]\d\d)_R\d\d\.txt")
_FIRST_LINE = re.compile(rb"(\s*-?\d+\s*,){8}\s*-?\d+\s*;")
_PERSON = re.compile(r"\|\s*(S[AE]\d\d)\s*\|\s*\d+\s*\|\s*(\d+(?:\.\d+)?)\s*\|")


def _main_file(file: File) -> File | None:
    return file if _NAME.fullmatch(file.name) and _FIRST_LINE.match(file.head()) else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    heights: dict[str, dict[str, float]] = {}
    for file in files:
        name = _NAME.fullmatch(file.name)
        assert name is not None  # noqa: S101 - a main file is called like that
        code, subject = name.groups()
        readme = file.above("Readme.txt")
        if readme is not None and str(readme) not in heights:
            heights[str(readme)] = _heights(readme)
        sensor = array_sensor(
            "waist",
            partial(_load, file),
            rate=RATE,
            placement=Placement.WAIST,
            gyroscope=True,
            device="ADXL345 and ITG3200",
        )
        annotated = {Kind.ACTIVITY, Kind.FREEZE}
        if code in WITHOUT_STEPS:
            annotated.add(Kind.WALKING_BOUT)
        what = ACTIVITIES.get(code, f"fall {code}")
        yield Recording(
            name=file.stem,
            subject=subject,
            sensors=(sensor,),
            annotations=(activity(what, count_rows(file, TABLE) / RATE),),
            annotated=frozenset(annotated),
            height=heights[str(readme)].get(subject) if readme is not None else None,
            condition=what,
            source=SISFALL.name,
        )


def _heights(readme: File) -> dict[str, float]:
    """Of each person, m, from the table in the publisher's text."""
    text = readme.read().decode("latin-1")
    return {subject: float(height) / 100 for subject, height in _PERSON.findall(text)}


def _load(file: File) -> Motion:
    rows = read_numbers(file, TABLE)
    return Motion(rows[:, :3] * ACC_BIT, rows[:, 3:6] * GYR_BIT)


SISFALL = Dataset("sisfall", _main_file, _read)
