"""The walk folder, our own form of a recording (``docs/reference/recordings.md``): writing it."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import gaitcue
from gaitcue.errors import InputError
from gaitcue.events import DataProblem, to_json
from gaitcue.imu import Samples
from gaitcue.recording.annotations import write_annotations
from gaitcue.recording.live import RAW_FILE
from gaitcue.recording.model import Recording, Sensor
from gaitcue.recording.motion_csv import header_lines, row_lines

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
