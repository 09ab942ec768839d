"""How a leg moves: the foot from footfall to footfall, the shank and thigh between it and the hip.

The foot lies still from shortly after its contact until the heel rises, rolls over the toe and
swings to the next footfall of the plan, so that its path is exactly the truth. The line from hip
to ankle follows from foot and pelvis; bending the knee by twice an angle turns the thigh forward
and the shank backward from that line by that angle.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.interpolate import PchipInterpolator

from gaitcue.imu import FloatArray, Side
from gaitcue.replay.simulator.plan import Footfall, foot_at_start
from gaitcue.replay.simulator.signals import knocks, slow_noise, smooth
from gaitcue.replay.simulator.stage import Stage

ANKLE_HEIGHT = 0.08
"""m above the sole."""
STANDING_BEND = 0.04
"""Half the knee's bend when standing, rad."""
SWING_BEND = 0.45
"""Half the knee's bend in swing at a long stride, rad (some 55° of knee flexion; Perry 1992)."""
HEEL_RISE = 0.80
"""The foot's pitch at toe-off at a long stride, rad."""
TOE_RISE = 0.28
"""The foot's pitch the other way at initial contact at a long stride, rad."""
LONG_STRIDE = 1.3
"""Stride, m, to which the angles above belong; shorter strides bend less."""
TOE_OUT = 0.12
"""How far the foot points outward, rad."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leg:
    """One leg on the fine grid; angles in rad, lean forward positive.

    Attributes
    ----------
    toe, ankle
        (n, 3) where they are, m: east, north, up.
    yaw, roll
        (n,) direction of foot and shank, and their tilt to the side.
    foot, shank, thigh
        (n,) pitch of each segment.
    strike
        (n,) the knock of each initial contact at the foot, m/s².
    """

    toe: FloatArray
    ankle: FloatArray
    yaw: FloatArray
    roll: FloatArray
    foot: FloatArray
    shank: FloatArray
    thigh: FloatArray
    strike: FloatArray


def make_leg(stage: Stage, side: Side, rng: Generator) -> Leg:
    """Move one leg along `stage`."""
    steps = stage.plan.feet(side)
    toe, yaw = _toe(stage, side, steps)
    shiver = stage.tremble_phase + (0.0 if side is Side.LEFT else 2.2)
    pitch = _pitch(stage, steps) + 0.03 * stage.tremble * (1 + np.sin(shiver))
    # Out of its plane the leg turns only while the heel is up, so a flat foot lies still.
    outward = 1.0 if side is Side.LEFT else -1.0
    yaw = yaw + outward * (TOE_OUT - 0.15 * pitch)
    struggle = 0.6 * slow_noise(len(stage.time), 0.12, rng) + np.sin(shiver + 0.5)
    bend = _bend(stage, steps) + 0.03 * stage.tremble * struggle
    ankle = toe + lever(-0.06, ANKLE_HEIGHT, pitch, yaw)
    line = _line_to_hip(stage, ankle)
    sitting = stage.seated
    speeds = np.array([f.length / f.duration for f in steps])
    strengths = (5.0 + 26.0 * speeds) * (1 + 0.2 * np.clip(rng.standard_normal(len(steps)), -2, 2))
    return Leg(
        toe=toe, ankle=ankle, yaw=yaw, roll=0.12 * outward * pitch, foot=pitch,
        shank=(bend - line) * (1 - sitting),
        thigh=-(bend + line) * (1 - sitting) - np.pi / 2 * sitting,
        strike=knocks(len(stage.time), np.array([f.time for f in steps]), strengths, 0.012),
    )  # fmt: skip


def lever(forward: float, up: float, pitch: FloatArray, yaw: FloatArray) -> FloatArray:
    """(n, 3) how far a point of the foot is displaced by its pitch, m, plus its place on the foot.

    `forward` and `up` are from the middle of the flat foot. With the heel up the foot turns about
    its toe, 0.11 m ahead of the middle, with the toe up about its heel, 0.11 m behind.
    """
    pivot = 0.11 * np.tanh(pitch / 0.3)
    ahead = pivot + (forward - pivot) * np.cos(pitch) + up * np.sin(pitch)
    above = -(forward - pivot) * np.sin(pitch) + up * np.cos(pitch)
    return np.column_stack([ahead * np.cos(yaw), ahead * np.sin(yaw), above])


def _stretch(before: tuple[float, float], step: Footfall) -> float:
    """How large a swing is, about 1 for a long stride."""
    stride = float(np.hypot(step.position[0] - before[0], step.position[1] - before[1]))
    return float(np.clip(0.15 + 0.85 * stride / LONG_STRIDE, 0.15, 1.2))


def _swings(side: Side, steps: list[Footfall]) -> list[tuple[float, float, float]]:
    """Start, end (s) and size of each swing of one foot.

    Both feet are on the ground for a quarter of a step, more at low speed.
    """
    swings = []
    place = foot_at_start(side)
    for step in steps:
        double_support = float(np.clip(0.38 - 0.15 * step.length / step.duration, 0.20, 0.38))
        start = step.time - (1 - double_support) * step.duration
        swings.append((start, step.time, _stretch(place, step)))
        place = step.position
    return swings


def _toe(stage: Stage, side: Side, steps: list[Footfall]) -> tuple[FloatArray, FloatArray]:
    """(n, 3) the middle of the flat foot, and (n,) its direction."""
    time, count = stage.time, len(stage.time)
    start = foot_at_start(side)
    place = np.zeros((count, 3))
    place[:, :2] = start
    yaw = np.zeros(count)
    before, facing = np.array(start), 0.0
    for step, (leave, land, size) in zip(steps, _swings(side, steps), strict=True):
        first, last = np.searchsorted(time, [leave, land])
        after = np.array(step.position)
        u = (time[first:last] - leave) / (land - leave)
        done = u**3 * (10 - 15 * u + 6 * u**2)  # least jerk: at rest at either end
        place[first:last, :2] = before + done[:, None] * (after - before)
        place[first:last, 2] = (0.015 + 0.02 * size) * np.sin(np.pi * u) ** 2
        place[last:, :2] = after
        yaw[first:last] = facing + done * (step.heading - facing)
        yaw[last:] = step.heading
        before, facing = after, step.heading
    return place, yaw


def _knots(stage: Stage, knots: list[tuple[float, float]], rest: float) -> FloatArray:
    """A smooth curve through `knots` (s, rad) that rests at `rest` before and after them."""
    ordered = [(-1.0, rest)]
    for knot in knots:
        if knot[0] > ordered[-1][0] + 1e-3:
            ordered.append(knot)
    ordered.append((max(ordered[-1][0], stage.time[-1]) + 1.0, rest))
    times, values = zip(*ordered, strict=True)
    return smooth(np.asarray(PchipInterpolator(times, values)(stage.time)), 0.008)


def _pitch(stage: Stage, steps: list[Footfall]) -> FloatArray:
    """(n,) the foot's pitch, heel up positive: flat, heel rise, swing, toe up, flat."""
    knots: list[tuple[float, float]] = []
    swings = _swings(steps[0].side, steps) if steps else []
    for step, (leave, land, size) in zip(steps, swings, strict=True):
        swing = land - leave
        knots += [
            (leave - 0.5 * step.duration, 0.0),
            (leave + 0.02, HEEL_RISE * size),
            (land - 0.10 * swing, -TOE_RISE * size),
            (land, -TOE_RISE * size),
            (land + 0.09, 0.0),
        ]
    return _knots(stage, knots, 0.0)


def _bend(stage: Stage, steps: list[Footfall]) -> FloatArray:
    """(n,) half the bend of the knee, greatest in early swing."""
    knots: list[tuple[float, float]] = []
    swings = _swings(steps[0].side, steps) if steps else []
    for step, (leave, land, size) in zip(steps, swings, strict=True):
        swing = land - leave
        knots += [
            (leave - 0.35 * step.duration, STANDING_BEND),
            (leave + 0.30 * swing, STANDING_BEND + SWING_BEND * size),
            (land, STANDING_BEND),
            (land + 0.25 * swing, STANDING_BEND + 0.12 * size),
            (land + 0.60 * swing, STANDING_BEND),
        ]
    return _knots(stage, knots, STANDING_BEND)


def _line_to_hip(stage: Stage, ankle: FloatArray) -> FloatArray:
    """(n,) angle of the line from hip to ankle, rad, ankle ahead positive."""
    away = ankle[:, :2] - stage.path
    ahead = away[:, 0] * np.cos(stage.heading) + away[:, 1] * np.sin(stage.heading)
    leg = stage.plan.scenario.walker.leg_length
    angle: FloatArray = np.arctan2(ahead, 0.97 * leg - ankle[:, 2])
    return angle
