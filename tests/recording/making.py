"""Recordings and files for the tests of this folder."""

import numpy as np

from gaitcue.imu import STANDARD_GRAVITY, Placement, Side
from gaitcue.recording.arrays import Motion, array_sensor
from gaitcue.recording.model import Annotation, Kind, Recording


def motion(seconds=10.0, rate=100.0, seed=0):
    """Acceleration (n, 3) m/s² and angular rate (n, 3) rad/s of somebody walking."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    stride = 2 * np.pi * 0.9 * time[:, None]
    acc = np.array([0.4, -0.3, 1.0]) * STANDARD_GRAVITY / np.sqrt(1.25)
    acc = acc + 1.5 * np.sin(2 * stride + np.array([0, 1, 2])) + rng.normal(0, 0.1, (len(time), 3))
    gyr = 1.2 * np.sin(stride + np.array([2, 0, 1])) + rng.normal(0, 0.02, (len(time), 3))
    return time, acc, gyr


def sensor(name="back", *, seconds=10.0, rate=100.0, gyroscope=True, seed=0, missing=0, **how):
    how = {"placement": Placement.LOWER_BACK, "side": Side.NONE} | how
    _, acc, gyr = motion(seconds, rate, seed)
    acc[50 : 50 + missing] = np.nan
    gyr[50 : 50 + missing] = np.nan
    return array_sensor(
        name,
        lambda: Motion(acc, gyr if gyroscope else None, start=0.1),
        rate=rate,
        gyroscope=gyroscope,
        **how,
    )


def recording(*sensors, **how):
    labels = (
        Annotation(onset=1.25, duration=3.1, kind=Kind.FREEZE, detail="turn, trembling"),
        Annotation(onset=0.1 + 0.2, duration=0.0, kind=Kind.INITIAL_CONTACT, side=Side.LEFT),
        Annotation(onset=5.0, duration=1.1, kind=Kind.STRIDE, speed=1 / 3, stride_length=1.2),
    )
    how = {
        "name": "walk 1",
        "subject": "P07",
        "annotations": labels,
        "annotated": frozenset({Kind.FREEZE, Kind.INITIAL_CONTACT, Kind.STRIDE, Kind.TURN}),
        "height": 1.71,
        "condition": "off medication",
        "source": "test",
    } | how
    return Recording(sensors=sensors or (sensor(),), **how)
