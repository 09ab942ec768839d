"""The plan of a walk: every footfall, turn and posture that a scenario leads to, exactly.

The plan knows no sensor: the same scenario and seed give the same footfalls whatever is worn
where. The motion is built from it, and so is the truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.random import Generator

from gaitcue.imu import FloatArray, Side
from gaitcue.replay.simulator.scenario import (
    Freeze,
    FreezeKind,
    Scenario,
    Segment,
    Turn,
    Walk,
    Walker,
)

STEP_WIDTH = 0.10
"""Between the feet, m; healthy adults walk with 0.08 to 0.12 m."""
FESTINATION = 2.0
"""Before a freeze, steps shorten and quicken for this long, s (Nieuwboer et al. 2001, Mov Disord:
cadence rises and stride length falls in the last strides before freezing)."""
SHUFFLE_RATE = (3.2, 4.5)
"""Range of steps per second while shuffling: at the slow end of the 3 to 8 Hz of freezing."""
SHUFFLE_LENGTH = 0.03
"""Mean step length while shuffling, m."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A segment of the scenario with its place in time, s."""

    segment: Segment
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Footfall:
    """One initial contact.

    Attributes
    ----------
    time
        Of the initial contact, s.
    duration
        Of the step that ends here, s.
    length
        How far along the path the foot lands beyond the other one, m.
    position, heading
        Where the foot then stands, m east and north of the start, and its direction, rad.
    bout
        Number of the walking bout it belongs to; None for the ineffective steps of a freeze.
    """

    time: float
    duration: float
    side: Side
    length: float
    position: Point
    heading: float
    bout: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All footfalls in order of time, and the spans of the scenario."""

    scenario: Scenario
    spans: tuple[Span, ...]
    footfalls: tuple[Footfall, ...]

    def heading(self, time: FloatArray) -> FloatArray:
        """Direction of the path at `time`, rad, left positive."""
        return _heading(self.spans, time)

    def feet(self, side: Side) -> list[Footfall]:
        """The footfalls of one foot."""
        return [f for f in self.footfalls if f.side is side]

    def bouts(self) -> list[list[Footfall]]:
        """The footfalls of each walking bout: two or more steps without a break."""
        groups = groupby(self.footfalls, key=lambda f: f.bout)
        bouts = [list(steps) for bout, steps in groups if bout is not None]
        return [steps for steps in bouts if len(steps) > 1]

    def middles(self) -> list[Point]:
        """The point between the feet, m, at each footfall."""
        middles: list[Point] = []
        last = foot_at_start(other(self.footfalls[0].side)) if self.footfalls else (0.0, 0.0)
        for step in self.footfalls:
            middles.append(_between(last, step.position))
            last = step.position
        return middles


def make_plan(scenario: Scenario, rng: Generator) -> Plan:
    """Walk through `scenario`, drawing what varies from step to step from `rng`."""
    spans = tuple(_spans(scenario))
    return Plan(scenario=scenario, spans=spans, footfalls=tuple(_footfalls(scenario, spans, rng)))


def other(side: Side) -> Side:
    """The other foot."""
    return Side.RIGHT if side is Side.LEFT else Side.LEFT


def foot_at_start(side: Side) -> Point:
    """Where a foot stands before the first step, m."""
    return (0.0, STEP_WIDTH / 2 if side is Side.LEFT else -STEP_WIDTH / 2)


def _between(a: Point, b: Point) -> Point:
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def _spans(scenario: Scenario) -> Iterator[Span]:
    start = 0.0
    for segment in scenario.segments:
        yield Span(segment=segment, start=start, end=start + segment.duration)
        start += segment.duration


def _heading(spans: tuple[Span, ...], time: FloatArray) -> FloatArray:
    """Each turn begins and ends at rest: its rate is a raised cosine."""
    heading = np.zeros_like(time)
    for span in spans:
        if isinstance(span.segment, Turn):
            done = np.clip((time - span.start) / span.segment.duration, 0.0, 1.0)
            heading += span.segment.angle * (done - np.sin(2 * np.pi * done) / (2 * np.pi))
    return heading


def _footfalls(scenario: Scenario, spans: tuple[Span, ...], rng: Generator) -> Iterator[Footfall]:
    walker = scenario.walker
    side = Side.LEFT if rng.random() < 0.5 else Side.RIGHT
    centre = np.zeros(2)
    for bout, (steps, following) in enumerate(_runs(spans)):
        for time, duration, length in _steps(steps, following, side, walker, rng):
            heading = float(_heading(spans, np.array([time]))[0])
            ahead = np.array([np.cos(heading), np.sin(heading)])
            leftward = np.array([-ahead[1], ahead[0]])
            centre = centre + length * ahead
            foot = centre + leftward * (1 if side is Side.LEFT else -1) * STEP_WIDTH / 2
            frozen = isinstance(steps[0].segment, Freeze)
            yield Footfall(
                time=time, duration=duration, side=side, length=length, heading=heading,
                position=(float(foot[0]), float(foot[1])), bout=None if frozen else bout,
            )  # fmt: skip
            side = other(side)


def _runs(spans: tuple[Span, ...]) -> Iterator[tuple[list[Span], Segment | None]]:
    """Stretches of uninterrupted stepping, each with the segment that comes after it."""

    def stepping(span: Span) -> str:
        if isinstance(span.segment, Walk | Turn):
            return "walking"
        shuffling = isinstance(span.segment, Freeze) and span.segment.kind is FreezeKind.SHUFFLING
        return "shuffling" if shuffling else ""

    runs = [(kind, list(group)) for kind, group in groupby(spans, key=stepping)]
    for (kind, run), after in pairwise([*runs, ("", [])]):
        if kind:
            yield run, after[1][0].segment if after[1] else None


def _steps(
    run: list[Span], following: Segment | None, side: Side, walker: Walker, rng: Generator
) -> Iterator[tuple[float, float, float]]:
    """Time, duration and length of each step of a run that begins on `side`."""
    end = run[-1].end
    if isinstance(run[0].segment, Freeze):
        yield from _shuffles(run[0].start, end, rng)
        return
    going_on = [(s.start, s.segment) for s in run if isinstance(s.segment, Walk | Turn)]
    freezing = isinstance(following, Freeze)
    time = run[0].start
    while True:
        segment = next(going for start, going in reversed(going_on) if start <= time)
        uneven = walker.asymmetry if side is Side.LEFT else -walker.asymmetry
        usual = 60.0 / segment.cadence
        duration = usual * (1 + uneven) * (1 + walker.variability * _within(rng))
        length = segment.speed * duration * (1 + walker.variability * _within(rng))
        if freezing:
            calm = min(1.0, 0.4 + 0.6 * (end - time) / FESTINATION)
            length, duration = length * calm, duration * (0.75 + 0.25 * calm)
        time += duration
        if time >= end:
            return
        if not freezing and time + 1.2 * usual >= end:
            yield time, duration, 0.0  # the last step brings the feet together
            return
        yield time, duration, length
        side = other(side)


def _shuffles(time: float, end: float, rng: Generator) -> Iterator[tuple[float, float, float]]:
    usual = 1.0 / rng.uniform(*SHUFFLE_RATE)
    while True:
        duration = usual * (1 + 0.1 * _within(rng))
        time += duration
        if time >= end:
            return
        yield time, duration, SHUFFLE_LENGTH * (1 + 0.3 * _within(rng))


def _within(rng: Generator) -> float:
    """A standard normal draw held within 2.5 standard deviations."""
    return float(np.clip(rng.standard_normal(), -2.5, 2.5))
