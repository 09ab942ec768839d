"""Whether a sensor is worn, from its motion alone."""

import numpy as np
import pytest

from gaitcue.app.wear import Wear
from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Placement, Samples
from gaitcue.recording.model import read_all
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Stand, Walk, simulate


def worn(acc: FloatArray, start: float = 0.0, size: int = 7) -> Wear:
    wear = Wear()
    time = start + np.arange(len(acc)) / 100
    samples = Samples(time=time, acc=acc, gyr=None, placement=Placement.WAIST, rate=100.0)
    for block in samples.blocks(size):
        wear.take(block)
    return wear


def noisy(seconds: float, sd: float, gravity: float = STANDARD_GRAVITY) -> FloatArray:
    noise = np.random.default_rng(0).normal(0, sd, (round(seconds * 100), 3))
    return noise + np.array([0.0, 0.0, gravity])


def test_a_sensor_on_a_table_is_still_after_a_while() -> None:
    assert not worn(noisy(18, 0.02)).still
    assert worn(noisy(25, 0.02)).still


def test_a_body_that_breathes_or_walks_is_not_still() -> None:
    assert not worn(noisy(40, 0.1)).still


def test_a_sensor_that_moves_again_is_not_still_any_more() -> None:
    assert not worn(np.concatenate([noisy(30, 0.02), noisy(2, 1.0)])).still


@pytest.mark.parametrize(
    ("gravity", "wrong"), [(9.8, False), (9.0, False), (4.9, True), (19, True)]
)
def test_what_cannot_be_gravity_is_told(gravity: float, wrong: bool) -> None:
    assert worn(noisy(10, 0.1, gravity)).implausible is wrong


@pytest.mark.parametrize("placement", [Placement.SHANK, Placement.FOOT, Placement.LOWER_BACK])
def test_a_leg_that_swings_or_trembles_still_feels_gravity(placement: Placement) -> None:
    parts = (
        Stand(duration=3),
        Walk(duration=8),
        Freeze(kind=FreezeKind.TREMBLING, duration=6),
        Walk(duration=8),
    )
    scenario = Scenario(name="walk", segments=parts)
    wear, seen = Wear(), set()
    motion, _ = read_all(simulate(scenario, placement=placement, seed=0).sensors[0])
    for block in motion.blocks(10):
        wear.take(block)
        seen.add(wear.implausible)
    assert seen == {False}
    assert wear.gravity is not None


def test_missing_samples_say_nothing() -> None:
    wear = worn(np.full((3000, 3), np.nan))
    assert not wear.still
    assert wear.gravity is None
