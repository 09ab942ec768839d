"""Finding a data set in a folder, a zip or a file, and reading it lazily."""

import shutil
import zipfile

import numpy as np
import publishers
import pytest

from gaitcue.errors import InputError
from gaitcue.imu import STANDARD_GRAVITY
from gaitcue.recording import open_recordings
from gaitcue.recording.datasets import Dataset, find_dataset, read_publisher_file
from gaitcue.recording.model import Recording, read_all

SETS = sorted(publishers.WRITERS)


def recordings(folder):
    return {found.name: found for found in find_dataset(folder).recordings(folder)}


def facts(recording):
    """All of a recording that can be compared, its samples included."""
    samples = [read_all(sensor) for sensor in recording.sensors]
    return (
        recording,
        [
            (s.time.tobytes(), s.acc.tobytes(), s.gyr is None or s.gyr.tobytes(), p)
            for s, p in samples
        ],
    )


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_found_from_its_folder_and_from_the_one_above(homes, name):
    for root in (homes[name], homes[name].parent):
        dataset = find_dataset(root)
        assert isinstance(dataset, Dataset)
        assert dataset.name == name


@pytest.mark.parametrize("name", SETS)
def test_the_name_of_the_folder_does_not_matter(homes, tmp_path, name):
    renamed = tmp_path / "anything"
    shutil.copytree(homes[name], renamed)
    assert find_dataset(renamed).name == name


@pytest.mark.parametrize("name", SETS)
def test_a_zip_gives_the_same_as_its_folder(homes, tmp_path, name):
    file = publishers.zipped(homes[name], tmp_path / "set.zip")
    root = zipfile.Path(file)
    inside = [facts(recording) for recording in find_dataset(root).recordings(root)]
    outside = [facts(recording) for recording in find_dataset(homes[name]).recordings(homes[name])]
    assert len(inside) >= 2
    assert inside == outside


@pytest.mark.parametrize("name", SETS)
def test_sensors_are_read_when_asked_and_as_often_as_asked(homes, name):
    for recording in recordings(homes[name]).values():
        for sensor in recording.sensors:
            first, again = (read_all(sensor)[0] for _ in range(2))
            assert first.acc.tobytes() == again.acc.tobytes()
            assert len(first) > 30
            assert (first.rate, first.placement, first.side) == (
                sensor.rate, sensor.placement, sensor.side,
            )  # fmt: skip
            assert (first.gyr is not None) == sensor.gyroscope
            assert first.gravity == sensor.gravity
            assert np.abs(np.diff(first.time) * first.rate - 1).max() < 0.01


@pytest.mark.parametrize("name", SETS)
def test_gravity_is_one_g_where_it_is_measured(homes, name):
    for recording in recordings(homes[name]).values():
        for sensor in recording.sensors:
            size = np.linalg.norm(np.nanmedian(read_all(sensor)[0].acc, axis=0))
            if sensor.gravity:
                assert size == pytest.approx(STANDARD_GRAVITY, rel=0.02)
            assert {a.kind for a in recording.annotations} <= recording.annotated


@pytest.mark.parametrize("name", SETS)
def test_a_single_file_gives_what_the_whole_set_gives_for_it(homes, name):
    of_set = {n: facts(recording) for n, recording in recordings(homes[name]).items()}
    seen = 0
    for path in sorted(homes[name].rglob("*")):
        if path.is_dir() or path.name == "data.mat":
            continue
        alone = read_publisher_file(path)
        if alone is not None and alone.name in of_set and path.parent.parent.name != "HA":
            seen += 1
            assert facts(alone) == of_set[alone.name]
    assert seen >= 2 or name == "mobgap_example"


def test_recordings_come_one_at_a_time(homes, tmp_path):
    shutil.copytree(homes["daphnet"], tmp_path / "set")
    (tmp_path / "set/dataset/S02R02.txt").write_text("15" + " 1" * 9 + " 0\nbroken\n")
    found = find_dataset(tmp_path).recordings(tmp_path)
    assert next(found).name == "S02R01"
    with pytest.raises(InputError, match=r"S02R02\.txt, line 2"):
        next(found)


def test_open_recordings_reads_folders_zips_and_files(homes, tmp_path):
    file = publishers.zipped(homes["daphnet"], tmp_path / "daphnet.zip")
    for target in (homes["daphnet"], file):
        assert [recording.name for recording in open_recordings(target)] == ["S02R01", "S02R02"]
    (one,) = open_recordings(homes["daphnet"] / "dataset/S02R02.txt")
    assert (one.name, one.source) == ("S02R02", "daphnet")


def test_two_sets_in_one_folder_are_not_half_read(homes, tmp_path):
    for name in ("daphnet", "sisfall"):
        shutil.copytree(homes[name], tmp_path / name)
    with pytest.raises(InputError, match=r"several data sets \(daphnet, sisfall\)"):
        find_dataset(tmp_path)


def test_other_files_are_left_to_others(tmp_path):
    publishers.write(tmp_path, "S02R01.txt", "this is", "a letter")
    publishers.write(tmp_path, "1-1.json", "{}")
    publishers.write(tmp_path, "accelerometer.csv", "time,x,y,z", "0,1,2,3")
    publishers.write(tmp_path, "00aa11bb22.csv", "a,b", "1,2")
    assert find_dataset(tmp_path) is None
    assert all(read_publisher_file(path) is None for path in tmp_path.iterdir())


class FakeEntry:
    name = "fake"
    value = "fake_package:FAKE"

    def __init__(self, load):
        self.load = load


def offer(monkeypatch, load):
    def offered(*, group):
        return [FakeEntry(load)] if group == "gaitcue.formats" else []

    monkeypatch.setattr("gaitcue.recording.datasets.registry.entry_points", offered)


def test_another_package_can_offer_a_set(monkeypatch, tmp_path):
    def read(files):
        for file in files:
            yield Recording(name=file.stem, subject="x", sensors=(), source="fake")

    def main_file(file):
        return file if file.head().startswith(b"FAKE") else None

    offer(monkeypatch, lambda: Dataset("fake", main_file, read))
    publishers.write(tmp_path, "one.fake", "FAKE 1")
    assert find_dataset(tmp_path).name == "fake"
    assert read_publisher_file(tmp_path / "one.fake").name == "one"
    assert [recording.name for recording in open_recordings(tmp_path)] == ["one"]


def test_a_broken_offer_is_told(monkeypatch, tmp_path):
    def broken():
        raise ImportError("no module named other")

    offer(monkeypatch, broken)
    with pytest.raises(InputError, match=r"'fake' \(fake_package:FAKE\) cannot be loaded"):
        find_dataset(publishers.write(tmp_path, "a.csv", "1").parent)
    offer(monkeypatch, lambda: "not a data set")
    with pytest.raises(InputError, match="is not a Dataset"):
        find_dataset(tmp_path)
