"""Everything counted in one walk against its annotations; tallies of many walks add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gaitcue.events import Event, SensorChange, WalkStart
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score import activity, freezing, spans, stops, walking
from gaitcue.replay.score.activity import ActivityTally, StillTally
from gaitcue.replay.score.freezing import FreezingTally
from gaitcue.replay.score.stops import StopTally
from gaitcue.replay.score.stretch import in_experiment, measured
from gaitcue.replay.score.walking import BoutTally, StepTally

STEP_TOLERANCE = 0.25
"""s between a step and its reference contact at most: half the 0.5 s of Micó-Amigo 2023, so that a
step of the other foot is not taken for it at ordinary cadence."""

SCORABLE = frozenset({Kind.FREEZE, Kind.INITIAL_CONTACT, Kind.WALKING_BOUT, Kind.ACTIVITY})
"""A recording annotated with none of these has nothing to be scored by."""

ONE_FOOT = frozenset({Placement.SHANK, Placement.FOOT})
"""A sensor here feels the contacts of its own side, and is scored on those."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What was counted over `recordings` recordings.

    Attributes
    ----------
    seconds
        Measured time in the experiment: without excluded spans and missing samples, s.
    freezing, stops, steps, still
        None when the reference does not tell about them.
    speed, stride_length
        One row for each reference bout that has a value, m/s and m.
    activities
        By name.
    """

    recordings: int
    seconds: float
    freezing: FreezingTally | None
    stops: StopTally | None
    steps: StepTally | None
    speed: BoutTally
    stride_length: BoutTally
    still: StillTally | None
    activities: dict[str, ActivityTally]


def tally_walk(
    events: Sequence[Event],
    annotations: Sequence[Annotation],
    annotated: frozenset[Kind],
    tolerance: float = STEP_TOLERANCE,
) -> Tally:
    """Compare the events of one pass over a recording with its reference.

    Parameters
    ----------
    events
        From walk start to walk end, in order of decision.
    annotations, annotated
        The reference, and the kinds of label that it looked for.
    tolerance
        Largest distance of a step from its reference contact, s.

    Raises
    ------
    InputError
        When the events are not those of one whole walk.
    """
    experiment = in_experiment(events, annotations)
    bouts = Kind.WALKING_BOUT in annotated
    return Tally(
        recordings=1,
        seconds=spans.length(measured(events, experiment)),
        freezing=freezing.tally_freezing(events, annotations) if Kind.FREEZE in annotated else None,
        stops=stops.tally_stops(events, annotations, annotated)
        if Kind.FREEZE in annotated
        else None,
        steps=walking.combine_steps(
            walking.tally_steps(
                events, annotations, within_bouts=bouts, side=side, tolerance=tolerance
            )
            for side in _sides(events, annotations)
        )
        if Kind.INITIAL_CONTACT in annotated
        else None,
        speed=walking.tally_speed(events, annotations),
        stride_length=walking.tally_stride_length(events, annotations),
        still=activity.tally_still(events, annotations)
        if Kind.ACTIVITY in annotated and bouts
        else None,
        activities=activity.tally_activities(events, annotations),
    )


def combine(tallies: Iterable[Tally]) -> Tally:
    """The tally of all of them together."""
    parts = list(tallies)
    return Tally(
        recordings=sum(part.recordings for part in parts),
        seconds=sum(part.seconds for part in parts),
        freezing=freezing.combine(p.freezing for p in parts if p.freezing is not None),
        stops=stops.combine_stops(p.stops for p in parts if p.stops is not None),
        steps=walking.combine_steps(p.steps for p in parts if p.steps is not None),
        speed=walking.combine_bouts(part.speed for part in parts),
        stride_length=walking.combine_bouts(part.stride_length for part in parts),
        still=activity.combine_still(p.still for p in parts if p.still is not None),
        activities=activity.combine_activities(part.activities for part in parts),
    )


def _sides(events: Sequence[Event], annotations: Sequence[Annotation]) -> list[Side]:
    """The feet that sensors and reference both know apart, each scored on its own; else both."""
    worn = {(e.placement, e.side) for e in events if isinstance(e, WalkStart | SensorChange)}
    known = {a.side for a in annotations if a.kind is Kind.INITIAL_CONTACT}
    if Side.NONE in known or any(placement not in ONE_FOOT for placement, _ in worn):
        return [Side.NONE]
    sides = {side for _, side in worn}
    return [Side.NONE] if Side.NONE in sides else sorted(sides)
