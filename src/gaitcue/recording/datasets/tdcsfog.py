"""tDCS FOG: freezing-provoking tests with a sensor on the lower back.

The tDCS FOG series of "Parkinson's Freezing of Gait Prediction" (Kaggle competition, 2023). Files
``train/tdcsfog/<Id>.csv`` in m/s² with a label of each sample; ``tdcsfog_metadata.csv`` tells whose
recording it is, ``events.csv`` which freezes were kinetic.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from gaitcue.imu import Placement
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.datasets.dataset import Dataset
from gaitcue.recording.datasets.fields import read_records
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import runs
from gaitcue.recording.datasets.rows import Table, read_flags, read_numbers
from gaitcue.recording.model import Annotation, Kind, Recording

RATE = 128.0
"""Hz."""

HEADER = b"Time,AccV,AccML,AccAP,StartHesitation,Turn,Walking"
TABLE = Table(width=7, header=1)
TYPES = ("StartHesitation", "Turn", "Walking")

_ById = dict[str, list[dict[str, str]]]

_NAME = re.compile(r"[0-9a-f]{10}\.csv")
_MEDICATION = {"on": ", on medication", "off": ", off medication"}


def _main_file(file: File) -> File | None:
    if not _NAME.fullmatch(file.name):
        return None
    return file if file.head().partition(b"\n")[0].rstrip() == HEADER else None


def _read(files: Iterable[File]) -> Iterator[Recording]:
    side_files: dict[str, _ById] = {}

    def records(file: File, name: str) -> list[dict[str, str]]:
        """The rows of a side file that are about `file`; none when there is no side file."""
        found = file.above(name)
        if found is None:
            return []
        if str(found) not in side_files:
            side_files[str(found)] = _by_id(read_records(found))
        return side_files[str(found)].get(file.stem, [])

    for file in files:
        about = next(iter(records(file, "tdcsfog_metadata.csv")), {})
        test = f"test {about['Test']}" if about.get("Test") else ""
        sensor = array_sensor(
            "lower_back",
            partial(_load, file),
            rate=RATE,
            placement=Placement.LOWER_BACK,
            gyroscope=False,
        )
        yield Recording(
            name=file.stem,
            subject=about.get("Subject", ""),
            sensors=(sensor,),
            annotations=_freezes(file, _akinetic(records(file, "events.csv"))),
            annotated=frozenset({Kind.FREEZE}),
            condition=test + _MEDICATION.get(about.get("Medication", ""), ""),
            source=TDCSFOG.name,
        )


def _by_id(rows: list[dict[str, str]]) -> _ById:
    by_id: _ById = {}
    for row in rows:
        by_id.setdefault(row.get("Id", ""), []).append(row)
    return by_id


def _freezes(file: File, akinetic: list[tuple[float, float]]) -> tuple[Annotation, ...]:
    """One freeze for each unbroken run of labelled samples, with the types it went through."""
    labels = read_flags(file, TABLE, len(TYPES)).astype(bool)
    freezes: list[Annotation] = []
    frozen = np.logical_or.reduce(labels, axis=1)
    for first, behind in runs(frozen):
        onset, end = first / RATE, behind / RATE
        kinds = labels[first:behind]
        begins = np.where(kinds.any(axis=0), kinds.argmax(axis=0), len(kinds))
        detail = " + ".join(TYPES[k] for k in np.argsort(begins) if begins[k] < len(kinds))
        if any(begin < end and finish > onset for begin, finish in akinetic):
            detail += ", akinetic"
        freezes.append(
            Annotation(onset=onset, duration=end - onset, kind=Kind.FREEZE, detail=detail)
        )
    return tuple(freezes)


def _akinetic(events: list[dict[str, str]]) -> list[tuple[float, float]]:
    """The spans, s, of the freezes in which the person did not move at all."""
    spans: list[tuple[float, float]] = []
    for event in events:
        if event.get("Kinetic") == "0":
            try:
                spans.append((float(event["Init"]), float(event["Completion"])))
            except (ValueError, KeyError):
                continue  # an event without its times marks no sample
    return spans


def _load(file: File) -> Motion:
    rows = read_numbers(file, TABLE)
    return Motion(rows[:, 1:4], stamps=rows[:, 0] / RATE)


TDCSFOG = Dataset("tdcsfog", _main_file, _read)
