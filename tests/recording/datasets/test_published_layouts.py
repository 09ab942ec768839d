"""What is read from each publisher's layout, from tiny files with made-up numbers."""

import shutil

import numpy as np
import publishers
import pytest

from gaitcue.errors import InputError
from gaitcue.imu import STANDARD_GRAVITY, Placement, Side
from gaitcue.recording.datasets import find_dataset, read_publisher_file
from gaitcue.recording.model import Kind, read_all

EVERYDAY = {Kind.ACTIVITY, Kind.FREEZE}


def recordings(folder):
    dataset = find_dataset(folder)
    assert dataset is not None
    return {recording.name: recording for recording in dataset.recordings(folder)}


def spans(recording, kind):
    return [(round(a.onset, 4), round(a.end, 4)) for a in recording.of_kind(kind)]


def motion(recording, name):
    (sensor,) = (sensor for sensor in recording.sensors if sensor.name == name)
    return read_all(sensor)[0]


def units(sensor):
    return (sensor.placement, sensor.side, sensor.rate, sensor.gyroscope, sensor.gravity)


def test_daphnet(homes):
    found = recordings(homes["daphnet"])
    assert list(found) == ["S02R01", "S02R02"]
    recording = found["S02R01"]
    assert recording.subject == "S02"
    assert [units(sensor) for sensor in recording.sensors] == [
        (placement, Side.NONE, 64.0, False, True)
        for placement in (Placement.SHANK, Placement.THIGH, Placement.WAIST)
    ]
    assert recording.annotated == {Kind.FREEZE, Kind.EXCLUDED}
    sample = 1 / 64  # the first row is one sample after 0
    assert spans(recording, Kind.FREEZE) == [
        (round(101 * sample, 4), round(151 * sample, 4)),
        (round(201 * sample, 4), round(251 * sample, 4)),
    ]
    assert spans(recording, Kind.EXCLUDED)[0] == (round(sample, 4), round(51 * sample, 4))
    assert motion(recording, "ankle").time[0] == sample
    assert motion(recording, "thigh").missing.sum() == 20  # 0 0 0 is no measurement


def test_tdcsfog(homes):
    found = recordings(homes["tdcsfog"])
    recording = found["00aa11bb22"]
    assert (recording.subject, recording.condition) == ("p1", "test 2, on medication")
    assert units(recording.sensors[0]) == (Placement.LOWER_BACK, Side.NONE, 128.0, False, True)
    assert spans(recording, Kind.FREEZE) == [(0.5, 1.0), (200 / 128, 240 / 128)]
    assert [a.detail for a in recording.annotations] == ["Turn, akinetic", "Walking + Turn"]
    assert found["33cc44dd55"].subject == "p2"
    assert found["33cc44dd55"].annotations[0].detail == "Turn"


def test_tdcsfog_without_its_side_files(homes, tmp_path):
    file = tmp_path / "00aa11bb22.csv"
    shutil.copy(homes["tdcsfog"] / "train/tdcsfog/00aa11bb22.csv", file)
    recording = read_publisher_file(file)
    assert (recording.subject, recording.condition) == ("", "")
    assert len(recording.annotations) == 2


def test_turning_in_place(homes):
    found = recordings(homes["turning_in_place"])
    turning, standing = found["SUB01_1"], found["SUB01_standing"]
    for recording in (turning, standing):
        assert units(recording.sensors[0]) == (Placement.SHANK, Side.LEFT, 128.0, True, True)
        assert (recording.subject, recording.height) == ("PDFE01", 1.5)
    assert spans(turning, Kind.FREEZE) == [(round(101 / 128, 4), round(201 / 128, 4))]
    assert turning.annotated == EVERYDAY
    assert standing.annotated == EVERYDAY | {Kind.WALKING_BOUT}
    assert [a.detail for a in standing.annotations] == ["quiet standing"]
    assert motion(turning, "shank").gyr[0] == pytest.approx([np.pi / 2, 0, -np.pi / 4])


def test_stanford_lumbar(homes):
    found = recordings(homes["stanford_lumbar"])
    assert [recording.subject for recording in found.values()] == ["pt1", "pt10"]
    recording = next(iter(found.values()))
    assert units(recording.sensors[0]) == (Placement.LOWER_BACK, Side.NONE, 64.0, True, True)
    assert recording.condition == "turning and barrier course, visit 27.1, trial 2"
    assert spans(recording, Kind.FREEZE) == [(2.0, 3.0)]
    assert motion(recording, "lower_back").gyr[0] == pytest.approx([0.5, 0, -0.25])


def test_mobgap_takes_the_better_reference_and_invents_nothing(homes):
    found = recordings(homes["mobgap_example"])
    best = found["HA_001_TimeMeasure1_Test5_Trial1"]
    assert units(best.sensors[0]) == (Placement.LOWER_BACK, Side.NONE, 100.0, True, True)
    assert (best.subject, best.height) == ("HA_001", 1.59)
    (bout,) = best.of_kind(Kind.WALKING_BOUT)
    assert (bout.onset, bout.end, bout.speed, bout.stride_length) == (0.5, 2.5, 1.1, 1.2)
    assert [(a.onset, a.side) for a in best.of_kind(Kind.INITIAL_CONTACT)] == [
        (0.5, Side.LEFT), (1.0, Side.RIGHT), (2.5, Side.RIGHT),
    ]  # fmt: skip
    (stride,) = best.of_kind(Kind.STRIDE)
    assert (stride.onset, stride.end, stride.side) == (1.0, 2.5, Side.RIGHT)
    assert (stride.stride_length, stride.speed) == (1.25, 1.0)
    assert [(a.onset, a.detail) for a in best.of_kind(Kind.TURN)] == [(1.5, "-90 deg")]

    second = found["HA_001_TimeMeasure1_Test5_Trial2"]
    assert [a.speed for a in second.of_kind(Kind.WALKING_BOUT)] == [9.0, 1.1]
    assert second.of_kind(Kind.STRIDE)[0].onset == 1.0  # given in seconds there
    assert found["HA_001_TimeMeasure1_Test5_Trial3"].annotated == {Kind.FREEZE}
    assert Kind.FREEZE not in found["PD_002_TimeMeasure1_Test5_Trial1"].annotated


def test_mobgap_counts_no_trial_twice(homes):
    found = [
        r.name for r in find_dataset(homes["mobgap_example"]).recordings(homes["mobgap_example"])
    ]
    assert len(found) == len(set(found)) == 7
    assert "HA_009_TimeMeasure1_Test5_Trial1" in found


def test_a_file_of_several_trials_asks_for_its_folder(homes):
    file = homes["mobgap_example"] / "data/lab/HA/001/data.mat"
    with pytest.raises(InputError, match=r"holds 3 recordings .* give the folder"):
        read_publisher_file(file)
    assert len(recordings(file.parent)) == 3


def test_voisard_counts_lost_packets(homes):
    found = recordings(homes["voisard497"])
    assert list(found) == ["2-1", "10-1"]
    recording = found["2-1"]
    assert [units(sensor) for sensor in recording.sensors] == [
        (Placement.LOWER_BACK, Side.NONE, 100.0, True, True),
        (Placement.FOOT, Side.LEFT, 100.0, True, True),
        (Placement.FOOT, Side.RIGHT, 100.0, True, True),
    ]
    left = motion(recording, "left_foot")
    assert len(left) == publishers.ROWS
    assert np.flatnonzero(left.missing).tolist() == list(range(100, 110))
    assert [(a.onset, a.side) for a in recording.of_kind(Kind.INITIAL_CONTACT)] == [
        (0.8, Side.LEFT), (1.3, Side.RIGHT), (1.9, Side.LEFT), (2.8, Side.RIGHT),
    ]  # fmt: skip
    assert [a.onset for a in recording.of_kind(Kind.FINAL_CONTACT)] == [0.4, 0.9, 1.5, 2.1]
    assert spans(recording, Kind.WALKING_BOUT) == [(0.4, 2.8)]
    assert recording.of_kind(Kind.WALKING_BOUT)[0].speed is None
    assert spans(recording, Kind.TURN) == [(1.5, 1.8)]
    assert Kind.FREEZE in recording.annotated
    assert (recording.height, found["10-1"].height) == (1.75, None)


def test_ipol_derives_speed_from_distance_and_steps(homes):
    found = recordings(homes["ipol265"])
    recording = found["1-1"]
    assert [units(sensor) for sensor in recording.sensors] == [
        (Placement.FOOT, Side.LEFT, 100.0, True, False),
        (Placement.FOOT, Side.RIGHT, 100.0, True, False),
    ]
    (bout,) = recording.of_kind(Kind.WALKING_BOUT)
    assert (bout.onset, bout.end) == (0.4, 2.4)
    assert bout.speed == pytest.approx(2 * 2 / 2.0)  # there and back in 2 s, not the 99 told
    contacts = recording.of_kind(Kind.INITIAL_CONTACT)
    assert [a.side for a in contacts] == [Side.LEFT, Side.RIGHT, Side.LEFT, Side.RIGHT]
    assert [a.onset for a in contacts] == pytest.approx([0.88, 1.48, 2.09, 2.28])
    left = motion(recording, "left_foot")
    assert left.acc[0] == pytest.approx(np.array([0.1, 0.2, 0.3]) * STANDARD_GRAVITY)
    assert left.gyr[0] == pytest.approx([np.pi / 2, 0, -np.pi / 4])
    assert Kind.FREEZE not in recording.annotated
    assert Kind.FREEZE in found["7-1"].annotated


def test_gaitmap_measures_strides_by_motion_capture(homes):
    found = recordings(homes["gaitmap_example"])
    assert "imu_sample" not in found  # the same walk, turned
    walk = found["imu_sample_not_rotated"]
    assert [units(sensor) for sensor in walk.sensors] == [
        (Placement.FOOT, Side.LEFT, 204.8, True, True),
        (Placement.FOOT, Side.RIGHT, 204.8, True, True),
    ]
    left, right = walk.of_kind(Kind.STRIDE)
    assert (left.onset, left.end) == pytest.approx((0.2, 0.7))
    assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
    assert (left.stride_length, right.stride_length) == pytest.approx((0.5, 0.5))
    assert left.speed == pytest.approx(1.0)
    (bout,) = walk.of_kind(Kind.WALKING_BOUT)
    assert (bout.onset, bout.end, bout.speed) == pytest.approx((0.2, 0.9, 1.0))
    assert [a.onset for a in walk.of_kind(Kind.INITIAL_CONTACT)] == pytest.approx(
        [0.2, 0.4, 0.7, 0.9]
    )
    assert np.array_equal(motion(walk, "left_foot").acc, -motion(walk, "right_foot").acc)


def test_gaitmap_slow_and_unlabelled_recordings(homes):
    found = recordings(homes["gaitmap_example"])
    ms = found["imu_sample_ms"]
    assert [(sensor.name, sensor.rate) for sensor in ms.sensors] == [
        ("left_foot", 102.4), ("right_foot", 102.4),
    ]  # fmt: skip
    assert ms.annotated == frozenset()
    assert found["imu_sample_healthy_stair_up"].annotated == {Kind.FREEZE}
    strides = found["imu_sample_ic_stride"]
    assert strides.annotated == {Kind.STRIDE}
    assert spans(strides, Kind.STRIDE) == [(0.5, 1.5)]


def test_gaitmap_reads_the_turned_walk_where_it_stands_alone(homes, tmp_path):
    shutil.copy(homes["gaitmap_example"] / "example_data/imu_sample.csv", tmp_path)
    (alone,) = recordings(tmp_path).values()
    assert alone.annotations == ()
    whole = recordings(homes["gaitmap_example"])["imu_sample_not_rotated"]
    for side in ("left_foot", "right_foot"):
        assert np.array_equal(motion(alone, side).acc, motion(whole, side).acc)


def test_oxford_steps_are_where_a_switch_closes(homes):
    found = recordings(homes["oxford_steps"])
    hand, bag = found["Nexus_Ann_Hard_InHand_1"], found["Pixel_Bob_Hard_Purse_2"]
    assert units(hand.sensors[0]) == (Placement.WRIST, Side.NONE, 200.0, False, True)
    assert units(bag.sensors[0]) == (None, Side.NONE, 100.0, False, True)
    assert [a.onset for a in hand.annotations] == pytest.approx([0.25, 0.45, 0.55])
    assert hand.annotated == {Kind.INITIAL_CONTACT, Kind.FREEZE}
    assert (hand.subject, hand.condition) == ("Ann", "InHand, hard surface")


def test_sisfall(homes):
    found = recordings(homes["sisfall"])
    walking, sitting = found["D01_SE01_R01"], found["D07_SE01_R02"]
    assert units(walking.sensors[0]) == (Placement.WAIST, Side.NONE, 200.0, True, True)
    assert (walking.subject, walking.height) == ("SE01", 1.71)
    assert [(a.detail, a.onset, a.end) for a in walking.annotations] == [("walking slowly", 0, 1.5)]
    assert walking.annotated == EVERYDAY
    assert sitting.annotated == EVERYDAY | {Kind.WALKING_BOUT}
    gyr = motion(walking, "waist").gyr[0]
    assert gyr == pytest.approx([np.pi, 0, -np.pi / 2], rel=1e-3)  # 2949 bits are 180 °/s


def test_umafall_parts_its_sensors(homes):
    found = recordings(homes["umafall"])
    bending = found["UMAFall_Subject_02_ADL_Bending_1_2016-06-13_20-25-34"]
    assert [units(sensor) for sensor in bending.sensors] == [
        (Placement.THIGH, Side.RIGHT, 200.0, False, True),
        (Placement.CHEST, Side.NONE, 20.0, True, True),
    ]  # the ankle's is named, but sent nothing
    assert (bending.subject, bending.height, bending.condition) == ("02", 1.67, "Bending")
    chest = motion(bending, "chest")
    assert len(chest) == 40
    assert chest.gyr[0] == pytest.approx([np.pi / 2, 0, -np.pi / 4])
    assert np.flatnonzero(chest.missing).tolist() == [7]
    assert bending.annotated == EVERYDAY | {Kind.WALKING_BOUT}
    walking = found["UMAFall_Subject_02_ADL_Walking_1_2016-06-13_20-25-34"]
    assert walking.annotated == EVERYDAY


def test_weda_fall_joins_two_files_by_time(homes):
    found = recordings(homes["weda_fall"])
    assert list(found) == ["D01_U21_R01", "D10_U05_R02"]  # and none of the thinned-out copies
    walking = found["D01_U21_R01"]
    assert units(walking.sensors[0]) == (Placement.WRIST, Side.NONE, 50.0, True, True)
    assert (walking.subject, walking.height, walking.condition) == ("U21", 1.70, "walking")
    wrist = motion(walking, "wrist")
    assert len(wrist) == publishers.ROWS
    late = np.isnan(wrist.gyr).any(axis=1)
    assert np.flatnonzero(late).tolist() in ([0, 1, 2, 3], [0, 1, 2, 3, 4])
    assert wrist.gyr[-1] == pytest.approx([0.5, 0, -1])
    assert found["D10_U05_R02"].annotated == EVERYDAY | {Kind.WALKING_BOUT}
