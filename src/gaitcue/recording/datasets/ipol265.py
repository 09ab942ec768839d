"""Walk-turn-walk with a sensor on each foot: healthy, neurological and orthopaedic people.

Truong C et al. (2019) Image Process Line 9, doi 10.5201/ipol.2019.265. For each trial
``<subject>-<trial>.csv`` (acceleration in g with gravity already removed, angular rate in °/s, both
also along the vertical) and ``.json`` with the spans [start, end] in which each foot moved.

A span begins when the heel lifts and ends when the whole foot is at rest again. The foot touches
the ground within it: the last impact on the foot comes 0.12 s before the end in healthy people
(median of 1040 steps; 5th to 95th percentile 0.07 to 0.18 s), 0.18 s in neurological ones (0.06 to
0.32 s). Initial contacts are therefore taken `CONTACT_BEFORE_REST` before the end of each span, and
are no finer than that.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Placement, Side
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.fields import height, number, pairs, read_object
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import in_order
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor

RATE = 100.0
"""Hz."""

CONTACT_BEFORE_REST = 0.12
"""s from the impact of the foot to the end of its movement, as measured in healthy people here."""

HEADER = b"LAV,LAX,LAY,LAZ,LRV,LRX,LRY,LRZ,RAV,RAX,RAY,RAZ,RRV,RRX,RRY,RRZ"
TABLE = Table(width=16, header=1)

NEVER_FREEZE = ("Healthy", "Orthopedic")
"""Groups without Parkinson's disease; the neurological one may have it, and freezes unmarked."""

_NAME = re.compile(r"(\d+-\d+)\.(?:json|csv)")


def _main_file(file: File) -> File | None:
    name = _NAME.fullmatch(file.name)
    if name is None:
        return None
    motion = file.beside(f"{name[1]}.csv")
    if motion is None or motion.head().partition(b"\n")[0].rstrip() != HEADER:
        return None
    return file.beside(f"{name[1]}.json")


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        about = read_object(file)
        group = str(about.get("PathologyGroup", ""))
        left = _steps(pairs(about, "LeftFootActivity", file))
        right = _steps(pairs(about, "RightFootActivity", file))
        if not len(left) or not len(right):
            raise InputError(f"{file}: expected the movements of both feet, found none of one")
        annotated = {Kind.INITIAL_CONTACT, Kind.WALKING_BOUT}
        if group in NEVER_FREEZE:
            annotated.add(Kind.FREEZE)
        yield Recording(
            name=file.stem,
            subject=f"{number(about, 'Subject', file):g}",
            sensors=(_sensor(file, Side.LEFT, 0), _sensor(file, Side.RIGHT, 8)),
            annotations=in_order(
                [
                    *_contacts(left, Side.LEFT),
                    *_contacts(right, Side.RIGHT),
                    _bout(np.vstack([left, right]), number(about, "WalkedDistance", file)),
                ]
            ),
            annotated=frozenset(annotated),
            height=height(about, 1.0),
            condition=f"{group.lower()}, walk-turn-walk",
            source=IPOL265.name,
        )


def _steps(spans: FloatArray) -> FloatArray:
    """The movements (n, 2) s of one foot, without those that overlap the one before."""
    again = np.zeros(len(spans), bool)
    again[1:] = spans[1:, 0] < spans[:-1, 1]
    steps: FloatArray = spans[~again] / RATE
    return steps


def _contacts(steps: FloatArray, side: Side) -> Iterator[Annotation]:
    for end in steps[:, 1]:
        onset = float(end) - CONTACT_BEFORE_REST
        yield Annotation(onset=onset, duration=0, kind=Kind.INITIAL_CONTACT, side=side)


def _bout(steps: FloatArray, distance_one_way: float) -> Annotation:
    """There and back, the turn included; the published WalkingSpeed is about twice too large."""
    start, end = float(steps.min()), float(steps.max())
    return Annotation(
        onset=start,
        duration=end - start,
        kind=Kind.WALKING_BOUT,
        speed=2 * distance_one_way / (end - start),
    )


def _sensor(file: File, side: Side, column: int) -> Sensor:
    motion = file.beside(f"{file.stem}.csv")
    assert motion is not None  # noqa: S101 - it was found by its motion
    return array_sensor(
        f"{side}_foot",
        partial(_load, motion, column),
        rate=RATE,
        placement=Placement.FOOT,
        side=side,
        gyroscope=True,
        gravity=False,
        device="XSens",
    )


def _load(file: File, column: int) -> Motion:
    rows = read_numbers(file, TABLE)
    acc = rows[:, column + 1 : column + 4] * STANDARD_GRAVITY
    return Motion(acc, np.radians(rows[:, column + 5 : column + 8]))


IPOL265 = Dataset("ipol265", _main_file, _read)
