"""How the trunk moves: up and down once a step, from side to side once a stride."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from gaitcue.imu import FloatArray, Side
from gaitcue.replay.simulator.signals import knocks, slow_noise, smooth
from gaitcue.replay.simulator.stage import Stage

PENDULUM_CORRECTION = 1.25
"""Steps are longer than an inverted pendulum with the trunk's rise and fall would make them, by
this factor (Zijlstra & Hof 2003, Gait Posture 18:1-10)."""
LEAST_RISE = 0.003
"""The trunk rises by this much, m, even in a step that leads nowhere."""
LEAN = 0.10
"""Of the pelvis when standing, rad forward."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trunk:
    """The pelvis on the fine grid.

    Attributes
    ----------
    shake
        (n, 3) acceleration beyond the smooth path, m/s²: forward, left, up.
    knock
        (n, 3) the part of each heel strike that reaches the pelvis, m/s², in the same axes.
    roll, pitch, yaw
        (n,) rad; pitch is lean forward, yaw is relative to the path.
    """

    shake: FloatArray
    knock: FloatArray
    roll: FloatArray
    pitch: FloatArray
    yaw: FloatArray


def make_trunk(stage: Stage, rng: Generator) -> Trunk:
    """Move the pelvis along `stage`."""
    return Trunk(
        shake=_walking(stage, rng) + _trembling(stage) + _sway(stage, rng),
        knock=_knock(stage, rng),
        **_attitude(stage, rng),
    )


def stance_sign(stage: Stage) -> FloatArray:
    """(n,) 1 while the left foot bears the step in progress, -1 for the right, 0 outside steps."""
    signs = [-1.0 if f.side is Side.LEFT else 1.0 for f in stage.plan.footfalls]
    return np.append(signs, 0.0)[stage.step]


def _walking(stage: Stage, rng: Generator) -> FloatArray:
    """Acceleration of the step cycle, as harmonics of the step (up, forward) and stride (left).

    The first vertical harmonic is that of an inverted pendulum whose rise follows from the step
    length; it is lowest just after each contact. The others have the proportions seen in averaged
    steps of healthy and neurological walkers at L5.
    """
    steps = stage.plan.footfalls
    lengths = np.array([f.length for f in steps])
    rates = 1 / np.array([f.duration for f in steps])
    gain = 1 + 0.08 * np.clip(rng.standard_normal(len(steps)), -2.5, 2.5)
    taste = 1 + 0.15 * rng.uniform(-1, 1, 6)  # people differ in the shape of their harmonics
    rise = np.hypot(_rise(lengths, stage.plan.scenario.walker.leg_length), LEAST_RISE)
    vertical = stage.per_step(rise / 2 * (2 * np.pi * rates) ** 2)
    lively = stage.per_step(gain) * vertical
    cycle = 2 * np.pi * stage.phase
    up = vertical * np.cos(cycle - 0.75) + lively * (
        0.40 * taste[0] * np.cos(2 * cycle - 1.0) + 0.28 * taste[1] * np.cos(3 * cycle)
    )
    forward = lively * (
        0.55 * taste[2] * np.cos(cycle + 1.13) - 0.25 * taste[3] * np.cos(2 * cycle - 0.5)
    )
    leftward = -stance_sign(stage) * stage.per_step(gain * np.where(rates > 0, 0.45, 0.0))
    leftward = (
        leftward
        * (1 + 0.3 * lively)
        * (taste[4] * np.sin(cycle / 2) + 0.4 * taste[5] * np.sin(1.5 * cycle))
    )
    return np.column_stack([forward, leftward, up])


def _rise(length: FloatArray, leg: float) -> FloatArray:
    """How far an inverted pendulum of `leg` m rises in a step of `length` m."""
    half = np.minimum(length / PENDULUM_CORRECTION / 2, 0.9 * leg)
    return leg - np.sqrt(leg**2 - half**2)


def _trembling(stage: Stage) -> FloatArray:
    """What of the legs' trembling reaches the pelvis: little, mostly at the same frequency.

    The strengths are about those of the freezes in public lower-back recordings: 0.4 to 0.6 m/s²
    effective between 3 and 8 Hz on every axis, and below that hardly any but from side to side.
    """
    beat, sway = stage.tremble_phase, 2 * np.pi * 0.9 * stage.time
    forward = 0.70 * np.sin(beat + 0.7) + 0.25 * np.sin(2 * beat)
    leftward = 0.55 * np.sin(beat) + 0.25 * np.sin(2 * beat + 1.0)
    up = 0.80 * np.sin(beat + 1.9) + 0.30 * np.sin(2 * beat + 0.4)
    shake = stage.tremble[:, None] * np.column_stack([forward, leftward, up])
    shake[:, 1] += 0.6 * stage.shift * np.sin(sway)
    return shake


def _sway(stage: Stage, rng: Generator) -> FloatArray:
    """Sway of quiet standing, the roughness of steps, and the struggle against a freeze."""
    count = len(stage.time)
    moving = stage.per_step(np.full(len(stage.plan.footfalls), 0.25))
    still = 0.02 * (1 - 0.7 * stage.seated)
    return np.column_stack(
        [
            still * slow_noise(count, 0.3, rng)
            + moving * slow_noise(count, 0.03, rng)
            + struggle * stage.tremble * slow_noise(count, 0.12, rng)
            for struggle in (0.20, 0.35, 0.18)
        ]
    )


def _knock(stage: Stage, rng: Generator) -> FloatArray:
    steps = stage.plan.footfalls
    times = np.array([f.time for f in steps])
    speeds = np.array([f.length / f.duration for f in steps])
    strengths = (0.2 + 1.6 * speeds) * (1 + 0.2 * np.clip(rng.standard_normal(len(steps)), -2, 2))
    knock = knocks(len(stage.time), times, strengths, 0.03)
    sides = np.array([1.0 if f.side is Side.LEFT else -1.0 for f in steps])
    lateral = knocks(len(stage.time), times, strengths * sides, 0.03)
    return np.column_stack([-0.6 * knock, -0.4 * lateral, knock])


def _attitude(stage: Stage, rng: Generator) -> dict[str, FloatArray]:
    count = len(stage.time)
    lengths = np.array([f.length for f in stage.plan.footfalls])
    swing = stage.per_step(np.clip(lengths / 0.6, 0.1, 1.2))
    sign, cycle = stance_sign(stage), np.pi * stage.phase
    drift = 0.004 * (1 - 0.7 * stage.seated)
    unrest = [drift * slow_noise(count, sd, rng) for sd in (0.5, 0.5, 0.8)]
    lean = LEAN * (1 - stage.seated) + 0.5 * stage.rising
    shiver = 0.004 * stage.tremble
    twist = swing * sign * (0.07 * np.cos(cycle) - 0.015 * np.cos(3 * cycle))
    # The twist is eased because the first and the last step begin and end it.
    return {
        # The pelvis drops on the side of the leg that swings.
        "roll": unrest[0]
        + swing * sign * (0.04 * np.sin(cycle) - 0.012 * np.sin(3 * cycle))
        + shiver * np.sin(stage.tremble_phase),
        "pitch": unrest[1]
        + lean
        + swing * (0.02 * np.cos(2 * cycle - 1.2) + 0.006 * np.cos(4 * cycle - 0.4))
        + 0.5 * shiver * np.sin(stage.tremble_phase + 1.0),
        "yaw": 0.5 * unrest[2] - smooth(twist, 0.04) + shiver * np.sin(stage.tremble_phase + 2.0),
    }
