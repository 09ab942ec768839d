"""The simulated motions sound as they should: where in frequency their power lies."""

import numpy as np
import pytest

from gaitcue.imu import FloatArray, Placement
from gaitcue.recording.model import Kind, read_all
from gaitcue.replay.simulator import (
    Freeze,
    FreezeKind,
    Scenario,
    SensorModel,
    Sit,
    Stand,
    Walk,
    Walker,
    simulate,
)

RATE = 100.0
BANDS = ((0.5, 3.0), (3.0, 8.0), (8.0, 30.0))
"""Hz: locomotion, freezing, above."""


def motion(
    scenario: Scenario, placement: Placement, seed: int = 1
) -> tuple[FloatArray, FloatArray]:
    walk = simulate(scenario, placement=placement, rate=RATE, seed=seed, model=SensorModel(noise=0))
    samples, _ = read_all(walk.sensors[0])
    return samples.time, samples.acc


def power(acc: FloatArray) -> list[float]:
    """Power of all axes in each band, (m/s²)²."""
    still = (acc - acc.mean(axis=0)) * np.hanning(len(acc))[:, None]
    spectrum = (np.abs(np.fft.rfft(still, axis=0)) ** 2).sum(axis=1)
    spectrum *= 2 / (len(acc) * (np.hanning(len(acc)) ** 2).sum())
    rates = np.fft.rfftfreq(len(acc), 1 / RATE)
    return [float(spectrum[(rates >= low) & (rates < high)].sum()) for low, high in BANDS]


def frozen(kind: FreezeKind) -> Scenario:
    return Scenario(
        name="frozen", segments=(Walk(duration=10), Freeze(kind=kind, duration=8), Walk(duration=5))
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("placement", "least"),
    [(Placement.SHANK, 4.0), (Placement.THIGH, 2.0), (Placement.LOWER_BACK, 0.15)],
)
def test_trembling_has_its_power_from_3_to_8_hz(
    placement: Placement, least: float, seed: int
) -> None:
    time, acc = motion(frozen(FreezeKind.TREMBLING), placement, seed)
    locomotion, freezing, above = power(acc[(time > 10.5) & (time < 17.5)])
    assert freezing > least
    assert freezing > 1.2 * locomotion
    assert freezing > 3 * above


@pytest.mark.parametrize("placement", Placement)
def test_an_akinetic_freeze_has_no_power(placement: Placement) -> None:
    time, acc = motion(frozen(FreezeKind.AKINETIC), placement)
    assert sum(power(acc[(time > 11) & (time < 17)])) < 0.01


def test_shuffling_is_less_than_walking_and_more_than_nothing() -> None:
    time, acc = motion(frozen(FreezeKind.SHUFFLING), Placement.SHANK)
    walking = sum(power(acc[(time > 2) & (time < 8)]))
    shuffling = power(acc[(time > 11) & (time < 17)])
    assert 0.02 * walking < sum(shuffling) < 0.5 * walking
    assert shuffling[1] > shuffling[0]


@pytest.mark.parametrize("cadence", [80, 100, 125])
def test_a_walking_trunk_moves_up_and_down_once_a_step(cadence: float) -> None:
    _, acc = motion(
        Scenario(name="walk", segments=(Walk(duration=22, speed=1.0, cadence=cadence),)),
        Placement.LOWER_BACK,
    )
    inside = acc[200:-200, 0] - acc[200:-200, 0].mean()
    spectrum = np.abs(np.fft.rfft(inside * np.hanning(len(inside)), 2**14))
    assert np.argmax(spectrum) * RATE / 2**14 == pytest.approx(cadence / 60, rel=0.03)


@pytest.mark.parametrize("segment", [Sit(duration=20), Stand(duration=20)])
@pytest.mark.parametrize("placement", [Placement.WRIST, Placement.SHANK, Placement.LOWER_BACK])
def test_tremor_is_a_peak_between_4_and_6_hz(placement: Placement, segment: Sit | Stand) -> None:
    _, acc = motion(
        Scenario(name="still", segments=(segment,), walker=Walker(tremor=3.0)), placement
    )
    _, calm = motion(Scenario(name="still", segments=(segment,)), placement)
    shaken = acc - calm
    spectrum = (np.abs(np.fft.rfft(shaken, axis=0)) ** 2).sum(axis=1)
    rates = np.fft.rfftfreq(len(acc), 1 / RATE)
    inside = (rates > 3.6) & (rates < 6.4)
    assert spectrum[inside].sum() > 0.9 * spectrum.sum()
    peak = np.abs(np.linalg.norm(shaken, axis=1)).max()
    assert peak == pytest.approx(3.0 if placement is not Placement.LOWER_BACK else 0.24, rel=0.1)


def test_a_heel_strike_is_felt_just_after_the_contact() -> None:
    walk = simulate(
        Scenario(name="walk", segments=(Walk(duration=15, speed=1.2),)),
        rate=RATE, seed=3, model=SensorModel(noise=0),
    )  # fmt: skip
    samples, _ = read_all(walk.sensors[0])
    for contact in walk.of_kind(Kind.INITIAL_CONTACT)[2:-2]:
        step = (samples.time > contact.onset - 0.2) & (samples.time < contact.onset + 0.3)
        peak = samples.time[step][np.argmax(samples.acc[step, 0])]
        assert 0 <= peak - contact.onset < 0.1
