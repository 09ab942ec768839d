"""What a worn sensor makes of a motion: its axes, noise, range, resolution and lost packets."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator

from gaitcue.imu import STANDARD_GRAVITY, FloatArray
from gaitcue.replay.simulator.signals import FINE_RATE, smooth

PACKET_ROWS = 10
"""Samples lost together when a packet is lost."""
GYRO_RANGE = np.deg2rad(2000.0)
"""rad/s; the usual widest setting of MEMS gyroscopes."""
COUNTS = 32768
"""Counts from 0 to the end of the range: 16 bits with sign."""
ACC_NOISE, ACC_BIAS = 0.03, 0.10
"""Standard deviation of a consumer accelerometer's white noise and of its bias, m/s²;
a bias is held within two of them, as a maker's test does."""
GYRO_NOISE, GYRO_BIAS = 0.003, 0.01
"""The same for its gyroscope, rad/s."""

SLIP = np.deg2rad(40.0)
"""rad by which a sensor whose strap slips tips over about the axis to the left: about what a belt
gives when its buckle is pulled down."""


class Strap(StrEnum):
    """Which way round the sensor sits on its body segment."""

    UPRIGHT = "upright"
    """x up, y to the left, z backward."""
    UPSIDE_DOWN = "upside-down"
    """x down, y to the left, z forward."""
    RANDOM = "random"
    """Any way, drawn from the seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorModel:
    """A sensor as it is worn.

    Attributes
    ----------
    strap
        Which way round.
    noise
        Factor on the white noise and bias of a consumer sensor; 0 is a perfect one.
    clip
        Range of the accelerometer, g: beyond it readings stay at its end.
    loss
        Percentage of packets of ten samples that never arrive.
    slips_at
        When the strap slips, so that the sensor tips over by 40°, s; None if it holds.

    Raises
    ------
    ValueError
        When one of them makes no sense.
    """

    strap: Strap = Strap.UPRIGHT
    noise: float = 1.0
    clip: float = 16.0
    loss: float = 0.0
    slips_at: float | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.noise <= 100 and 0.5 <= self.clip <= 1000 and 0 <= self.loss < 100):
            raise ValueError(
                "a sensor has a noise factor of 0 to 100, a range of 0.5 to 1000 g to clip at and "
                "a loss from 0 to below 100 percent"
            )


def sample(
    acc: FloatArray, gyr: FloatArray, duration: float, rate: float, model: SensorModel,
    rng: Generator,
) -> tuple[FloatArray, FloatArray, FloatArray]:  # fmt: skip
    """Time (n,) in s, acceleration (n, 3) in m/s² and rate of turn (n, 3) in rad/s as recorded.

    `acc` and `gyr` are on the fine grid in segment axes (forward, left, up).
    """
    strap_rng, noise_rng, loss_rng = rng.spawn(3)
    time = np.arange(int(duration * rate)) / rate
    axes = _worn(model, time, strap_rng)
    noise = noise_rng.standard_normal((2, len(time) + 1, 3))
    seen: list[FloatArray] = []
    for motion, white, bias, limit in (
        (acc, ACC_NOISE, ACC_BIAS, model.clip * STANDARD_GRAVITY),
        (gyr, GYRO_NOISE, GYRO_BIAS, GYRO_RANGE),
    ):
        draws = noise[len(seen)]
        ideal = (_at(motion, time, rate)[:, None, :] * axes).sum(axis=2)
        offset = bias * model.noise * np.clip(draws[0], -2, 2)
        seen.append(_digitise(ideal + offset + white * model.noise * draws[1:], limit))
    lost = _lost(len(time), model.loss, loss_rng)
    seen[0][lost] = np.nan
    seen[1][lost] = np.nan
    return time, seen[0], seen[1]


def orientation(strap: Strap, rng: Generator) -> FloatArray:
    """(3, 3) from segment axes (forward, left, up) to the sensor's axes."""
    upright = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    match strap:
        case Strap.UPRIGHT:
            return upright
        case Strap.UPSIDE_DOWN:
            flipped: FloatArray = upright * np.array([[-1.0], [1.0], [-1.0]])
            return flipped
        case Strap.RANDOM:
            # The QR factors of a Gaussian matrix, signs fixed, are uniform over all rotations.
            q, r = np.linalg.qr(rng.standard_normal((3, 3)))
            turned = q * np.sign(np.diag(r))
            rotation: FloatArray = turned * np.sign(np.linalg.det(turned))
            return rotation


def _worn(model: SensorModel, time: FloatArray, rng: Generator) -> FloatArray:
    """(n, 3, 3) from segment axes to the sensor's at each `time`."""
    axes = np.broadcast_to(orientation(model.strap, rng), (len(time), 3, 3))
    if model.slips_at is None:
        return axes
    cos, sin = np.cos(SLIP), np.sin(SLIP)
    tipped = axes @ np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    slipped: FloatArray = np.where((time >= model.slips_at)[:, None, None], tipped, axes)
    return slipped


def _at(motion: FloatArray, time: FloatArray, rate: float) -> FloatArray:
    """The motion at the sensor's own times, band-limited to half its rate as in a real one."""
    band = smooth(motion, 0.35 / rate) if rate < FINE_RATE else motion
    fine = np.arange(len(motion)) / FINE_RATE
    return np.column_stack([np.interp(time, fine, band[:, axis]) for axis in range(3)])


def _digitise(signal: FloatArray, limit: float) -> FloatArray:
    """Saturate at ± `limit` and round to the counts of a 16-bit converter."""
    step = limit / COUNTS
    counts = np.clip(np.round(signal / step), -COUNTS, COUNTS - 1)
    # Four decimals are finer than a count of any usual range, and short when written out.
    return np.round(counts * step, 4)


def _lost(count: int, loss: float, rng: Generator) -> np.typing.NDArray[np.bool_]:
    packets = -(-count // PACKET_ROWS)
    gone = rng.choice(packets, size=round(loss / 100 * packets), replace=False)
    lost = np.zeros(packets, dtype=bool)
    lost[gone] = True
    return np.repeat(lost, PACKET_ROWS)[:count]
