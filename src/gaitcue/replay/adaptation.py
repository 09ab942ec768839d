"""Adapting the freeze detector to a person, by own walks in which it is known what was a freeze.

A physio knows by annotation; the walker by the key that says that something was no freeze. Marked
freezes teach a correction of the model at each placement. Then the sensitivity is chosen with it
that does best in all the walks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitcue.errors import InputError
from gaitcue.events import Button, FreezeEnd, FreezeStart, Press, Profile, WalkEnd
from gaitcue.gait.freezing import Correction, lessons_of, most_probable
from gaitcue.gait.freezing.correction import Lesson
from gaitcue.gait.freezing.model import weights
from gaitcue.imu import Placement, Samples
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

DIGITS = 4
"""Of a correction's values after the point, which is finer than anything they do."""

Corrections = Mapping[Placement, Correction]


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
    corrected
        Whether with the correction.
    """

    sensitivity: float
    freezes: int
    cued: int
    false: int
    corrected: bool = False

    @property
    def worth(self) -> float:
        """A false cue undoes a freeze that got one."""
        return self.cued - self.false - PULL * self.sensitivity**2


@dataclass(frozen=True, slots=True)
class KnownWalk:
    """A walk in which it is known what was a freeze.

    Attributes
    ----------
    sensors
        Those to track.
    annotations
        Freezes, and parts of the walk that are not to be judged.
    marked
        Whether the freezes were marked, so that what was missed is known too.
    """

    sensors: Sequence[Sensor]
    annotations: Sequence[Annotation]
    marked: bool


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What is best for the person.

    Attributes
    ----------
    corrections
        To be used; none where none may be.
    chosen, usual
        What comes of them in the walks, and of the detector as it comes.
    """

    corrections: Corrections
    chosen: Outcome
    usual: Outcome


def adapted(known: Sequence[KnownWalk], profile: Profile) -> Adaptation:
    """What is best by these walks, with this operating point.

    Raises
    ------
    InputError
        When a walk cannot be read.
    """
    corrections = learned(known)
    tried = [_outcome(known, profile, one, {}) for one in TRIED]
    if corrections:
        tried += [_outcome(known, profile, one, corrections) for one in TRIED]
    best = chosen(tried)
    return Adaptation(corrections if best.corrected else {}, best, usual(tried))


def chosen(tried: Sequence[Outcome]) -> Outcome:
    """The one that is worth most of those that may be chosen, corrected ones if there are any.

    False cues can make the detector stricter, never silence it: with a correction, at least one
    freeze must be cued and no fewer than usually. Without, a sensitivity below 0 is taken only when
    it loses none of the freezes that 0 cues.
    """
    before = usual(tried)

    def allowed(one: Outcome) -> bool:
        if one.corrected:
            return one.cued >= max(before.cued, 1)
        if one.sensitivity >= 0:
            return True
        return one.cued >= before.cued and (before.cued > 0 or one.sensitivity >= LOWEST_UNKNOWN)

    may = [one for one in tried if allowed(one)]
    return max([one for one in may if one.corrected] or may, key=lambda one: one.worth)


def usual(tried: Sequence[Outcome]) -> Outcome:
    """Of the detector as it comes."""
    return next(one for one in tried if one.sensitivity == 0.0 and not one.corrected)


def learned(known: Sequence[KnownWalk]) -> dict[Placement, Correction]:
    """The correction at each placement for which a freeze is marked."""
    taught: dict[Placement, list[Lesson]] = {}
    for walk in known:
        for sensor in walk.sensors if walk.marked else ():
            if sensor.placement is not None and sensor.gravity:
                lessons = _lessons(sensor, sensor.placement, walk.annotations)
                taught.setdefault(sensor.placement, []).extend(lessons)
    found = {at: most_probable(given) for at, given in taught.items()}
    return {
        at: Correction(weights().fingerprint, tuple(np.round(values, DIGITS).tolist()))
        for at, values in found.items()
        if values is not None
    }


def known_walks(walks: Sequence[tuple[Recording, Sequence[Sensor]]]) -> list[KnownWalk]:
    """Those walks in which it is known what was a freeze.

    Raises
    ------
    InputError
        When there is none, or one cannot be read.
    """
    known = [
        KnownWalk(sensors, freezes, marked=Kind.FREEZE in recording.annotated)
        for recording, sensors in walks
        if (freezes := known_freezes(recording, sensors)) is not None
    ]
    if not known:
        raise InputError(
            "nobody said what was a freeze in these walks: mark the freezes of a walk in its "
            "annotations.tsv, or press N when a cue was for none"
        )
    return known


def known_freezes(recording: Recording, sensors: Sequence[Sensor]) -> list[Annotation] | None:
    """The annotated freezes, or else those found on the walk that the walker let pass.

    Parts of the walk that are not to be judged come with them. None when nobody judged.
    """
    if Kind.FREEZE in recording.annotated:
        return list(recording.annotations)
    settings, _ = settings_of(recording).usable()
    found: list[tuple[float, float]] = []
    start: float | None = None
    judged = False
    passes = replay(
        *sensors,
        profile=settings.profile,
        sensitivity=settings.sensitivity,
        corrections=settings.corrections,
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


def _lessons(
    sensor: Sensor, placement: Placement, annotations: Sequence[Annotation]
) -> list[Lesson]:
    def spans(kind: Kind) -> list[tuple[float, float]]:
        return [(one.onset, one.end) for one in annotations if one.kind is kind]

    return lessons_of(
        (item for item in sensor.read() if isinstance(item, Samples)),
        placement,
        rate=sensor.rate,
        gyroscope=sensor.gyroscope,
        freezes=spans(Kind.FREEZE),
        excluded=spans(Kind.EXCLUDED),
    )


def _outcome(
    known: Sequence[KnownWalk], profile: Profile, sensitivity: float, corrections: Corrections
) -> Outcome:
    freezes = cued = false = 0
    for walk in known:
        # What was pressed on the walk belongs to the cues of that walk, not to these.
        unpressed = [replace(sensor, records=None) for sensor in walk.sensors]
        events = list(
            replay(*unpressed, profile=profile, sensitivity=sensitivity, corrections=corrections)
        )
        tally = tally_freezing(events, list(walk.annotations))
        long = [episode for episode in tally.episodes if episode.duration >= LONG]
        freezes += len(long)
        cued += int(np.sum([episode.latency is not None for episode in long]))
        false += tally.false_cues[0]
    return Outcome(
        sensitivity=sensitivity,
        freezes=freezes,
        cued=cued,
        false=false,
        corrected=bool(corrections),
    )
