"""Reading a walk folder; every field of it is checked."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from gaitcue.bluetooth.latency import Latency
from gaitcue.errors import InputError
from gaitcue.events import DataProblem, from_json
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.annotations import read_annotations
from gaitcue.recording.live import RAW_FILE, with_raw_log
from gaitcue.recording.model import Kind, Recording, Sensor
from gaitcue.recording.motion_csv import with_motion
from gaitcue.recording.options import ReadOptions
from gaitcue.recording.walk import ANNOTATIONS_FILE, FORMAT, VERSION, WALK_FILE


def is_walk(path: Path) -> bool:
    """Whether there is a walk folder at `path`."""
    return (path / WALK_FILE).is_file()


def read_walk(folder: Path, options: ReadOptions) -> Recording:
    """The recording in a walk folder.

    Raises
    ------
    InputError
        When something in the folder is not of the form, or is missing.
    """
    path = folder / WALK_FILE
    walk = _load(path)
    get = _Fields(walk, path)
    if get("format", str) != FORMAT:
        raise InputError(f'{path}: expected "format": "{FORMAT}"')
    version = get("version", int)
    if version > VERSION:
        raise InputError(
            f"{path} is of version {version}, and this gaitcue reads up to version {VERSION}: get "
            "a newer gaitcue"
        )
    entries = get("sensors", list)
    if not entries:
        raise InputError(f"{path}: there is no sensor in it")
    sensors = tuple(_sensor(entry, folder, options) for entry in entries)
    names = [sensor.name for sensor in sensors]
    if len(set(names)) < len(names):
        raise InputError(f"{path}: two sensors have the same name")
    annotated = frozenset(get.each("annotated", Kind))
    annotations_path = folder / ANNOTATIONS_FILE
    annotations = read_annotations(annotations_path) if annotations_path.exists() else ()
    return Recording(
        name=get("name", str, folder.name) or folder.name,
        subject=get("subject", str, ""),
        sensors=sensors,
        annotations=annotations,
        annotated=annotated | {label.kind for label in annotations},
        height=get("height", float, None),
        condition=get("condition", str, ""),
        source=get("source", str, ""),
        begun=get("begun", str, ""),
        settings=get("settings", dict, {}),
    )


def _sensor(entry: object, folder: Path, options: ReadOptions) -> Sensor:
    path = folder / WALK_FILE
    if not isinstance(entry, dict):
        raise InputError(f"{path}: each of the sensors must be an object")
    get = _Fields(entry, path)
    file = get("file", str)
    if Path(file).name != file or not (folder / file).is_file():
        raise InputError(f"{path} names the motion file {file!r}, which is not in {folder}")
    rate = get("rate", float)
    if not 0 < rate < float("inf"):
        raise InputError(f"{path}: the rate must be above 0 Hz, not {rate}")
    placement = get.word("placement", Placement)
    side = get.word("side", Side) or Side.NONE
    sensor = Sensor(
        name=get("name", str),
        placement=placement if placement is not None else options.placement,
        side=options.side if side is Side.NONE and options.side else side,
        rate=rate,
        gyroscope=get("gyroscope", bool),
        gravity=get("gravity", bool, True),
        device=get("device", str, ""),
        latency=_latency(get("latency", dict, None), path),
        read=lambda: iter(()),
    )
    problems = get.each("problems", _problem)
    with_file = with_raw_log if file == RAW_FILE else with_motion
    sensor = with_file(sensor, folder / file, options)
    return replace(sensor, read=_with_problems(sensor.read, problems)) if problems else sensor


def _latency(record: dict[str, Any] | None, path: Path) -> Latency | None:
    if record is None:
        return None
    get = _Fields(record, path)
    return Latency(get("delay", float), get("error", float))


def _problem(record: object) -> DataProblem:
    event = from_json(json.dumps(record))
    if not isinstance(event, DataProblem):
        raise InputError("not a data_problem")
    return event


def _with_problems(
    read: Callable[[], Iterator[Samples | DataProblem]], problems: list[DataProblem]
) -> Callable[[], Iterator[Samples | DataProblem]]:
    """Tell again, each in its place, what was wrong with the file the walk was made from."""

    def told() -> Iterator[Samples | DataProblem]:
        waiting = sorted(problems, key=lambda problem: problem.decided)
        for item in read():
            yield item
            if isinstance(item, Samples) and len(item):
                while waiting and waiting[0].decided <= item.time[-1]:
                    yield waiting.pop(0)
        yield from waiting

    return told


def _load(path: Path) -> dict[str, Any]:
    try:
        walk = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON: {error}") from error
    if not isinstance(walk, dict):
        raise InputError(f"{path} must hold one JSON object")
    return walk


_REQUIRED: Any = object()
_T = TypeVar("_T")


class _Fields:
    """Checked access to the fields of one JSON object."""

    def __init__(self, record: dict[str, Any], path: Path) -> None:
        self._record = record
        self._path = path

    def __call__(self, name: str, kind: type, default: Any = _REQUIRED) -> Any:
        """The field `name`, which must be of `kind`; `default` where it is not there."""
        value = self._record.get(name, default)
        if value is _REQUIRED:
            raise InputError(f"{self._path}: the field {name!r} is missing")
        if kind is float and type(value) is int:
            value = float(value) if abs(value) < 1e300 else None
        if value is default or type(value) is kind:
            return value
        raise InputError(f"{self._path}: {name!r} must be a {kind.__name__}, not {value!r:.60}")

    def word(self, name: str, kind: Callable[[str], Any]) -> Any:
        """The field as one of an enumeration's words; None where it is null."""
        value = self._record.get(name)
        try:
            return None if value is None else kind(value)
        except ValueError as error:
            raise InputError(f"{self._path}: {error} for {name!r}") from error

    def each(self, name: str, make: Callable[[Any], _T]) -> list[_T]:
        """The field as a list of what `make` makes of its items."""
        try:
            return [make(item) for item in self(name, list, [])]
        except (ValueError, InputError) as error:
            raise InputError(f"{self._path}: {error} in {name!r}") from error
