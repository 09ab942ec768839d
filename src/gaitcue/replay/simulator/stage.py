"""What every part of the body shares: the path, the step cycle, posture and trembling."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from gaitcue.imu import FloatArray
from gaitcue.replay.simulator.plan import Plan
from gaitcue.replay.simulator.scenario import Freeze, FreezeKind, Sit
from gaitcue.replay.simulator.signals import FINE_RATE, slow_noise, smooth

SIT_DOWN_TIME = 2.0
"""To sit down or to stand up, s; older people take about that."""
TREMBLE_RATE = (3.8, 6.2)
"""Range of the main frequency of trembling, Hz: inside the 3 to 8 Hz of Moore et al. (2008, J
Neurosci Methods)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """The walk on the fine grid; every array has one row per grid point.

    Attributes
    ----------
    plan
        What it was made from.
    time
        s.
    path
        (n, 2) the trunk's smooth way through the middles between the feet, m.
    heading
        Direction of the path, rad.
    step
        Index of the footfall that ends the step in progress, -1 when there is none.
    phase
        From 0 at one initial contact to 1 at the next.
    seated
        From 0 standing to 1 seated.
    rising
        From 0 to 1 and back while sitting down or standing up.
    tremble, tremble_phase
        How strongly the legs tremble, 0 to 1, and the phase of it, rad.
    shift
        How strongly the weight is shifted from foot to foot, 0 to 1.
    """

    plan: Plan
    time: FloatArray
    path: FloatArray
    heading: FloatArray
    step: np.typing.NDArray[np.intp]
    phase: FloatArray
    seated: FloatArray
    rising: FloatArray
    tremble: FloatArray
    tremble_phase: FloatArray
    shift: FloatArray

    def per_step(self, values: FloatArray) -> FloatArray:
        """(n,) a value per footfall spread over its step, 0 outside steps, eased over 0.1 s."""
        return smooth(np.append(values, 0.0)[self.step], 0.1)


def make_stage(plan: Plan, rng: Generator) -> Stage:
    """Lay `plan` out on the fine grid, a little beyond its end."""
    count = int(plan.scenario.duration * FINE_RATE) + 2
    time = np.arange(count) / FINE_RATE
    step, phase = _step_cycle(plan, time)
    tremble, shift, beat = _trembling(plan, time, rng)
    seated = _seated(plan, time)
    return Stage(
        plan=plan, time=time, path=_path(plan, time), heading=plan.heading(time), step=step,
        phase=phase, seated=seated, rising=np.sin(np.pi * seated) ** 2, tremble=tremble,
        tremble_phase=beat, shift=shift,
    )  # fmt: skip


def _path(plan: Plan, time: FloatArray) -> FloatArray:
    steps = plan.footfalls
    if not steps:
        return np.zeros((len(time), 2))
    # From standing, the trunk starts to move with the first step and not before.
    corners = [(steps[0].time - steps[0].duration, (0.0, 0.0))]
    for before, step, middle in zip([None, *steps], steps, plan.middles(), strict=False):
        departure = step.time - step.duration
        if before is not None and departure > before.time + 1e-6:
            corners.append((departure, corners[-1][1]))
        corners.append((step.time, middle))
    times = [corner[0] for corner in corners]
    east, north = (
        smooth(np.interp(time, times, [corner[1][axis] for corner in corners]), 0.12)
        for axis in (0, 1)
    )
    return np.column_stack([east, north])


def _step_cycle(plan: Plan, time: FloatArray) -> tuple[np.typing.NDArray[np.intp], FloatArray]:
    if not plan.footfalls:
        return np.full(len(time), -1), np.zeros(len(time))
    ends = np.array([f.time for f in plan.footfalls])
    durations = np.array([f.duration for f in plan.footfalls])
    step = np.minimum(np.searchsorted(ends, time), len(ends) - 1)
    phase = 1 - (ends[step] - time) / durations[step]
    inside = (phase >= 0) & (phase <= 1)
    return np.where(inside, step, -1), np.clip(phase, 0.0, 1.0)


def _seated(plan: Plan, time: FloatArray) -> FloatArray:
    seated = np.zeros_like(time)
    for span in plan.spans:
        if isinstance(span.segment, Sit):
            change = min(SIT_DOWN_TIME, (span.end - span.start) / 2)
            down = (time - span.start) / change if span.start > 0 else np.ones_like(time)
            up = (span.end - time) / change
            if span is plan.spans[-1]:
                up = np.ones_like(time)
            depth = np.clip(np.minimum(down, up), 0.0, 1.0)
            seated = np.maximum(seated, depth**3 * (10 - 15 * depth + 6 * depth**2))
    return seated


def _trembling(
    plan: Plan, time: FloatArray, rng: Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How strong trembling and weight shifting are, and the phase of the trembling."""
    count = len(time)
    tremble, shift, rate = np.zeros(count), np.zeros(count), np.full(count, 5.0)
    for span in plan.spans:
        if not isinstance(span.segment, Freeze):
            continue
        kind = span.segment.kind
        if kind in (FreezeKind.TREMBLING, FreezeKind.START_HESITATION):
            inside = (time >= span.start) & (time < span.end)
            tremble[inside] = 1.0 if kind is FreezeKind.TREMBLING else 0.6
            shift[inside] = 0.5 if kind is FreezeKind.TREMBLING else 1.0
            rate[inside] = rng.uniform(*TREMBLE_RATE)
    wax = np.clip(1 + 0.3 * slow_noise(count, 0.25, rng), 0.3, 1.6)
    rate = rate + 0.3 * slow_noise(count, 0.2, rng)
    beat = 2 * np.pi * np.cumsum(rate) / FINE_RATE
    return smooth(tremble, 0.12) * wax, smooth(shift, 0.2), beat
