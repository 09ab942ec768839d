"""The walk folder: a recording in our own form, described in ``docs/reference/recordings.md``."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import gaitcue
from gaitcue.bluetooth.latency import Latency
from gaitcue.errors import InputError
from gaitcue.events import DataProblem, from_json, to_json
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.annotations import read_annotations, write_annotations
from gaitcue.recording.live import RAW_FILE, with_raw_log
from gaitcue.recording.model import Kind, Recording, Sensor
from gaitcue.recording.motion_csv import header_lines, row_lines, with_motion
from gaitcue.recording.options import ReadOptions

WALK_FILE = "walk.json"
ANNOTATIONS_FILE = "annotations.tsv"
FORMAT = "gaitcue walk"
VERSION = 1


def write_walk(recording: Recording, folder: Path) -> list[DataProblem]:
    """Write a recording as a new folder, and return what was wrong with its source.

    The folder appears whole or not at all.

    Raises
    ------
    InputError
        When there is something at `folder` already, it cannot be written, or the recording
        cannot be read.
    """
    _check_free(folder)
    part = folder.with_name(folder.name + ".part")
    try:
        part.mkdir(parents=True)
        try:
            problems = _write_files(recording, part)
            part.replace(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}") from error
    return problems


def write_walks(
    recordings: Iterator[Recording], folder: Path
) -> Iterator[tuple[Recording, Path, list[DataProblem]]]:
    """Write recordings: a single one as `folder`, several as folders in it, named after each.

    Yields each recording when it is written, with its folder and what was wrong with its source.

    Raises
    ------
    InputError
        As `write_walk`, and when there is no recording at all.
    """
    _check_free(folder)
    first = next(recordings, None)
    if first is None:
        raise InputError(f"there is no recording to write to {folder}")
    second = next(recordings, None)
    if second is None:
        yield first, folder, write_walk(first, folder)
        return
    taken: set[str] = set()
    for recording in chain((first, second), recordings):
        name = plain = _plain(recording.name) or "walk"
        while name in taken:
            name = f"{plain}_{len(taken) + 1}"
        taken.add(name)
        yield recording, folder / name, write_walk(recording, folder / name)


def _check_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is there already: name a new folder, nothing is overwritten")


def _plain(name: str) -> str:
    """A name with nothing in it that a file system might not take."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._")


def _write_files(recording: Recording, folder: Path) -> list[DataProblem]:
    sensors: list[dict[str, Any]] = []
    found: list[DataProblem] = []
    for sensor in recording.sensors:
        file = _file_name(sensor, recording.sensors, [entry["file"] for entry in sensors])
        problems: list[DataProblem] = []
        with (folder / file).open("w", encoding="utf-8", newline="\n") as motion:
            motion.write(header_lines(sensor, recording.subject))
            for item in sensor.read():
                if isinstance(item, Samples):
                    motion.write(row_lines(item))
                else:
                    problems.append(item)
        found += problems
        entry = _entry(sensor, file)
        if problems:
            entry["problems"] = [json.loads(to_json(problem)) for problem in problems]
        sensors.append(entry)
    if recording.annotations:
        write_annotations(folder / ANNOTATIONS_FILE, recording.annotations)
    _write_walk_file(recording, sensors, folder / WALK_FILE)
    return found


def _entry(sensor: Sensor, file: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": sensor.name,
        "file": file,
        "placement": sensor.placement,
        "side": sensor.side,
        "rate": float(sensor.rate),
        "gyroscope": sensor.gyroscope,
        "gravity": sensor.gravity,
        "device": sensor.device,
    }
    if sensor.latency is not None:
        entry["latency"] = asdict(sensor.latency)
    return entry


def _write_walk_file(recording: Recording, sensors: list[dict[str, Any]], path: Path) -> None:
    walk = {
        "format": FORMAT,
        "version": VERSION,
        "gaitcue": gaitcue.__version__,
        "name": recording.name,
        "subject": recording.subject,
        "condition": recording.condition,
        "height": None if recording.height is None else float(recording.height),
        "source": recording.source,
        "annotated": sorted(recording.annotated),
        "sensors": sensors,
    }
    if recording.begun:
        walk["begun"] = recording.begun
    if recording.settings:
        walk["settings"] = dict(recording.settings)
    text = json.dumps(walk, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def create_live_walk(folder: Path) -> None:
    """Make the new folder of a walk that is about to be recorded.

    Raises
    ------
    InputError
        When there is something at `folder` already, or it cannot be made.
    """
    _check_free(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}") from error


def describe_live_walk(recording: Recording, folder: Path) -> None:
    """Say in a folder of `create_live_walk` whose raw log it holds; again when more is known.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    part = folder / (WALK_FILE + ".part")
    try:
        entries = [_entry(sensor, RAW_FILE) for sensor in recording.sensors]
        _write_walk_file(recording, entries, part)
        part.replace(folder / WALK_FILE)
    except OSError as error:
        raise InputError(f"cannot write {folder / WALK_FILE}: {error.strerror}") from error


def _file_name(sensor: Sensor, sensors: tuple[Sensor, ...], taken: list[str]) -> str:
    """``motion.csv`` for the only sensor, else one with the sensor's name in it."""
    if len(sensors) == 1:
        return "motion.csv"
    plain = _plain(sensor.name)
    file = f"motion_{plain}.csv"
    return file if file not in taken else f"motion_{plain}_{len(taken) + 1}.csv"


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
