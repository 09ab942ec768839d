"""The published data sets themselves, in the folder that GAITCUE_DATA names."""

import os
import zipfile
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from gaitcue.imu import STANDARD_GRAVITY, Placement, Side
from gaitcue.recording.datasets import find_dataset
from gaitcue.recording.model import Kind, read_all

pytestmark = pytest.mark.skipif(
    "GAITCUE_DATA" not in os.environ,
    reason="set GAITCUE_DATA to the folder with the zips of the published data sets",
)


@dataclass(frozen=True)
class Facts:
    """Of one zip: what its description says, or what was counted in the files apart from here."""

    name: str
    recordings: int
    subjects: int
    freezes: int = 0
    contacts: int = 0
    bouts: int = 0


FACTS = {
    "daphnet": Facts("daphnet", 5, 3, freezes=30),
    "gaitmap_example": Facts("gaitmap_example", 5, 4, contacts=59, bouts=1),
    "ipol265": Facts("ipol265", 210, 47, contacts=8302, bouts=210),
    "mobgap_example": Facts("mobgap_example", 6, 2, contacts=133, bouts=12),
    "oxford_steps": Facts("oxford_steps", 44, 3, contacts=12841),
    "sisfall_elderly": Facts("sisfall", 295, 5),
    "stanford_lumbar": Facts("stanford_lumbar", 36, 5, freezes=149),
    "tdcsfog": Facts("tdcsfog", 618, 47, freezes=830),
    "turning_in_place": Facts("turning_in_place", 75, 26, freezes=137),
    "umafall": Facts("umafall", 238, 5),
    "voisard497": Facts("voisard497", 78, 13, contacts=2783, bouts=78),
    "weda_fall": Facts("weda_fall", 64, 5),
}


RARELY_STILL = {"daphnet": 0.2, "turning_in_place": 0.15}
"""Share by which even the stillest second of a leg that moves all the time may miss gravity."""


@cache
def recordings(name):
    root = zipfile.Path(Path(os.environ["GAITCUE_DATA"]) / f"{name}.zip")
    return tuple(find_dataset(root).recordings(root))


def few(name, count=3):
    """Recordings from all over the set."""
    found = recordings(name)
    return list(islice(found, 0, None, max(1, len(found) // count)))[:count]


def count(name, kind):
    return sum(len(recording.of_kind(kind)) for recording in recordings(name))


def stillest(samples):
    """Length of the mean acceleration in the second that moves least, m/s²."""
    width = int(samples.rate)
    parts = [samples.acc[k : k + width] for k in range(0, len(samples) - width, width)]
    whole = [part for part in parts if np.isfinite(part).all()]
    return np.linalg.norm(min(whole, key=lambda part: part.std(axis=0).sum()).mean(axis=0))


@pytest.mark.parametrize("name", FACTS)
def test_counts(name):
    facts = FACTS[name]
    found = recordings(name)
    assert {recording.source for recording in found} == {facts.name}
    assert len({recording.name for recording in found}) == len(found) == facts.recordings
    assert len({recording.subject for recording in found}) == facts.subjects
    assert count(name, Kind.FREEZE) == facts.freezes
    assert count(name, Kind.INITIAL_CONTACT) == facts.contacts
    assert count(name, Kind.WALKING_BOUT) == facts.bouts


@pytest.mark.parametrize("name", FACTS)
def test_gravity_rate_and_labels_fit_the_motion(name):
    for recording in few(name):
        for sensor in recording.sensors:
            samples, _ = read_all(sensor)
            assert samples.rate == sensor.rate
            assert np.isfinite(samples.acc).any()
            if name == "umafall" and sensor.name == "chest":
                continue  # in many files it reads a quarter of gravity for the first seconds
            if sensor.gravity:
                tolerance = RARELY_STILL.get(name, 0.1)
                assert stillest(samples) == pytest.approx(STANDARD_GRAVITY, rel=tolerance)
            else:
                assert stillest(samples) < 1
            if samples.gyr is not None:
                assert 0.1 < np.nanmax(np.abs(samples.gyr)) < 40  # rad/s, not °/s
            for annotation in recording.annotations:
                assert annotation.onset >= samples.time[0] - 0.1
                assert annotation.end <= samples.time[-1] + 0.3  # the last packets may be lost


def test_people_have_a_height_where_it_is_told():
    for name in ("turning_in_place", "mobgap_example", "ipol265", "sisfall_elderly", "umafall",
                 "weda_fall"):  # fmt: skip
        heights = {recording.subject: recording.height for recording in recordings(name)}
        if name == "ipol265":
            assert heights.pop("155") is None  # "NC" in the file
        assert all(1.4 < height < 2 for height in heights.values())


def test_the_leg_of_turning_in_place_is_known_from_the_side_that_is_more_affected():
    sides = {recording.sensors[0].side for recording in recordings("turning_in_place")}
    assert sides == {Side.LEFT, Side.RIGHT}


def test_most_of_tdcsfogs_freezing_is_where_its_description_says():
    frozen = {}
    for recording in recordings("tdcsfog"):
        time = sum(freeze.duration for freeze in recording.of_kind(Kind.FREEZE))
        frozen[recording.subject] = frozen.get(recording.subject, 0) + time
    assert sum(time > 0 for time in frozen.values()) == 31
    assert frozen["a9e866"] / sum(frozen.values()) > 0.3


def test_everyday_sets_and_healthy_people_are_known_not_to_freeze():
    for name in ("oxford_steps", "sisfall_elderly", "umafall", "voisard497", "weda_fall",
                 "mobgap_example"):  # fmt: skip
        assert all(Kind.FREEZE in recording.annotated for recording in recordings(name))


@pytest.mark.parametrize("name", ["gaitmap_example", "ipol265", "oxford_steps", "voisard497"])
def test_contacts_make_a_plausible_cadence(name):
    for recording in recordings(name):
        onsets = np.array([a.onset for a in recording.of_kind(Kind.INITIAL_CONTACT)])
        if len(onsets):
            assert 30 < 60 / np.median(np.diff(onsets)) < 150


@pytest.mark.parametrize("name", ["gaitmap_example", "ipol265", "mobgap_example"])
def test_bouts_have_a_plausible_speed(name):
    speeds = [a.speed for r in recordings(name) for a in r.of_kind(Kind.WALKING_BOUT)]
    assert min(speeds) > 0.2
    assert np.median(speeds) < 1.4
    assert max(speeds) < 2.1


def test_motion_capture_and_steps_agree_on_the_walk_of_gaitmap():
    (walk,) = (r for r in recordings("gaitmap_example") if r.of_kind(Kind.WALKING_BOUT))
    lengths = [stride.stride_length for stride in walk.of_kind(Kind.STRIDE)]
    assert np.median(lengths) == pytest.approx(1.38, abs=0.02)
    assert sum(lengths) / 2 == pytest.approx(38, abs=2)  # both feet walk 2 x 20 m less the ends


@pytest.mark.parametrize(
    ("name", "early", "late"),
    [("voisard497", -0.02, 0.05), ("gaitmap_example", -0.02, 0.05), ("ipol265", -0.2, 0.1)],
)
def test_feet_hit_the_ground_at_the_contacts(name, early, late):
    """The strongest jerk of the foot within 0.25 s is where the label says."""
    lags = []
    for recording in few(name, 6):
        for sensor in recording.sensors:
            if sensor.placement is not Placement.FOOT:
                continue
            samples, _ = read_all(sensor)
            jerk = np.linalg.norm(np.diff(samples.acc, axis=0), axis=1)
            reach = int(0.25 * samples.rate)
            for contact in recording.of_kind(Kind.INITIAL_CONTACT):
                at = round((contact.onset - samples.time[0]) * samples.rate)
                around = jerk[max(at - reach, 0) : at + reach]
                whole = len(around) == 2 * reach and np.isfinite(around).all()
                if contact.side is sensor.side and whole:
                    lags.append((int(np.argmax(around)) - reach) / samples.rate)
    assert len(lags) > 50
    assert early < np.quantile(lags, 0.1)
    assert np.quantile(lags, 0.8) < late


def test_packets_of_voisard_are_lost_and_counted():
    lost = total = 0
    for recording in few("voisard497", 20):
        samples, problems = read_all(recording.sensors[0])
        assert problems == []
        lost += int(samples.missing.sum())
        total += len(samples)
    assert 0.01 < lost / total < 0.15


def test_a_sensor_of_daphnet_that_fell_off_is_missing():
    (recording,) = (r for r in recordings("daphnet") if r.name == "S03R03")
    missing = {sensor.name: read_all(sensor)[0].missing.mean() for sensor in recording.sensors}
    assert missing["thigh"] == pytest.approx(0.46, abs=0.01)
    assert max(missing["ankle"], missing["trunk"]) < 0.01
