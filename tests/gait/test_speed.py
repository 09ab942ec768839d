"""Gait speed from the trunk: what the formula says, and how right it is on people."""

import os
from pathlib import Path

import numpy as np
import pytest
from gait_walks import STEADY, track, walk
from scipy.spatial.transform import Rotation

from gaitcue.events import Stride, WalkingBoutEnd
from gaitcue.gait.lift import PENDULUM_FACTOR, pace
from gaitcue.gait.strides import STEADY_SPEED_SD, UNSTEADY_SPEED_SD
from gaitcue.imu import Placement, Samples
from gaitcue.recording import open_recordings
from gaitcue.replay import replay
from gaitcue.replay.score.walking import tally_speed
from gaitcue.replay.simulator import Scenario, Stand, Walk

LEG = 0.9


def strides(samples, **settings):
    return [e for e in track(samples, **settings) if isinstance(e, Stride)]


def swinging(lift: float, sway: float, duration: float = 1.1, rate: float = 100.0):
    """(n, 3) acceleration over one stride: a rise of `lift` m a step, `sway` m/s once a stride."""
    w, cycle = (
        2 * np.pi / duration,
        2 * np.pi * np.arange(round(duration * rate)) / (duration * rate),
    )
    up = lift / 2 * (2 * w) ** 2 * np.cos(2 * cycle)
    return np.column_stack([0 * up, sway * w * np.sin(cycle), 9.81 + up])


@pytest.mark.parametrize("lift", [0.005, 0.02, 0.05])
def test_a_trunk_that_only_lifts_goes_as_the_pendulum(lift):
    step = 2 * np.sqrt(2 * LEG * lift - lift**2)
    found = pace(swinging(lift, 0.0), None, 1.1, LEG)
    assert found.speed == pytest.approx(PENDULUM_FACTOR * step / 0.55, rel=1e-6)
    assert found.steady


def test_sway_takes_its_part_whichever_way_it_goes():
    acc = swinging(0.02, 0.6)
    plain = pace(swinging(0.02, 0.0), None, 1.1, LEG)
    swayed = pace(acc, None, 1.1, LEG)
    pendulum = plain.speed / PENDULUM_FACTOR
    part = pendulum**2 / (pendulum**2 + 0.6**2)
    assert swayed.speed == pytest.approx(plain.speed * part, rel=1e-6)
    assert not swayed.steady
    turned = pace(acc[:, [1, 2, 0]], None, 1.1, LEG)
    assert turned.speed == pytest.approx(swayed.speed)


def test_a_trunk_that_tilts_does_not_sway_for_one_that_knows_its_rotation():
    plain = swinging(0.02, 0.0)
    n, cycle = len(plain), 2 * np.pi * np.arange(len(plain)) / len(plain)
    lean, turn = np.deg2rad(8) * np.sin(cycle), np.linspace(0, 1, n)
    attitude = Rotation.from_euler("ZX", np.column_stack([turn, lean]))
    acc = attitude.apply(plain, inverse=True)
    step = attitude[:-1].inv() * attitude[1:]
    gyr = np.concatenate([[[0, 0, 0]], step.as_rotvec() / (1.1 / n)])
    speed = pace(plain, None, 1.1, LEG).speed
    assert pace(acc, gyr, 1.1, LEG).speed == pytest.approx(speed, rel=0.02)
    assert pace(acc, None, 1.1, LEG).speed < 0.95 * speed


def test_a_missed_contact_does_not_halve_the_speed():
    whole = swinging(0.02, 0.1)
    seen = pace(whole, None, 1.1, LEG).speed
    one_and_a_half = np.concatenate([whole, whole[:55]])
    assert pace(one_and_a_half, None, 1.65, LEG).speed == pytest.approx(seen, rel=0.05)
    assert pace(np.concatenate([whole, whole]), None, 2.2, LEG).speed == pytest.approx(
        seen, rel=0.05
    )


def test_who_stands_goes_nowhere():
    assert pace(swinging(0.0, 0.0), None, 1.1, LEG).speed == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("speed", "cadence"), [(0.8, 100), (1.1, 110), (1.3, 115)])
def test_speed_of_simulated_walkers(speed, cadence):
    scenario = Scenario(
        name="paced",
        segments=(Stand(duration=4), Walk(duration=25, speed=speed, cadence=cadence)),
    )
    samples, recording = walk(scenario)
    found = [s.speed for s in strides(samples, height=recording.height)]
    assert np.median(found) == pytest.approx(speed, rel=0.15)


def test_a_calibrated_trunk_tells_its_factor_and_a_foot_keeps_its_own():
    samples, _ = walk(STEADY)
    plain, personal = strides(samples), strides(samples, speed_factor=1.1)
    assert [s.speed for s in personal] == pytest.approx([1.1 * s.speed for s in plain])
    assert [s.length for s in personal] == pytest.approx([1.1 * s.length for s in plain])
    foot, _ = walk(STEADY, Placement.FOOT)
    assert strides(foot, speed_factor=1.1) == strides(foot)


@pytest.mark.parametrize(("sway", "stated"), [(0.0, STEADY_SPEED_SD), (1.0, UNSTEADY_SPEED_SD)])
def test_the_stated_error_is_larger_where_the_trunk_sways(sway, stated):
    stride = swinging(0.03, sway)
    acc = np.tile(stride, (12, 1))
    samples = Samples(
        time=np.arange(len(acc)) / 100, acc=acc, gyr=None, placement=Placement.LOWER_BACK, rate=100
    )
    found = strides(samples)[5:]  # once gravity is known
    assert found
    assert {s.speed_sd for s in found} == {stated}


@pytest.mark.skipif("GAITCUE_DATA" not in os.environ, reason="GAITCUE_DATA is not set")
def test_speed_of_people_is_within_a_difference_that_matters():
    pairs = []
    for recording in open_recordings(Path(os.environ["GAITCUE_DATA"]) / "mobgap_example.zip"):
        events = list(replay(recording.sensors[0], height=recording.height))
        found = tally_speed(events, recording.annotations).pairs
        pairs += [(*pair, "Test5" in recording.name) for pair in found.tolist()]
    errors = np.array([found - truth for truth, found, _ in pairs])
    straight = np.array([is_straight for *_, is_straight in pairs])
    assert len(errors) == 12
    assert np.abs(errors).mean() <= 0.082, "the smallest difference that matters to people"
    # Two people, each with a bias of their own (SD 0.08 m/s between people).
    assert abs(errors.mean()) <= 0.08
    slow = np.array([truth < 0.55 for truth, *_ in pairs])
    assert abs(errors[slow].mean() - errors[~slow].mean()) <= 0.04, "slow walks as right as others"
    assert np.abs(errors[straight]).mean() <= 0.07


def test_a_bout_is_as_unsure_as_its_strides_however_many_there_are():
    samples, _ = walk(STEADY)
    events = track(samples)
    (bout,) = (e for e in events if isinstance(e, WalkingBoutEnd))
    squares = [e.speed_sd**2 for e in events if isinstance(e, Stride)]
    assert len(squares) > 50
    assert bout.speed_sd == pytest.approx(np.mean(squares) ** 0.5, rel=0.02)
    assert bout.speed * (bout.time - bout.start) == pytest.approx(bout.distance)


def test_where_the_error_is_not_known_none_is_told():
    samples, _ = walk(STEADY, Placement.CHEST)
    (bout,) = (e for e in track(samples) if isinstance(e, WalkingBoutEnd))
    assert bout.speed is not None
    assert bout.speed_sd is None
