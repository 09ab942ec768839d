"""The motion a sensor takes part in, by where it is worn: acceleration and rate of turn.

Each placement is a point and an attitude on the fine grid. What an ideal sensor there would feel
follows from them by differentiation, gravity included, so that both are always consistent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Placement, Side
from gaitcue.replay.simulator.legs import Leg, lever, make_leg
from gaitcue.replay.simulator.plan import Plan
from gaitcue.replay.simulator.signals import FINE_RATE, rate_of, slow_noise, smooth
from gaitcue.replay.simulator.stage import Stage, make_stage
from gaitcue.replay.simulator.trunk import Trunk, make_trunk

SEAT_DROP = 0.42
"""How much lower the hips are when seated, m."""
TREMOR_RATE = (4.0, 6.0)
"""Range of the frequency of parkinsonian rest tremor, Hz."""
TREMOR_SHARE = {
    Placement.LOWER_BACK: 0.08,
    Placement.WAIST: 0.08,
    Placement.CHEST: 0.10,
    Placement.HEAD: 0.15,
    Placement.THIGH: 0.5,
}
"""How much of a limb's tremor is felt elsewhere; all of it at wrist, shank and foot."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pose:
    """Where a placement is and how it is turned, on the fine grid.

    Attributes
    ----------
    place
        (n, 3) m: east, north, up.
    roll, pitch, yaw
        (n,) rad; pitch is lean forward, yaw is from east, left positive.
    knock
        (n, 3) quick accelerations on top, m/s²: forward, left, up in the direction of the path.
    """

    place: FloatArray
    roll: FloatArray
    pitch: FloatArray
    yaw: FloatArray
    knock: FloatArray


class Body(NamedTuple):
    """All parts of the walker; `side` is that of the sensor, and `leg` the one on that side."""

    stage: Stage
    trunk: Trunk
    leg: Leg
    side: Side


def feel(
    plan: Plan, placement: Placement, side: Side, rng: Generator
) -> tuple[FloatArray, FloatArray]:
    """(n, 3) acceleration in m/s² with gravity and rate of turn in rad/s, on the fine grid.

    Both in the axes of the body segment: forward, left, up along it.
    """
    # Each part draws from a stream of its own, so that the trunk moves alike whatever is worn.
    stage_rng, trunk_rng, left_rng, right_rng, tremor_rng = rng.spawn(5)
    stage = make_stage(plan, stage_rng)
    trunk = make_trunk(stage, trunk_rng)
    leg = make_leg(stage, side, left_rng if side is Side.LEFT else right_rng)
    pose = _POSES[placement](Body(stage, trunk, leg, side))
    acc, gyr = _sense(stage, pose)
    shaken = _tremor(stage, placement, tremor_rng)
    return acc + shaken[0], gyr + shaken[1]


def _trunk_pose(
    body: Body, arm: tuple[float, float, float], share: tuple[float, float, float]
) -> Pose:
    """A point `arm` (m forward, left, up) from the middle of the hips.

    `share` is how much of the pelvis's sway, knocks and twist arrives there.
    """
    stage, trunk = body.stage, body.trunk
    shake, knock, twist = share
    roll, pitch, yaw = twist * trunk.roll, trunk.pitch, stage.heading + twist * trunk.yaw
    return Pose(
        place=_hips(stage) + _turned(roll, pitch, yaw, arm),
        roll=roll, pitch=pitch, yaw=yaw,
        knock=trunk.shake * np.array([shake, shake, 1.0]) + knock * trunk.knock,
    )  # fmt: skip


def _lower_back(body: Body) -> Pose:
    return _trunk_pose(body, (-0.10, 0.0, 0.08), (1.0, 1.0, 1.0))


def _waist(body: Body) -> Pose:
    arm = {Side.NONE: (0.12, 0.0, 0.08), Side.LEFT: (0.0, 0.16, 0.08)}
    return _trunk_pose(body, arm.get(body.side, (0.0, -0.16, 0.08)), (1.0, 1.0, 1.0))


def _chest(body: Body) -> Pose:
    return _trunk_pose(body, (0.10, 0.0, 0.38), (0.7, 0.5, -0.6))


def _head(body: Body) -> Pose:
    return _trunk_pose(body, (0.05, 0.0, 0.65), (0.5, 0.35, 0.2))


def _foot(body: Body) -> Pose:
    place = body.leg.toe + lever(0.02, 0.07, body.leg.foot, body.leg.yaw)
    knock = body.leg.strike[:, None] * np.array([-0.7, 0.3, 1.0])
    return Pose(place=place, roll=body.leg.roll, pitch=body.leg.foot, yaw=body.leg.yaw, knock=knock)


def _shank(body: Body) -> Pose:
    place = body.leg.ankle + _turned(body.leg.roll, body.leg.shank, body.leg.yaw, (0.0, 0.0, 0.12))
    knock = 0.7 * body.leg.strike[:, None] * np.array([-0.6, 0.3, 1.0])
    return Pose(
        place=place, roll=body.leg.roll, pitch=body.leg.shank, yaw=body.leg.yaw, knock=knock
    )


def _thigh(body: Body) -> Pose:
    hip = _hips(body.stage) + _turned(
        body.trunk.roll,
        0 * body.trunk.pitch,
        body.stage.heading,
        (0.0, 0.08 * _sign(body.side), 0.0),
    )
    place = hip + _turned(
        0 * body.leg.thigh, body.leg.thigh, body.stage.heading, (0.03, 0.0, -0.25)
    )
    knock = 0.8 * body.trunk.shake + 0.2 * body.leg.strike[:, None] * np.array([-0.6, 0.3, 1.0])
    return Pose(
        place=place,
        roll=0.5 * body.trunk.roll,
        pitch=body.leg.thigh,
        yaw=body.stage.heading,
        knock=knock,
    )


def _wrist(body: Body) -> Pose:
    """An arm that swings against the leg of its own side, and lies on the lap when seated."""
    swing = body.stage.plan.scenario.walker.arm_swing
    line = -(body.leg.shank + body.leg.thigh) / 2  # from hip to ankle, ankle ahead positive
    lift = 0.12 - swing * smooth(line * (1 - body.stage.seated), 0.05)
    arm = -(lift * (1 - body.stage.seated) + np.pi / 2 * body.stage.seated)
    shoulder = _hips(body.stage) + _turned(
        0 * arm, body.trunk.pitch, body.stage.heading, (0.0, 0.2 * _sign(body.side), 0.48)
    )
    hanging = _turned(0 * arm, arm, body.stage.heading, (0.0, 0.0, -0.55))
    lap = _turned(0 * arm, 0 * arm, body.stage.heading, (0.30, 0.0, -0.38))
    seated = body.stage.seated[:, None]
    return Pose(
        place=shoulder + (1 - seated) * hanging + seated * lap,
        roll=0.5 * body.trunk.roll, pitch=arm, yaw=body.stage.heading,
        knock=0.5 * body.trunk.shake + 0.3 * body.trunk.knock,
    )  # fmt: skip


_POSES: dict[Placement, Callable[[Body], Pose]] = {
    Placement.LOWER_BACK: _lower_back,
    Placement.WAIST: _waist,
    Placement.CHEST: _chest,
    Placement.HEAD: _head,
    Placement.FOOT: _foot,
    Placement.SHANK: _shank,
    Placement.THIGH: _thigh,
    Placement.WRIST: _wrist,
}


def _sign(side: Side) -> float:
    return 1.0 if side is Side.LEFT else -1.0


def _hips(stage: Stage) -> FloatArray:
    """(n, 3) the middle of the hips, m; seated they are lower and a thigh's length further back."""
    back = -0.40 * stage.seated
    height = 0.97 * stage.plan.scenario.walker.leg_length - SEAT_DROP * stage.seated
    return np.column_stack(
        [
            stage.path[:, 0] + back * np.cos(stage.heading),
            stage.path[:, 1] + back * np.sin(stage.heading),
            height,
        ]
    )


def _axes(roll: FloatArray, pitch: FloatArray, yaw: FloatArray) -> FloatArray:
    """(n, 3, 3) from segment axes (forward, left, up) to the world's (east, north, up)."""
    cr, sr, cp, sp = np.cos(roll), np.sin(roll), np.cos(pitch), np.sin(pitch)
    cy, sy = np.cos(yaw), np.sin(yaw)
    rows = [
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr],
    ]
    return np.moveaxis(np.array(rows), -1, 0)


def _turned(
    roll: FloatArray, pitch: FloatArray, yaw: FloatArray, arm: tuple[float, float, float]
) -> FloatArray:
    """(n, 3) a fixed point of the segment in world axes."""
    point: FloatArray = (_axes(roll, pitch, yaw) * np.array(arm)).sum(axis=2)
    return point


def _sense(stage: Stage, pose: Pose) -> tuple[FloatArray, FloatArray]:
    acc = rate_of(rate_of(pose.place))
    along = _axes(0 * pose.yaw, 0 * pose.yaw, stage.heading)
    acc += (along * pose.knock[:, None, :]).sum(axis=2)
    acc[:, 2] += STANDARD_GRAVITY
    felt = (_axes(pose.roll, pose.pitch, pose.yaw) * acc[:, :, None]).sum(axis=1)
    roll, pitch, yaw = (rate_of(angle) for angle in (pose.roll, pose.pitch, pose.yaw))
    # Rates of roll, pitch and yaw angles in segment axes, for the order yaw, pitch, roll.
    gyr = np.column_stack(
        [
            roll - yaw * np.sin(pose.pitch),
            pitch * np.cos(pose.roll) + yaw * np.cos(pose.pitch) * np.sin(pose.roll),
            -pitch * np.sin(pose.roll) + yaw * np.cos(pose.pitch) * np.cos(pose.roll),
        ]
    )
    return felt, gyr


def _tremor(stage: Stage, placement: Placement, rng: Generator) -> tuple[FloatArray, FloatArray]:
    """(n, 3) acceleration and rate of turn of a tremor that waxes and wanes."""
    count = len(stage.time)
    peak = stage.plan.scenario.walker.tremor * TREMOR_SHARE.get(placement, 1.0)
    rate = rng.uniform(*TREMOR_RATE) + 0.15 * slow_noise(count, 0.5, rng)
    beat = 2 * np.pi * np.cumsum(rate) / FINE_RATE
    strength = peak * np.clip(0.8 + 0.2 * slow_noise(count, 1.0, rng), 0.2, 1.0)
    axes = rng.standard_normal((2, 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    # Rotation about a joint some 0.25 m away makes this acceleration.
    turning = strength / (2 * np.pi * 5.0) / 0.25
    acc = np.outer(strength * np.sin(beat), axes[0])
    return acc, np.outer(turning * np.cos(beat), axes[1])
