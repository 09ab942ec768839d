"""Track the recordings of one data set and score their steps, person by person."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.gait.changes import Change

from gaitcue.events import Step
from gaitcue.imu import Placement
from gaitcue.recording.model import Recording
from gaitcue.replay.pipeline import replay
from gaitcue.replay.score import Tally, tally_walk


@dataclass
class Person:
    """Everything of one person: tallies at 0.25 s and at 0.5 s, and decision delays, s."""

    near: list[Tally] = field(default_factory=list)
    wide: list[Tally] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    count_errors: list[float] = field(default_factory=list)


def measure(
    recordings: Iterable[Recording], placement: Placement, change: Change
) -> dict[str, Person]:
    """Each person's tallies, from every sensor worn at `placement`."""
    people: dict[str, Person] = {}
    for recording in map(change, recordings):
        for sensor in recording.sensors:
            if sensor.placement is not placement:
                continue
            events = list(replay(sensor, height=recording.height))
            near, wide = (
                tally_walk(events, recording.annotations, recording.annotated, tolerance)
                for tolerance in (0.25, 0.5)
            )
            person = people.setdefault(recording.subject or recording.name, Person())
            person.near.append(near)
            person.wide.append(wide)
            person.delays += [e.decided - e.time for e in events if isinstance(e, Step)]
            steps = near.steps
            if steps is not None and steps.reference:
                person.count_errors.append(abs(steps.detected / steps.reference - 1))
    return people
