"""What the simulated sensor does to a motion: axes, noise, range, resolution and loss."""

import numpy as np
import pytest

from gaitcue.imu import STANDARD_GRAVITY, Placement, Samples
from gaitcue.recording.model import read_all
from gaitcue.replay.simulator import (
    SCENARIOS,
    Scenario,
    SensorModel,
    Sit,
    Stand,
    Strap,
    Walk,
    Walker,
    simulate,
)

WALK = Scenario(name="walk", segments=(Stand(duration=3), Walk(duration=9), Stand(duration=3)))
PERFECT = SensorModel(noise=0)


def samples(
    scenario: Scenario = WALK,
    model: SensorModel = SensorModel(),  # noqa: B008
    placement: Placement = Placement.LOWER_BACK,
    rate: float = 64.0,
    seed: int = 4,
) -> Samples:
    walk = simulate(scenario, placement=placement, rate=rate, seed=seed, model=model)
    motion, problems = read_all(walk.sensors[0])
    assert not problems
    return motion


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    first, again, other = samples(), samples(), samples(seed=5)
    assert first.acc.tobytes() == again.acc.tobytes()
    assert first.gyr is not None
    assert again.gyr is not None
    assert first.gyr.tobytes() == again.gyr.tobytes()
    assert not np.allclose(first.acc, other.acc)


@pytest.mark.parametrize("strap", [Strap.UPSIDE_DOWN, Strap.RANDOM])
@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.SHANK])
def test_the_strap_changes_nothing_but_the_axes(strap: Strap, placement: Placement) -> None:
    upright = samples(model=PERFECT, placement=placement)
    turned = samples(model=SensorModel(noise=0, strap=strap), placement=placement)
    assert upright.gyr is not None
    assert turned.gyr is not None
    u, _, vt = np.linalg.svd(turned.acc.T @ upright.acc)
    rotation = u @ vt
    assert np.linalg.det(rotation) == pytest.approx(1)
    assert not np.allclose(rotation, np.eye(3), atol=0.1)
    counts = STANDARD_GRAVITY / 2048, np.deg2rad(2000) / 32768
    assert np.allclose(upright.acc @ rotation.T, turned.acc, atol=3 * counts[0])
    assert np.allclose(upright.gyr @ rotation.T, turned.gyr, atol=3 * counts[1])


def test_upside_down_turns_up_into_down() -> None:
    upright, turned = (
        samples(model=PERFECT),
        samples(model=SensorModel(noise=0, strap="upside-down")),
    )
    assert np.allclose(turned.acc, upright.acc * [-1, 1, -1], atol=0.01)


@pytest.mark.parametrize("placement", Placement)
@pytest.mark.parametrize("segment", [Stand(duration=4), Sit(duration=4)])
def test_only_gravity_is_felt_when_still(placement: Placement, segment: Stand | Sit) -> None:
    still = samples(Scenario(name="still", segments=(segment,)), PERFECT, placement)
    assert still.gyr is not None
    assert np.linalg.norm(still.acc, axis=1) == pytest.approx(STANDARD_GRAVITY, abs=0.15)
    assert np.abs(still.gyr).max() < 0.06


def test_upright_on_a_standing_back_means_gravity_along_x() -> None:
    still = samples(Scenario(name="still", segments=(Stand(duration=4),)), PERFECT)
    assert still.acc.mean(axis=0) == pytest.approx([9.76, 0, 0.98], abs=0.15)


def test_noise_is_white_with_a_constant_bias() -> None:
    standing = Scenario(name="still", segments=(Stand(duration=60),))
    perfect = samples(standing, PERFECT)
    noisy = samples(standing, SensorModel(noise=2))
    assert perfect.gyr is not None
    assert noisy.gyr is not None
    for error, white, bias in (
        (noisy.acc - perfect.acc, 0.03, 0.10),
        (noisy.gyr - perfect.gyr, 0.003, 0.01),
    ):
        assert error.std(axis=0) == pytest.approx(2 * white, rel=0.1)
        assert np.abs(error.mean(axis=0)).max() < 2 * bias * 2.1
        assert np.abs(error.mean(axis=0)).max() > 2 * bias * 0.1
        follows = (error[1:] * error[:-1]).mean(axis=0) - error.mean(axis=0) ** 2
        assert np.abs(follows).max() < 0.1 * (2 * white) ** 2


def test_readings_are_whole_counts_of_16_bits() -> None:
    walk = samples(model=SensorModel(clip=8))
    assert walk.gyr is not None
    for values, count in (
        (walk.acc, STANDARD_GRAVITY / 4096),
        (walk.gyr, np.deg2rad(2000) / 32768),
    ):
        assert np.abs(values - np.round(values / count) * count).max() < 6e-5


def test_beyond_its_range_the_accelerometer_stays_at_the_end() -> None:
    whole = samples(model=PERFECT, placement=Placement.SHANK)
    clipped = samples(model=SensorModel(noise=0, clip=2), placement=Placement.SHANK)
    limit = 2 * STANDARD_GRAVITY
    assert np.abs(clipped.acc).max() == pytest.approx(limit, abs=0.001)
    beyond = np.abs(whole.acc) > limit + 0.01
    assert beyond.sum() > 50
    assert np.abs(clipped.acc[beyond]) == pytest.approx(limit, abs=0.001)
    assert np.allclose(clipped.acc[~beyond], whole.acc[~beyond], atol=0.01)


def test_lost_packets_are_rows_of_nan_and_nothing_else_changes() -> None:
    scenario = SCENARIOS["steady"]
    whole, lossy = samples(scenario), samples(scenario, SensorModel(loss=5))
    missing = lossy.missing
    assert missing.mean() == pytest.approx(0.05, abs=0.002)
    assert np.isnan(lossy.acc[missing]).all()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(int)))
    assert not (edges[edges < len(missing)] % 10).any()
    assert np.array_equal(lossy.acc[~missing], whole.acc[~missing])
    assert np.array_equal(lossy.time, whole.time)


@pytest.mark.parametrize(
    "bad", [{"noise": -1}, {"clip": 0}, {"loss": 100}, {"loss": -1}, {"noise": float("nan")}]
)
def test_an_impossible_sensor_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="noise factor"):
        SensorModel(**bad)


@pytest.mark.parametrize("rate", [0, 24.9, 401, float("nan")])
def test_an_impossible_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate must be"):
        simulate(WALK, rate=rate)


def test_an_impossible_walk_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 0 s"):
        Scenario(name="bad", segments=(Walk(duration=0),))
    with pytest.raises(ValueError, match="cadence"):
        Scenario(name="bad", segments=(Walk(duration=1, cadence=0),))
    with pytest.raises(ValueError, match="at least one"):
        Scenario(name="bad", segments=())
    with pytest.raises(ValueError, match="variability of"):
        Walker(variability=2)


@pytest.mark.parametrize("strap", list(Strap))
def test_a_strap_that_slips_tips_the_sensor_once_and_for_all(strap: Strap) -> None:
    held = samples(model=SensorModel(noise=0, strap=strap))
    slips = samples(model=SensorModel(noise=0, strap=strap, slips_at=8))
    before = held.time < 8
    assert np.array_equal(held.acc[before], slips.acc[before])
    u, _, vt = np.linalg.svd(slips.acc[~before].T @ held.acc[~before])
    angle = np.arccos((np.trace(u @ vt) - 1) / 2)
    assert np.rad2deg(angle) == pytest.approx(40, abs=0.5)
    assert np.linalg.norm(slips.acc, axis=1) == pytest.approx(
        np.linalg.norm(held.acc, axis=1), abs=0.05
    )
