"""The strides of gaitmap's example data, from its event lists and its motion capture."""

import numpy as np

from gaitcue.errors import InputError
from gaitcue.imu import FloatArray, Side
from gaitcue.recording.datasets.fields import read_records
from gaitcue.recording.datasets.files import File
from gaitcue.recording.datasets.labels import in_order
from gaitcue.recording.datasets.rows import Table, read_numbers
from gaitcue.recording.model import Annotation, Kind

CAPTURE_RATE = 100.0
"""Hz."""

HEELS = {"left": "L_FCC", "right": "R_FCC"}
"""The marker on each heel bone; columns x, y (floor) and z, in mm."""

LONGEST_PAUSE = 3.0
"""s without a stride that still belong to one walking bout (Kluge 2021, PLoS ONE 16:e0256541)."""


def by_motion_capture(
    events: File, path: File, rate: float
) -> tuple[tuple[Annotation, ...], frozenset[Kind]]:
    """Contacts, strides with length and speed, and the walking bouts that they make up.

    In a row of the event list the foot rests at `start`, leaves the ground at `tc`, touches it at
    `ic` and rests at `end`; `pre_ic` is the contact before. The stride from contact to contact is
    as long as the heel's way over the floor from rest to rest.
    """
    heels = {foot: _heel(path, marker) for foot, marker in HEELS.items()}
    annotations: list[Annotation] = []
    strides: list[Annotation] = []
    for line, row in enumerate(read_records(events), 2):
        foot = row.get("foot", "")
        names = ("start", "end", "ic", "tc", "pre_ic")
        start, end, contact, lift, before = (_sample(row, name, events, line) for name in names)
        if foot not in heels or not before < start < lift < contact < end:
            raise InputError(f"{events}, line {line}: expected a stride of the left or right foot")
        side = Side(foot)
        length = _way(heels[foot], start / rate, end / rate)
        onset, duration = before / rate, (contact - before) / rate
        for kind, sample in (
            (Kind.INITIAL_CONTACT, before),
            (Kind.INITIAL_CONTACT, contact),
            (Kind.FINAL_CONTACT, lift),
        ):
            annotations.append(Annotation(onset=sample / rate, duration=0, kind=kind, side=side))
        strides.append(
            Annotation(
                onset=onset,
                duration=duration,
                kind=Kind.STRIDE,
                side=side,
                speed=length / duration,
                stride_length=length,
            )
        )
    kinds = {Kind.INITIAL_CONTACT, Kind.FINAL_CONTACT, Kind.STRIDE, Kind.WALKING_BOUT}
    once = dict.fromkeys(annotations)  # a contact ends one stride and begins the next
    return in_order([*once, *strides, *_bouts(strides)]), frozenset(kinds)


def by_borders(borders: File, rate: float) -> tuple[tuple[Annotation, ...], frozenset[Kind]]:
    """Strides given as [start, end) from contact to contact; contacts outside them are unknown."""
    strides: list[Annotation] = []
    for line, row in enumerate(read_records(borders), 2):
        start, end = (_sample(row, name, borders, line) for name in ("start", "end"))
        if row.get("foot") not in HEELS or not start < end:
            raise InputError(f"{borders}, line {line}: expected a stride of the left or right foot")
        strides.append(
            Annotation(
                onset=start / rate,
                duration=(end - start) / rate,
                kind=Kind.STRIDE,
                side=Side(row["foot"]),
            )
        )
    return in_order(strides), frozenset({Kind.STRIDE})


def _bouts(strides: list[Annotation]) -> list[Annotation]:
    """Stretches of strides of either foot, with the means of their measured speed and length."""
    bouts: list[Annotation] = []
    within: list[Annotation] = []
    for stride in [*sorted(strides, key=lambda s: s.onset), None]:
        end = max((s.end for s in within), default=0.0)
        if within and (stride is None or stride.onset > end + LONGEST_PAUSE):
            bouts.append(
                Annotation(
                    onset=within[0].onset,
                    duration=end - within[0].onset,
                    kind=Kind.WALKING_BOUT,
                    speed=float(np.mean([s.speed for s in within if s.speed is not None])),
                    stride_length=float(
                        np.mean([s.stride_length for s in within if s.stride_length is not None])
                    ),
                )
            )
            within = []
        if stride is not None:
            within.append(stride)
    return bouts


def _sample(row: dict[str, str], name: str, file: File, line: int) -> float:
    try:
        value = float(row.get(name, ""))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"{file}, line {line}: expected a number as {name!r}")
    return value


def _heel(path: File, marker: str) -> FloatArray:
    """Time (s) and place on the floor (m) of a heel, (n, 3)."""
    markers = path.head().decode("utf-8", "replace").partition("\n")[0].strip().split(",")
    if markers.count(marker) != 3:
        raise InputError(f"{path}, line 1: expected three columns of the marker {marker}")
    first = markers.index(marker)
    rows = read_numbers(path, Table(width=len(markers), header=2))
    return np.column_stack([rows[:, 0] / CAPTURE_RATE, rows[:, first : first + 2] / 1000])


def _way(heel: FloatArray, start: float, end: float) -> float:
    """How far a heel is at `end` from where it was at `start`, m."""
    moments = [start, end]
    x, y = (np.interp(moments, heel[:, 0], heel[:, axis]) for axis in (1, 2))
    return float(np.hypot(x[1] - x[0], y[1] - y[0]))
