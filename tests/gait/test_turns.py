"""Turns: their angle, sense, peak and steps, from trunk and legs."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from gait_walks import STEADY, track, walk
from scipy.spatial.transform import Rotation

from gaitcue.events import Turn
from gaitcue.gait.turns import RecentTurning
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.model import Kind
from gaitcue.replay.simulator import Scenario, SensorModel, Stand, Strap, Walk
from gaitcue.replay.simulator import Turn as Turning

ANGLES = (np.pi, -np.pi / 2, -np.pi)
THERE_AND_BACK = Scenario(
    name="there and back",
    segments=(
        Stand(duration=3),
        Walk(duration=12),
        Turning(angle=ANGLES[0], duration=3, speed=0.6),
        Walk(duration=10),
        Turning(angle=ANGLES[1], duration=2.5, speed=0.6),
        Walk(duration=10),
        Turning(angle=ANGLES[2], duration=4, speed=0.6),
        Stand(duration=5),
    ),
)
FEET = [(Placement.FOOT, Side.LEFT), (Placement.FOOT, Side.RIGHT)]
EVERYWHERE = [
    (Placement.LOWER_BACK, Side.NONE),
    (Placement.CHEST, Side.NONE),
    (Placement.SHANK, Side.LEFT),
    *FEET,
]


def turns(samples: Samples, **settings: object) -> list[Turn]:
    return [event for event in track(samples, **settings) if isinstance(event, Turn)]


def without_gravity(samples: Samples) -> Samples:
    """The same with gravity taken out exactly: the attitude is known from the gyroscope."""
    step = Rotation.from_rotvec(samples.gyr / samples.rate)
    attitude, down = Rotation.identity(), samples.acc[: int(samples.rate)].mean(axis=0)
    acc = samples.acc.copy()
    for row in range(len(acc)):
        acc[row] -= attitude.inv().apply(down)
        attitude = attitude * step[row]
    return replace(samples, acc=acc, gravity=False)


@pytest.mark.parametrize(("placement", "side"), EVERYWHERE)
@pytest.mark.parametrize("strap", [Strap.UPRIGHT, Strap.RANDOM])
def test_every_turn_is_found_with_angle_and_sense(placement, side, strap):
    samples, recording = walk(THERE_AND_BACK, placement, side, model=SensorModel(strap=strap))
    found, truth = turns(samples), recording.of_kind(Kind.TURN)
    assert [t.angle for t in found] == pytest.approx(ANGLES, abs=np.deg2rad(20))
    for turn, reference in zip(found, truth, strict=True):
        assert turn.time < reference.end
        assert turn.end > reference.onset


@pytest.mark.parametrize(("placement", "side"), EVERYWHERE)
def test_the_steps_of_a_turn_are_those_of_both_feet(placement, side):
    samples, recording = walk(THERE_AND_BACK, placement, side)
    contacts = np.array([a.onset for a in recording.of_kind(Kind.INITIAL_CONTACT)])
    for turn in turns(samples):
        truth = np.sum((contacts >= turn.time) & (contacts <= turn.end))
        assert turn.steps == pytest.approx(truth, abs=1 if side is Side.NONE else 2)


@pytest.mark.parametrize(("placement", "side"), EVERYWHERE)
def test_who_walks_straight_on_does_not_turn(placement, side):
    samples, _ = walk(STEADY, placement, side)
    assert turns(samples) == []


@pytest.mark.parametrize(("placement", "side"), FEET)
@pytest.mark.parametrize("strap", [Strap.UPRIGHT, Strap.RANDOM])
def test_a_foot_needs_no_gravity_to_tell_a_turn(placement, side, strap):
    model = SensorModel(noise=0, strap=strap)
    samples, _ = walk(THERE_AND_BACK, placement, side, model=model)
    found = turns(without_gravity(samples), gravity=False)
    assert [t.angle for t in found] == pytest.approx(ANGLES, abs=np.deg2rad(20))


def test_the_peak_of_a_turn_is_that_of_the_trunk():
    samples, _ = walk(THERE_AND_BACK, model=SensorModel(noise=0))
    for turn in turns(samples):
        within = (samples.time >= turn.time) & (samples.time <= turn.end)
        # x is up along the trunk; the pelvis twists with each step, which is smoothed away.
        mean = np.convolve(samples.gyr[:, 0], np.ones(50) / 50, mode="same")[within]
        assert turn.peak_rate == pytest.approx(np.abs(mean).max(), rel=0.25)


def test_the_angle_turned_of_late_is_known_before_the_turn_is_over():
    yaw = np.concatenate([np.zeros(1000), -np.ones(200), np.zeros(1000)])  # 2 rad to the right
    ticks = np.arange(24, len(yaw), 25)
    angle = RecentTurning(100.0)(yaw, ticks)
    assert angle[39] == 0
    assert 1.0 < angle[47] < 2.0
    assert angle[-1] < 0.1
    cut, pieces = RecentTurning(100.0), []
    for start, stop in pairwise([0, 7, 1100, 1110, len(yaw)]):
        within = ticks[(ticks >= start) & (ticks < stop)] - start
        pieces += cut(yaw[start:stop], within)
    assert pieces == angle
