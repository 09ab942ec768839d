"""Finding out what a path holds, and reading it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from gaitcue.errors import InputError
from gaitcue.recording.datasets import find_dataset, read_publisher_file
from gaitcue.recording.formats import guess_recording
from gaitcue.recording.model import Recording
from gaitcue.recording.motion_csv import is_motion_csv, read_motion_csv
from gaitcue.recording.options import ReadOptions
from gaitcue.recording.walk import WALK_FILE
from gaitcue.recording.walk_reading import is_walk, read_walk


def open_recordings(target: str | Path, options: ReadOptions | None = None) -> Iterator[Recording]:
    """The recordings at `target`, one after the other.

    `target` is a walk folder or a folder of them, a motion CSV of ours, a publisher's file, the
    folder or zip of a known data set, or a CSV that nobody knows, which is read by a guess that
    the recording's `note` tells.

    Raises
    ------
    InputError
        When there is nothing there that can be read.
    """
    path = Path(target)
    options = options or ReadOptions()
    try:
        if path.is_dir():
            yield from _open_folder(path, options)
        elif path.is_file():
            yield from _open_file(path, options)
        elif path.exists():
            raise InputError(f"{path} is neither a file nor a folder")
        else:
            raise InputError(f"there is no file or folder {path}")
    except OSError as error:
        raise InputError(f"cannot read {error.filename or path}: {error.strerror}") from error


def _open_folder(path: Path, options: ReadOptions) -> Iterator[Recording]:
    if is_walk(path):
        yield read_walk(path, options)
        return
    dataset = find_dataset(path)
    if dataset is not None:
        _check_unused(path, options)
        yield from dataset.recordings(path)
        return
    walks = sorted(file.parent for file in path.rglob(WALK_FILE))
    if not walks:
        raise InputError(
            f"{path} is neither a walk folder (there is no {WALK_FILE}) nor a data set that "
            "gaitcue knows: pass the file with the motion in it"
        )
    for walk in walks:
        yield read_walk(walk, options)


def _open_file(path: Path, options: ReadOptions) -> Iterator[Recording]:
    if zipfile.is_zipfile(path):
        yield from _open_zip(path, options)
        return
    if is_motion_csv(path):
        sensor, subject = read_motion_csv(path, options)
        yield Recording(name=path.stem, subject=subject, sensors=(sensor,), source="gaitcue")
        return
    published = read_publisher_file(path)
    if published is not None:
        _check_unused(path, options)
        yield published
        return
    yield guess_recording(path, options)


def _open_zip(path: Path, options: ReadOptions) -> Iterator[Recording]:
    root = zipfile.Path(path)
    dataset = find_dataset(root)
    if dataset is None:
        raise InputError(
            f"{path} is not the zip of a data set that gaitcue knows: unpack it and pass the file "
            "with the motion in it"
        )
    _check_unused(path, options)
    yield from dataset.recordings(root)


def _check_unused(path: Path, options: ReadOptions) -> None:
    """Refuse corrections of a layout whose placement, rate and units are known for certain."""
    known = f"the layout of {path} is known"
    options.check_unused("rate", "acc_unit", "gyr_unit", "columns", known=known)
