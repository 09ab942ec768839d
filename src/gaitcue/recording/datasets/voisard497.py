"""Healthy walk-turn-walk with sensors at L5 and on both feet.

Voisard C et al. (2023) Image Process Line 13, doi 10.5201/ipol.2023.497. For each trial
``<subject>-<trial>.json`` with the events, and ``_lb.txt``, ``_lf.txt`` and ``_rf.txt`` with the
motion in m/s² and rad/s. Packets were lost by radio: rows belong where their PacketCounter says,
and event indices count lost packets too.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from gaitcue.imu import FloatArray, Placement, Side
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.fields import height, number, pairs, read_object
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import in_order
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor

RATE = 100.0
"""Hz."""

TABLE = Table(width=10, header=2, separator=b"\t")
SENSORS = {
    "lb": ("lower_back", Placement.LOWER_BACK, Side.NONE),
    "lf": ("left_foot", Placement.FOOT, Side.LEFT),
    "rf": ("right_foot", Placement.FOOT, Side.RIGHT),
}
"""By the ending of the file: name, placement and side."""

FIRST_LINE = b"Acquisition frequency: 100 Hz"

_NAME = re.compile(r"(\d+-\d+)(?:\.json|_(?:lb|lf|rf)\.txt)")


def _main_file(file: File) -> File | None:
    name = _NAME.fullmatch(file.name)
    if name is None:
        return None
    motion = file.beside(f"{name[1]}_lb.txt")
    if motion is None or not motion.head().startswith(FIRST_LINE):
        return None
    return file.beside(f"{name[1]}.json")


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        about = read_object(file)
        sensors = (_sensor(file, ending) for ending in SENSORS)
        yield Recording(
            name=file.stem,
            subject=f"{number(about, 'Subject', file):g}",
            sensors=tuple(sensor for sensor in sensors if sensor is not None),
            annotations=in_order(
                [
                    *_contacts(pairs(about, "LeftFootEvents", file), Side.LEFT),
                    *_contacts(pairs(about, "RightFootEvents", file), Side.RIGHT),
                    *_spans(_one_pair(about, "TrialBoundaries", file), Kind.WALKING_BOUT),
                    *_spans(_one_pair(about, "UTurnBoundaries", file), Kind.TURN, "U-turn"),
                ]
            ),
            annotated=frozenset(
                {
                    Kind.INITIAL_CONTACT,
                    Kind.FINAL_CONTACT,
                    Kind.WALKING_BOUT,
                    Kind.TURN,
                    Kind.FREEZE,
                }
            ),
            height=height(about, 0.01),
            condition="healthy, walk-turn-walk",
            source=VOISARD497.name,
        )


def _one_pair(about: dict[str, object], field: str, file: File) -> FloatArray:
    return pairs({field: [about.get(field)]}, field, file)


def _contacts(events: FloatArray, side: Side) -> Iterator[Annotation]:
    """`events` are (n, 2) sample indices of each swing: toe off, then heel strike."""
    for toe_off, heel_strike in events / RATE:
        yield Annotation(onset=toe_off, duration=0, kind=Kind.FINAL_CONTACT, side=side)
        yield Annotation(onset=heel_strike, duration=0, kind=Kind.INITIAL_CONTACT, side=side)


def _spans(bounds: FloatArray, kind: Kind, detail: str = "") -> Iterator[Annotation]:
    for start, end in bounds / RATE:
        yield Annotation(onset=start, duration=end - start, kind=kind, detail=detail)


def _sensor(file: File, ending: str) -> Sensor | None:
    motion = file.beside(f"{file.stem}_{ending}.txt")
    name, placement, side = SENSORS[ending]
    if motion is None:
        return None
    return array_sensor(
        name,
        partial(_load, motion),
        rate=RATE,
        placement=placement,
        side=side,
        gyroscope=True,
        device="XSens",
    )


def _load(file: File) -> Motion:
    rows = read_numbers(file, TABLE)
    return Motion(rows[:, 1:4], rows[:, 4:7], stamps=rows[:, 0] / RATE)


VOISARD497 = Dataset("voisard497", _main_file, _read)
