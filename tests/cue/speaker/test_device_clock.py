import numpy as np
import pytest

from gaitcue.cue.speaker.clock import JUMP_BLOCKS, DeviceClock

BLOCK = 480
"""Samples, 10 ms."""


def heard(said: list[float], clock: DeviceClock | None = None) -> np.ndarray:
    clock = clock or DeviceClock()
    return np.array([clock.block(BLOCK, one) for one in said])


def blocks(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * 100)) * 0.01


def test_a_steady_device_is_believed() -> None:
    steady = 5.0 + blocks(10)
    np.testing.assert_allclose(heard(list(steady)), steady, atol=1e-9)


def test_jitter_of_milliseconds_hardly_moves_the_samples() -> None:
    true = 5.0 + blocks(60)
    jitter = np.random.default_rng(1).uniform(-0.009, 0.009, len(true))
    jitter[0] = 0.009
    error = (heard(list(true + jitter)) - true)[200:]
    assert np.abs(error).max() < 0.001
    assert np.abs(np.diff(error[::60])).max() < 0.0005, "from beat to beat"


@pytest.mark.parametrize("ppm", [-200, 200])
def test_a_device_with_its_own_rate_is_followed_without_end(ppm: float) -> None:
    true = 5.0 + blocks(600) * (1 + ppm * 1e-6)
    clock = DeviceClock()
    error = heard(list(true), clock) - true
    assert np.abs(error).max() < 0.0011, "200 ppm times the time of the loop"
    assert clock.jumps == 0


@pytest.mark.parametrize("gap", [-0.3, 0.05, 0.4, 20.0])
def test_a_lasting_departure_is_a_jump_and_exact_again_after_it(gap: float) -> None:
    true = 5.0 + blocks(4)
    true[200:] += gap
    clock = DeviceClock()
    error = heard(list(true), clock) - true
    np.testing.assert_allclose(error[200 + JUMP_BLOCKS - 1 :], 0.0, atol=1e-9)
    assert clock.jumps == 1


def test_what_a_device_says_wrongly_at_its_start_is_soon_forgotten() -> None:
    true = 5.0 + blocks(4)
    said = true.copy()
    said[:10] += 0.02
    error = (heard(list(said)) - true)[200:]
    assert np.abs(error).max() < 0.0003
    assert np.abs(np.diff(error)).max() < 0.000005


def test_one_wild_block_is_no_jump() -> None:
    said = 5.0 + blocks(4)
    true = said.copy()
    said[100] += 1.0
    said[200:202] -= 1.0
    clock = DeviceClock()
    np.testing.assert_allclose(heard(list(said), clock), true, atol=1e-9)
    assert clock.jumps == 0
