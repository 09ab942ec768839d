"""Reference labels as a table of events in the form of BIDS (events.tsv)."""

import math
from collections.abc import Iterable
from pathlib import Path

from gaitcue.errors import InputError
from gaitcue.imu import Side
from gaitcue.recording.model import Annotation, Kind

COLUMNS = ("onset", "duration", "trial_type", "side", "speed", "stride_length", "detail")
UNKNOWN = "n/a"


def write_annotations(path: Path, annotations: Iterable[Annotation]) -> None:
    """Write labels to a new file."""
    lines = ["\t".join(COLUMNS)]
    for label in annotations:
        cells = (
            repr(float(label.onset)),
            repr(float(label.duration)),
            label.kind.value,
            UNKNOWN if label.side is Side.NONE else label.side.value,
            UNKNOWN if label.speed is None else repr(float(label.speed)),
            UNKNOWN if label.stride_length is None else repr(float(label.stride_length)),
            " ".join(label.detail.split()) or UNKNOWN,
        )
        lines.append("\t".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_annotations(path: Path) -> tuple[Annotation, ...]:
    """Read labels; the columns onset, duration and trial_type are required.

    Raises
    ------
    InputError
        When the file cannot be read or a line is not a label.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start})") from error
    names = lines[0].split("\t") if lines else []
    for required in COLUMNS[:3]:
        if required not in names:
            raise InputError(
                f"{path}, line 1: expected the columns {', '.join(COLUMNS[:3])} separated by "
                f"tabs, and {required} is not there"
            )
    labels = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != len(names):
            raise InputError(
                f"{path}, line {number}: expected {len(names)} cells separated by tabs, "
                f"found {len(cells)}"
            )
        where = f"{path}, line {number}"
        labels.append(_annotation(dict(zip(names, cells, strict=True)), where))
    return tuple(labels)


def _annotation(cells: dict[str, str], where: str) -> Annotation:
    try:
        kind = Kind(cells["trial_type"])
    except ValueError:
        kinds = ", ".join(Kind)
        raise InputError(
            f"{where}: trial_type {cells['trial_type']!r} is not one of {kinds}"
        ) from None
    side = cells.get("side", UNKNOWN)
    try:
        worn = Side.NONE if side in ("", UNKNOWN) else Side(side)
    except ValueError:
        raise InputError(f"{where}: side {side!r} is not left, right or n/a") from None
    detail = cells.get("detail", UNKNOWN)
    onset, duration = (_number(cells, name, where) for name in ("onset", "duration"))
    if onset is None:
        raise InputError(f"{where}: onset must be a number of seconds")
    return Annotation(
        onset=onset,
        duration=duration or 0.0,
        kind=kind,
        side=worn,
        speed=_number(cells, "speed", where),
        stride_length=_number(cells, "stride_length", where),
        detail="" if detail == UNKNOWN else detail,
    )


def _number(cells: dict[str, str], name: str, where: str) -> float | None:
    """A cell as a number, None where it is unknown."""
    cell = cells.get(name, UNKNOWN)
    if cell in ("", UNKNOWN):
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: {name} {cell!r} is not a number")
    return value
