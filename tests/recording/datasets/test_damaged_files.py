"""A damaged publisher's file is told in one sentence, whatever the damage."""

import shutil
import zipfile

import publishers
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gaitcue.errors import InputError
from gaitcue.recording.datasets import find_dataset, read_publisher_file

SETS = sorted(publishers.WRITERS)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Every file of each data set, with its bytes."""
    found = {}
    for name, writer in publishers.WRITERS.items():
        folder = tmp_path_factory.mktemp("sets") / name
        folder.mkdir()
        writer(folder)
        found[name] = [(path, path.read_bytes()) for path in sorted(folder.rglob("*.*"))]
    return found


def exhaust(folder):
    """Read all there is; the number of samples."""
    dataset = find_dataset(folder)
    if dataset is None:
        return 0
    count = 0
    for recording in dataset.recordings(folder):
        for sensor in recording.sensors:
            count += sum(1 for _ in sensor.read())
    return count


def damage(content, how, at, replacement):
    """Cut, overwrite or insert at a share `at` of the content."""
    where = int(at * len(content))
    if how == "cut":
        return content[:where]
    if how == "overwrite":
        return content[:where] + replacement + content[where + len(replacement) :]
    return content[:where] + replacement + content[where:]


@pytest.mark.parametrize("name", SETS)
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    which=st.integers(0, 30),
    how=st.sampled_from(["cut", "overwrite", "insert"]),
    at=st.floats(0, 1),
    replacement=st.one_of(
        st.binary(min_size=1, max_size=6),
        st.sampled_from([b"\n", b"nan", b"1e999", b";", b",", b"\t", b"-", b"\x00", b"9" * 30]),
    ),
)
@example(which=0, how="cut", at=0.0, replacement=b"0")
@example(which=0, how="cut", at=0.9, replacement=b"0")
def test_no_damage_ends_in_a_traceback(files, name, which, how, at, replacement):
    path, content = files[name][which % len(files[name])]
    told = []
    try:
        path.write_bytes(damage(content, how, at, replacement))
        try:
            exhaust(path.parent)
            recording = read_publisher_file(path)
            for sensor in recording.sensors if recording else ():
                list(sensor.read())
        except InputError as error:
            told.append(str(error))
    finally:
        path.write_bytes(content)
    assert all(str(path.parent) in sentence for sentence in told)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("daphnet", "dataset/S02R01.txt"),
        ("tdcsfog", "train/tdcsfog/00aa11bb22.csv"),
        ("turning_in_place", "IMU/SUB01_1.txt"),
        ("stanford_lumbar", "pt10_visit_6_tbc_walklr_0_trial_1.csv"),
        ("mobgap_example", "data_csv/HA/009/TimeMeasure1_Test5_Trial1.csv"),
        ("voisard497", "GaitData/2-1_lf.txt"),
        ("ipol265", "GaitData/1-1.csv"),
        ("gaitmap_example", "example_data/imu_sample_not_rotated.csv"),
        ("oxford_steps", "optimisation/data/Nexus_Ann_Hard_InHand_1/accelerometer.csv"),
        ("sisfall", "SE01/D01_SE01_R01.txt"),
        ("umafall", "UMAFall_Subject_02_ADL_Walking_1_2016-06-13_20-25-34.csv"),
        ("weda_fall", "dataset/50Hz/D01/U21_R01_accel.csv"),
    ],
)
def test_the_line_that_is_cut_short_is_named(tmp_path, name, file):
    publishers.WRITERS[name](tmp_path)
    path = tmp_path / file
    lines = path.read_bytes().rstrip().split(b"\n")
    cut = next(k for k, line in enumerate(lines) if k > len(lines) // 2)
    separator = b"\t" if b"\t" in lines[cut] else b";" if b";" in lines[cut] else b","
    separator = separator if separator in lines[cut] else b" "
    kept = lines[cut].strip(b";\r").rsplit(separator if name != "sisfall" else b",", 3)[0]
    path.write_bytes(b"\n".join([*lines[:cut], kept]))
    with pytest.raises(InputError, match=rf"{path.name}, line {cut + 1}\b"):
        exhaust(tmp_path)


def test_a_header_without_rows_is_told(tmp_path):
    publishers.stanford_lumbar(tmp_path)
    path = tmp_path / "pt10_visit_6_tbc_walklr_0_trial_1.csv"
    path.write_bytes(path.read_bytes().partition(b"\n")[0])
    with pytest.raises(InputError, match=r"trial_1\.csv holds no rows"):
        read_publisher_file(path)


def test_broken_side_files_are_told(tmp_path):
    publishers.voisard497(tmp_path)
    publishers.ipol265(tmp_path / "other")
    for path, text, words in (
        (tmp_path / "GaitData/2-1.json", "{", "not readable as JSON"),
        (tmp_path / "GaitData/2-1.json", "[]", "expected one JSON object"),
        (tmp_path / "GaitData/2-1.json", '{"Subject": "two"}', "a number as 'Subject'"),
        (
            tmp_path / "other/GaitData/1-1.json",
            '{"Subject": 1, "LeftFootActivity": [[5, 4]]}',
            r"expected a list of \[start, end\] as 'LeftFootActivity'",
        ),
        (
            tmp_path / "other/GaitData/1-1.json",
            '{"Subject": 1, "LeftFootActivity": [[1, 2]], "RightFootActivity": []}',
            "the movements of both feet",
        ),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=words):
            read_publisher_file(path)


def test_a_damaged_zip_is_told(tmp_path):
    publishers.stanford_lumbar(tmp_path / "set")
    file = publishers.zipped(tmp_path / "set", tmp_path / "set.zip")
    content = bytearray(file.read_bytes())
    content[300:400] = bytes(100)
    file.write_bytes(content)
    root = zipfile.Path(file)
    with pytest.raises(InputError, match=r"cannot read .*set\.zip"):
        exhaust(root)


def test_a_file_that_vanished_is_told(tmp_path):
    publishers.daphnet(tmp_path)
    recording = read_publisher_file(tmp_path / "dataset/S02R01.txt")
    shutil.rmtree(tmp_path / "dataset")
    with pytest.raises(InputError, match=r"cannot read .*S02R01\.txt: No such file"):
        list(recording.sensors[0].read())
