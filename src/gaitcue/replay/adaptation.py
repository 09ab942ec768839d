"""A person's own sensitivity, from walks of theirs in which it is known what was a freeze.

A physio knows by annotation; the walker by the key that says that something was no freeze.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitcue.errors import InputError
from gaitcue.events import Button, FreezeEnd, FreezeStart, Press, Profile, WalkEnd
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor
from gaitcue.replay.pipeline import replay
from gaitcue.replay.score.episodes import LONG
from gaitcue.replay.score.freezing import tally_freezing
from gaitcue.replay.settings import settings_of

TRIED = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Sensitivities to choose from, log-odds: half of what the dial has, so that what a few walks tell
cannot make it cue all the time; finer steps seldom differ in a cue."""

LOWEST_UNKNOWN = -0.5
"""Log-odds: the lowest sensitivity that may be chosen when not one freeze is cued in the walks, so
that nothing is known of what would be lost."""

PULL = 0.3
"""Freezes that a sensitivity of 1 must gain to be worth leaving 0. Our choice: it decides
between equals only."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sensitivity would have done in all the walks.

    Attributes
    ----------
    sensitivity
        Log-odds.
    freezes, cued
        Freezes of 5 s or more, and those of them in which a cue would have started.
    false
        Cues that would have started outside every freeze.
    """

    sensitivity: float
    freezes: int
    cued: int
    false: int

    @property
    def worth(self) -> float:
        """A false cue undoes a freeze that got one."""
        return self.cued - self.false - PULL * self.sensitivity**2


def outcomes(
    walks: Sequence[tuple[Recording, Sequence[Sensor]]], profile: Profile
) -> list[Outcome]:
    """What each sensitivity that may be chosen would have done.

    Raises
    ------
    InputError
        When in none of the walks it is known what was a freeze, or one cannot be read.
    """
    known = [
        (sensors, freezes)
        for recording, sensors in walks
        if (freezes := known_freezes(recording, sensors)) is not None
    ]
    if not known:
        raise InputError(
            "nobody said what was a freeze in these walks: mark the freezes of a walk in its "
            "annotations.tsv, or press N when a cue was for none"
        )
    return [_outcome(known, profile, tried) for tried in TRIED]


def chosen(tried: Sequence[Outcome]) -> Outcome:
    """The one that is worth most.

    One below 0 is taken only when it loses none of the freezes that 0 cues: false cues can make
    the detector stricter, never silence it.
    """
    (usual,) = (one for one in tried if one.sensitivity == 0.0)

    def allowed(one: Outcome) -> bool:
        if one.sensitivity >= 0:
            return True
        return one.cued >= usual.cued and (usual.cued > 0 or one.sensitivity >= LOWEST_UNKNOWN)

    return max(filter(allowed, tried), key=lambda one: one.worth)


def known_freezes(recording: Recording, sensors: Sequence[Sensor]) -> list[Annotation] | None:
    """The annotated freezes, or else those found on the walk that the walker let pass.

    Parts of the walk that are not to be judged come with them. None when nobody judged.
    """
    if Kind.FREEZE in recording.annotated:
        return list(recording.annotations)
    settings = settings_of(recording)
    found: list[tuple[float, float]] = []
    start: float | None = None
    judged = False
    passes = replay(
        *sensors,
        profile=settings.profile,
        sensitivity=settings.sensitivity,
        coach=settings.coach,
        recording=recording.name,
    )
    refused: set[float] = set()
    latest: float | None = None
    for event in passes:
        match event:
            case FreezeStart():
                start = latest = event.time
            case FreezeEnd() | WalkEnd() if start is not None:
                found.append((start, event.time))
                start = None
            case Press(button=Button.NOT_A_FREEZE):
                judged = True
                if latest is not None:
                    refused.add(latest)
    if not judged:
        return None
    return [
        Annotation(onset=begin, duration=end - begin, kind=Kind.FREEZE)
        for begin, end in found
        if begin not in refused
    ]


def _outcome(
    known: Sequence[tuple[Sequence[Sensor], list[Annotation]]], profile: Profile, sensitivity: float
) -> Outcome:
    freezes = cued = false = 0
    for sensors, annotations in known:
        # What was pressed on the walk belongs to the cues of that walk, not to these.
        unpressed = [replace(sensor, records=None) for sensor in sensors]
        events = list(replay(*unpressed, profile=profile, sensitivity=sensitivity))
        tally = tally_freezing(events, annotations)
        long = [episode for episode in tally.episodes if episode.duration >= LONG]
        freezes += len(long)
        cued += int(np.sum([episode.latency is not None for episode in long]))
        false += tally.false_cues[0]
    return Outcome(sensitivity=sensitivity, freezes=freezes, cued=cued, false=false)
