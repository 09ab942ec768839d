import json
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from making import recording, sensor

from gaitcue.errors import InputError
from gaitcue.events import DataProblem
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording import ReadOptions, open_recordings, write_walk, write_walks
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.model import Kind, Recording, read_all


def read(path, **options):
    (found,) = open_recordings(path, ReadOptions(**options))
    return found


def same_bits(a, b):
    return np.array_equal(a, b, equal_nan=True) and np.array_equal(np.signbit(a), np.signbit(b))


def test_a_walk_reads_back_to_the_last_bit(tmp_path):
    walk = recording(
        sensor("back", missing=30),
        sensor("left shank", rate=204.8, placement=Placement.SHANK, side=Side.LEFT, seed=1),
        sensor("wrist", gyroscope=False, gravity=True, placement=None, device="Watch 2", seed=2),
    )
    write_walk(walk, tmp_path / "walk")
    back = read(tmp_path / "walk")
    for name in (field.name for field in fields(Recording) if field.name != "sensors"):
        assert getattr(back, name) == getattr(walk, name)
    assert back.sensors == walk.sensors
    for written, found in zip(walk.sensors, back.sensors, strict=True):
        (before, _), (after, problems) = read_all(written), read_all(found)
        assert problems == []
        assert same_bits(before.time, after.time)
        assert same_bits(before.acc, after.acc)
        assert (before.gyr is None) == (after.gyr is None)
        assert before.gyr is None or same_bits(before.gyr, after.gyr)


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 30), st.just(6)),
        elements=st.one_of(st.floats(-1e30, 1e30), st.just(np.nan)),
    ),
    st.floats(-1e6, 1e6),
    st.floats(0.5, 2000),
)
@settings(max_examples=40)
def test_any_samples_read_back_to_the_last_bit(tmp_path_factory, values, start, rate):
    wild = array_sensor(
        "s", lambda: Motion(values[:, :3], values[:, 3:], start=start),
        rate=rate, placement=Placement.WAIST, gyroscope=True, gravity=False,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("any") / "walk"
    write_walk(recording(wild), folder)
    before, _ = read_all(wild)
    after, problems = read_all(read(folder).sensors[0])
    assert problems == []
    assert same_bits(before.time, after.time)
    assert same_bits(before.acc, after.acc)
    assert same_bits(before.gyr, after.gyr)


def test_time_that_follows_a_drifting_or_bursty_clock_reads_back_to_the_last_bit(tmp_path):
    measured = np.arange(30_000) / 100
    stamps = np.floor(measured * 1.004 / 0.1) * 0.1
    values = np.tile([0.0, 0.0, 9.8], (len(stamps), 1))
    bursty = array_sensor(
        "s", lambda: Motion(values, stamps=stamps),
        rate=100.0, placement=Placement.WRIST, gyroscope=False,
    )  # fmt: skip
    told = write_walk(recording(bursty), tmp_path / "walk")
    assert "bursty_time" in {problem.kind for problem in told}
    before, problems_before = read_all(bursty)
    after, problems_after = read_all(read(tmp_path / "walk").sensors[0])
    assert same_bits(before.time, after.time)
    assert same_bits(before.acc, after.acc)
    assert sorted(problems_after, key=str) == sorted(problems_before, key=str)


def test_motion_of_a_walk_opens_alone(tmp_path):
    walk = recording(sensor("ankle", placement=Placement.SHANK, side=Side.RIGHT, device="X io"))
    write_walk(walk, tmp_path / "walk")
    alone = read(tmp_path / "walk" / "motion.csv")
    assert alone.sensors == walk.sensors
    assert alone.subject == "P07"
    assert same_bits(read_all(alone.sensors[0])[0].acc, read_all(walk.sensors[0])[0].acc)


def test_what_nobody_told_can_be_told_when_reading(tmp_path):
    write_walk(recording(sensor(placement=None)), tmp_path / "walk")
    (told,) = read(tmp_path / "walk", placement=Placement.FOOT, side=Side.LEFT).sensors
    assert (told.placement, told.side) == (Placement.FOOT, Side.LEFT)
    assert next(told.read()).placement is Placement.FOOT
    write_walk(recording(sensor()), tmp_path / "known")
    (kept,) = read(tmp_path / "known", placement=Placement.FOOT).sensors
    assert kept.placement is Placement.LOWER_BACK


def test_labels_made_by_hand_count_as_looked_for(tmp_path):
    write_walk(recording(annotations=(), annotated=frozenset()), tmp_path / "walk")
    assert not (tmp_path / "walk" / "annotations.tsv").exists()
    (tmp_path / "walk" / "annotations.tsv").write_text(
        "onset\tduration\ttrial_type\trater\n2\t1.5\tfreeze\tA\n"
    )
    walk = read(tmp_path / "walk")
    assert walk.annotated == {Kind.FREEZE}
    assert [(label.onset, label.end) for label in walk.annotations] == [(2.0, 3.5)]


def test_nothing_is_overwritten(tmp_path):
    write_walk(recording(), tmp_path / "walk")
    before = (tmp_path / "walk" / "walk.json").read_bytes()
    for target in (tmp_path / "walk", tmp_path / "walk" / "walk.json"):
        with pytest.raises(InputError, match="nothing is overwritten"):
            write_walk(recording(name="other"), target)
    assert (tmp_path / "walk" / "walk.json").read_bytes() == before


def test_a_walk_that_cannot_be_read_to_its_end_leaves_nothing_behind(tmp_path):
    def breaks_off():
        raise InputError("the source is broken")

    broken = array_sensor("s", breaks_off, rate=100.0, placement=None, gyroscope=False)
    with pytest.raises(InputError, match="the source is broken"):
        write_walk(recording(sensor(), broken), tmp_path / "walk")
    assert list(tmp_path.iterdir()) == []


def test_several_recordings_become_folders_named_after_them(tmp_path):
    walks = [recording(name=name) for name in ("S01/R01", "S01/R01", "..", "S02")]
    written = [folder.name for _, folder, _ in write_walks(iter(walks), tmp_path / "all")]
    assert written == ["S01_R01", "S01_R01_2", "walk", "S02"]
    names = sorted(found.name for found in open_recordings(tmp_path / "all"))
    assert names == sorted(walk.name for walk in walks)


def edited(folder, **changes):
    walk = json.loads((folder / "walk.json").read_text())
    sensor_changes = changes.pop("sensor", {})
    walk["sensors"][0].update(sensor_changes)
    walk.update(changes)
    dropped = {name for name, value in walk.items() if value is KeyError}
    text = json.dumps({name: value for name, value in walk.items() if name not in dropped})
    (folder / "walk.json").write_text(text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "other"}, "expected .format."),
        ({"version": 2}, "newer gaitcue"),
        ({"version": "1"}, "'version' must be a int"),
        ({"version": KeyError}, "'version' is missing"),
        ({"sensors": []}, "no sensor"),
        ({"sensors": {}}, "'sensors' must be a list"),
        ({"sensors": [1]}, "must be an object"),
        ({"annotated": ["dancing"]}, "dancing"),
        ({"annotated": "freeze"}, "'annotated' must be a list"),
        ({"height": "tall"}, "'height' must be a float"),
        ({"sensor": {"file": "../motion.csv"}}, "not in"),
        ({"sensor": {"file": "gone.csv"}}, "not in"),
        ({"sensor": {"rate": 0}}, "above 0 Hz"),
        ({"sensor": {"rate": None}}, "'rate' must be a float"),
        ({"sensor": {"placement": "tail"}}, "tail"),
        ({"sensor": {"placement": 3}}, "3"),
        ({"sensor": {"side": ["left"]}}, "side"),
        ({"sensor": {"problems": [{"type": "step"}]}}, "problems"),
    ],
)
def test_a_malformed_walk_is_told_in_one_sentence(tmp_path, changes, words):
    write_walk(recording(), tmp_path / "walk")
    edited(tmp_path / "walk", **changes)
    with pytest.raises(InputError, match=words) as told:
        read(tmp_path / "walk")
    assert "walk.json" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": NaN}', b"nul\0"]
)
def test_a_walk_file_of_garbage_is_told_in_one_sentence(tmp_path, text):
    (tmp_path / "walk.json").write_bytes(text)
    with pytest.raises(InputError, match=r"walk\.json"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1\t2", "line 2: expected 3 cells"),
        ("x\t2\tfreeze", "onset 'x' is not a number"),
        ("n/a\t2\tfreeze", "onset must be a number"),
        ("nan\t2\tfreeze", "onset 'nan' is not a number"),
        ("1\t2\tsleep", "trial_type 'sleep' is not one of freeze"),
    ],
)
def test_a_malformed_label_is_told_with_its_line(tmp_path, line, words):
    write_walk(recording(), tmp_path / "walk")
    (tmp_path / "walk" / "annotations.tsv").write_text(f"onset\tduration\ttrial_type\n{line}\n")
    with pytest.raises(InputError, match=words):
        read(tmp_path / "walk")


def test_problems_of_the_source_are_told_again_among_the_samples(tmp_path):
    time = np.arange(60_000) / 100
    time[30_000] = time[29_999]
    values = np.tile([0.0, 0.0, 9.8], (len(time), 1))
    values[:, 0] = np.arange(len(time)) / 1e5
    source = array_sensor(
        "s", lambda: Motion(values, stamps=time), rate=100.0, placement=None, gyroscope=False
    )
    write_walk(recording(source), tmp_path / "walk")
    items = list(read(tmp_path / "walk").sensors[0].read())
    (at,) = (number for number, item in enumerate(items) if isinstance(item, DataProblem))
    assert items[at].kind == "repeated_time"
    assert isinstance(items[at - 1], Samples)
    assert items[at - 1].time[-1] >= items[at].decided
    assert at < len(items) - 1
