"""What is scored, and on which recordings: shared by all that are scored on people left out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from benchmarks.freezing.disturb import Disturbance, at_rate, lossy, rotated
from benchmarks.freezing.result import Result
from benchmarks.freezing.simulated import SIMULATED
from benchmarks.freezing.sources import SOURCES, Source

from gaitcue.events import Profile
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Recording, Sensor
from gaitcue.replay.score import Score, Tally

DISTURBANCES: dict[str, Disturbance] = {
    "strap rotated": rotated,
    "50 Hz": at_rate(50),
    "200 Hz": at_rate(200),
    "5 % of packets lost": lossy,
}

FREEZING = ("tdcsfog", "daphnet", "turning_in_place", "stanford_lumbar")
DISTURBED = "tdcsfog"
"""The set that is scored under disturbances: the largest."""

LONGEST_SHARE = "a9e866"
"""The person of tdcsfog with a third of all its freezing time."""


@dataclass(frozen=True, slots=True)
class Run:
    """One source scored under a name, with the models of one kind."""

    source: Source
    name: str
    left_out: bool = False
    disturbance: Disturbance | None = None


def runs() -> Iterator[Run]:
    """All that is scored, in the order of the report."""
    for source in SOURCES:
        if source.data == SIMULATED:  # nobody is judged on them
            continue
        yield Run(source, "people left out")
        if source.data in FREEZING:
            yield Run(source, "set left out", left_out=True)
        if source.data == DISTURBED:
            for name, disturbance in DISTURBANCES.items():
                yield Run(source, name, disturbance=disturbance)


@lru_cache(maxsize=1)
def in_memory(path: Path) -> list[Recording]:
    """The recordings of one set, read once for all the runs over it."""
    return [
        replace(recording, sensors=tuple(_held(sensor) for sensor in recording.sensors))
        for recording in open_recordings(path)
    ]


def _held(sensor: Sensor) -> Sensor:
    items = list(sensor.read())
    return replace(sensor, read=lambda: iter(items))


def as_result(run: Run, name: str, profile: Profile, tallies: dict[str, Tally]) -> Result:
    """The tallies of one run as they are reported."""
    return Result(
        data=run.source.data,
        placement=run.source.placement,
        learned=run.source.learned,
        name=name,
        profile=profile,
        score=Score(tallies, ()),
    )
