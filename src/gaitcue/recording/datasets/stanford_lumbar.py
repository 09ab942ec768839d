"""Stanford lumbar: turning and barrier course with a sensor on the lower back.

O'Day J et al. (2022) J NeuroEng Rehabil 19:20, rebuilt as one table for each trial: time, m/s² and
rad/s, already low-passed at 15 Hz and turned so that gravity is along -x, and a freezing flag.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from gaitcue.imu import Placement
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import flagged
from gaitcue.recording.datasets.rows import Table, read_flags, read_numbers
from gaitcue.recording.model import Kind, Recording

RATE = 64.0
"""Hz."""

HEADER = b"time,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z,freeze"
TABLE = Table(width=8, header=1)

_NAME = re.compile(r"(pt\d+)_visit_([\d.]+)_tbc_walklr_\d_trial_(\d+)\.csv")


def _main_file(file: File) -> File | None:
    if not _NAME.fullmatch(file.name):
        return None
    return file if file.head().partition(b"\n")[0].rstrip() == HEADER else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        name = _NAME.fullmatch(file.name)
        assert name is not None  # noqa: S101 - a main file is called like that
        subject, visit, trial = name.groups()
        sensor = array_sensor(
            "lower_back",
            partial(_load, file),
            rate=RATE,
            placement=Placement.LOWER_BACK,
            gyroscope=True,
        )
        frozen = read_flags(file, TABLE, 1)[:, 0] == 1
        yield Recording(
            name=file.stem,
            subject=subject,
            sensors=(sensor,),
            annotations=tuple(flagged(frozen, Kind.FREEZE, rate=RATE)),
            annotated=frozenset({Kind.FREEZE}),
            condition=f"turning and barrier course, visit {visit}, trial {trial}",
            source=STANFORD_LUMBAR.name,
        )


def _load(file: File) -> Motion:
    rows = read_numbers(file, TABLE)
    return Motion(rows[:, 1:4], rows[:, 4:7], stamps=rows[:, 0])


STANFORD_LUMBAR = Dataset("stanford_lumbar", _main_file, _read)
