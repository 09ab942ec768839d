"""Oxford step counting: a phone carried in six ways, and a switch under each foot.

Salvi D et al. (2018) EMBC, 10.1109/EMBC.2018.8513319. A folder for each trial called
``<phone>_<user>_<surface>_<position>_<trial>`` with ``accelerometer.csv`` (ns, accuracy, m/s²) and
``stepcounter.csv`` (ns, and the two switches, read about ten times a second). A step is the moment
a switch goes from 0 to 1; it is put halfway between the two readings, so it is good to 0.05 s.
Which switch was under which foot is not told.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray, Placement
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.clock import estimate_clock
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import in_order
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Annotation, Kind, Recording

TABLE = Table(width=5)
STEPS = Table(width=3)

PLACEMENTS = {
    "inhand": Placement.WRIST,
    "swingingarm": Placement.WRIST,
    "frontpocket": Placement.THIGH,
    "backpocket": Placement.THIGH,
    "neckpouch": Placement.CHEST,
}
"""The nearest placement of each position; none is near an upper arm or a bag."""

_FOLDER = re.compile(r"([A-Za-z]+)_([A-Za-z]+)_([A-Za-z]+)_([A-Za-z]+)_(\d+)")
_FIRST_LINE = re.compile(rb"\d{9,},\d,-?[\d.eE-]+,-?[\d.eE-]+,-?[\d.eE-]+\r?\n")


def _main_file(file: File) -> File | None:
    if file.name not in ("accelerometer.csv", "stepcounter.csv"):
        return None
    motion, steps = file.beside("accelerometer.csv"), file.beside("stepcounter.csv")
    if motion is None or steps is None or not _FOLDER.fullmatch(file.folder):
        return None
    return motion if _FIRST_LINE.match(motion.head()) else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        trial = _FOLDER.fullmatch(file.folder)
        steps = file.beside("stepcounter.csv")
        assert trial is not None  # noqa: S101 - a main file is in a folder like that
        assert steps is not None  # noqa: S101 - and has its steps beside it
        phone, user, surface, position, _ = trial.groups()
        stamps = read_numbers(file, TABLE)[:, 0]
        sensor = array_sensor(
            position.lower(),
            partial(_load, file),
            rate=_rate(file, stamps),
            placement=PLACEMENTS.get(position.lower()),
            gyroscope=False,
            device=f"{phone} phone",
        )
        yield Recording(
            name=file.folder,
            subject=user,
            sensors=(sensor,),
            annotations=_contacts(read_numbers(steps, STEPS), float(stamps[0])),
            annotated=frozenset({Kind.INITIAL_CONTACT, Kind.FREEZE}),
            condition=f"{position}, {surface.lower()} surface",
            source=OXFORD_STEPS.name,
        )


def _rate(file: File, stamps: FloatArray) -> float:
    """Phones differ: 100 to 405 Hz."""
    try:
        return estimate_clock((stamps - stamps[0]) / 1e9).rate
    except ValueError as error:
        raise InputError(f"{file}: expected times in ns in the first column: {error}") from error


def _contacts(rows: FloatArray, start: float) -> tuple[Annotation, ...]:
    """The steps of both feet, on the clock of the first acceleration at `start` ns."""
    time = (rows[:, 0] - start) / 1e9
    contacts: list[Annotation] = []
    for switch in (rows[:, 1], rows[:, 2]):
        for before in np.flatnonzero((switch[:-1] == 0) & (switch[1:] == 1)):
            halfway = float(time[before] + time[before + 1]) / 2
            contacts.append(Annotation(onset=halfway, duration=0, kind=Kind.INITIAL_CONTACT))
    return in_order(contacts)


def _load(file: File) -> Motion:
    rows = read_numbers(file, TABLE)
    return Motion(rows[:, 2:5], stamps=(rows[:, 0] - rows[0, 0]) / 1e9)


OXFORD_STEPS = Dataset("oxford_steps", _main_file, _read)
