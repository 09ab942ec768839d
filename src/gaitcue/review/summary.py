"""What a walk came to, in numbers: one pass over its events, in bounded memory.

Each number is defined in ``docs/reference/report.md``.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Self

from gaitcue.cue.reasons import FOR_A_FREEZE
from gaitcue.errors import InputError
from gaitcue.events import (
    CueEnd,
    CuePlayed,
    CueStart,
    DataProblem,
    Event,
    FreezeScore,
    MountingSlip,
    Posture,
    SensorChange,
    SensorGap,
    Step,
    Stride,
    Turn,
    WalkEnd,
    WalkingBoutEnd,
    WalkStart,
)
from gaitcue.recording.model import Sensor
from gaitcue.review.episodes import LISTED, EpisodeFold, FreezeEpisode
from gaitcue.review.postures import PostureFold
from gaitcue.review.reasons import reasons, tells_turns
from gaitcue.review.spread import Spread, SpreadFold
from gaitcue.review.step_times import StepTimesFold

PERCENT = 100.0

LEAST_STEPS = 6
"""Steps of a walking bout at least: two strides of the left and two of the right foot (Mobilise-D,
Kluge et al. 2021). The tracker opens bouts earlier, so that a walker is helped in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of data problem: told `times` times, first at `first` s, about `count` samples."""

    kind: str
    times: int
    count: int
    first: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkSummary:
    """One walk. SI units; cadence and tempo in steps/min. For what is None, `reasons` says why.

    Attributes
    ----------
    walk, sensors, height
        What was tracked: the walk's start event, its sensors, the one that tells most first, and
        the person's height, m.
    complete
        False when the events break off without the walk's end.
    duration
        From the first sample to the end of the last, s.
    samples, missing
        Rows in all, and those of them that lack a value.
    measured_time
        `duration` without `SensorGap` time, s: the time on task.
    gaps, longest_gap, resets
        Number of gaps, length of the longest, s, and how many of them made tracking begin afresh.
    walking_bouts, short_bouts
        Number of walking bouts, and of those too short to count as one, below `LEAST_STEPS`.
    walking_time, steps, distance
        Of all of them, the short ones too: s, steps of both feet, and m.
    initial_contacts
        Steps as the sensors saw them, in bouts or not; one foot's only from one shank or foot.
    left_step_time, right_step_time, asymmetry
        From the other foot's contact to that of the foot, s, where the feet can be told apart; and
        the difference of the two means, % of both together, above 0 where left steps take longer.
    cadence, speed, stride_length
        Over strides, weighted by their duration in the mean: steps/min, m/s, m.
    speed_sd
        Error of the speed of a stride, m/s, one standard deviation (root mean square).
    turns, turn_duration, turn_angle, turn_peak_rate
        Number of turns, s, rad without sign, rad/s.
    postures
        Time in each posture from when it was known, s.
    slips
        The first `LISTED` times that the sensor slipped on the body.
    freezes, time_frozen, freeze_duration, percent_time_frozen
        Number of episodes, their length together, s, and one by one, s, and % of `measured_time`.
    cues, cue_latency, cue_duration, cue_tempo
        Number of cues, s from the start of the freeze (of those for one) to the first beat, s,
        steps/min.
    cue_heard
        From the decision on a cue to its first beat being heard or felt, s, as outputs reported.
    problems
        One per kind, in order of first appearance.
    episodes, bouts
        The first `LISTED` freezing episodes and walking bouts, short ones left out.
    reasons
        Name of each attribute that is None, and in a sentence why.
    """

    walk: WalkStart
    sensors: tuple[Sensor, ...]
    height: float | None
    complete: bool
    duration: float
    samples: int | None
    missing: int | None
    measured_time: float
    gaps: int
    longest_gap: float
    resets: int
    walking_time: float
    walking_bouts: int
    short_bouts: int
    steps: int
    distance: float | None
    initial_contacts: int
    left_step_time: Spread | None
    right_step_time: Spread | None
    asymmetry: float | None
    cadence: Spread | None
    speed: Spread | None
    speed_sd: float | None
    stride_length: Spread | None
    turns: int | None
    turn_duration: Spread | None
    turn_angle: Spread | None
    turn_peak_rate: Spread | None
    postures: Mapping[Posture, float] | None
    slips: tuple[MountingSlip, ...]
    freezes: int | None
    time_frozen: float | None
    freeze_duration: Spread | None
    percent_time_frozen: float | None
    cues: int
    cue_latency: Spread | None
    cue_duration: Spread | None
    cue_tempo: Spread | None
    cue_heard: Spread | None
    problems: tuple[Problem, ...]
    episodes: tuple[FreezeEpisode, ...]
    bouts: tuple[WalkingBoutEnd, ...]
    reasons: Mapping[str, str]

    @property
    def sensor(self) -> Sensor:
        """The one that tells most."""
        return self.sensors[0]

    @property
    def end(self) -> float:
        """The end of the last sample, s on the walk's clock."""
        return self.walk.time + self.duration


def summarise(
    events: Iterable[Event], sensors: Sequence[Sensor], height: float | None = None
) -> WalkSummary:
    """The summary of one walk's events, in order of decision.

    Parameters
    ----------
    events
        From `WalkStart` on.
    sensors
        Those that were tracked, the one that tells most first.
    height
        Of the person, m, where known.

    Raises
    ------
    InputError
        When the events are not those of one walk from its start.
    """
    fold = SummaryFold(sensors, height)
    for event in events:
        fold.add(event)
    return fold.result()


class SummaryFold:
    """Makes a `WalkSummary` of events that come one by one, in order of decision."""

    def __init__(self, sensors: Sequence[Sensor], height: float | None = None) -> None:
        self._sensors, self._height = tuple(sensors), height
        self._walk: WalkStart | None = None
        self._last: WalkEnd | None = None
        self._now = 0.0
        self._gaps, self._longest_gap, self._gap_time, self._resets = 0, 0.0, 0.0, 0
        self._contacts = self._scores = 0
        self._step_times = StepTimesFold(sensors)
        self._bout_count, self._short_count = 0, 0
        self._bout_steps, self._walking_time = 0, 0.0
        self._distance: float | None = None
        self._bouts: list[WalkingBoutEnd] = []
        self._cadence = SpreadFold(0.1, 1000.0)
        self._speed = SpreadFold(0.001, 20.0)
        self._speed_variance = SpreadFold(0.001, 20.0)
        self._length = SpreadFold(0.001, 20.0)
        self._turn_duration = SpreadFold(0.01, 600.0)
        self._turn_angle = SpreadFold(0.001, 100.0)
        self._turn_peak_rate = SpreadFold(0.001, 100.0)
        self._postures = PostureFold()
        self._episodes = EpisodeFold()
        self._freeze_duration = SpreadFold(0.01, 3600.0)
        self._freezes, self._time_frozen = 0, 0.0
        self._cues = 0
        self._cue_latency = SpreadFold(0.001, 600.0)
        self._cue_duration = SpreadFold(0.01, 3600.0)
        self._cue_tempo = SpreadFold(0.1, 1000.0)
        self._cue_heard = SpreadFold(0.001, 60.0)
        self._problems: dict[str, Problem] = {}

    def add(self, event: Event) -> Self:
        """Take in the next event.

        Raises
        ------
        InputError
            When it cannot follow what came before.
        """
        if (self._walk is None) is not isinstance(event, WalkStart) or self._last is not None:
            raise InputError("the events are not those of one walk, from its start to its end")
        self._now = max(self._now, event.time, event.decided)
        self._add_episode(self._episodes.add(event))
        self._postures.add(event)
        match event:
            case WalkStart():
                self._walk, self._now = event, event.time
            case WalkEnd():
                self._last = event
            case Step():
                self._contacts += 1
                self._step_times.add(event)
            case Stride():
                self._add_stride(event)
            case WalkingBoutEnd():
                self._add_bout(event)
            case Turn():
                self._turn_duration.add(event.end - event.time)
                self._turn_angle.add(abs(event.angle))
                self._turn_peak_rate.add(event.peak_rate)
            case FreezeScore():
                self._scores += 1
            case CueStart():
                self._cues += 1
                if event.reason in FOR_A_FREEZE:
                    self._cue_latency.add(event.latency)
                self._cue_tempo.add(event.tempo)
            case CueEnd():
                self._cue_duration.add(event.time - event.start)
            case CuePlayed():
                self._cue_heard.add(max(event.time - event.start, 0.0))
            case SensorGap():
                self._gaps += 1
                self._longest_gap = max(self._longest_gap, event.end - event.time)
                self._gap_time += event.end - event.time
                self._resets += event.reset
            case SensorChange(working=False):
                self._add_lost(event)
            case DataProblem():
                self._add_problem(event)
        return self

    def result(self) -> WalkSummary:
        """The summary, once the last event is in.

        Raises
        ------
        InputError
            When there was no event at all.
        """
        if self._walk is None:
            raise InputError("there is not one event, so there is no walk to sum up")
        end = self._now if self._last is None else self._last.time
        duration = end - self._walk.time + 1 / self._walk.rate
        self._add_episode(self._episodes.finish(end))
        measured = max(duration - self._gap_time, 0.0)
        judged = self._scores > 0 or self._freezes > 0
        sees_turns = any(tells_turns(one) for one in self._sensors)
        left, right = self._step_times.result()
        turns = self._turn_duration.result()
        variance = self._speed_variance.result()
        share = PERCENT * self._time_frozen / measured if measured > 0 else None
        summary = WalkSummary(
            walk=self._walk,
            sensors=self._sensors,
            height=self._height,
            complete=self._last is not None,
            duration=duration,
            samples=None if self._last is None else self._last.samples,
            missing=None if self._last is None else self._last.missing,
            measured_time=measured,
            gaps=self._gaps,
            longest_gap=self._longest_gap,
            resets=self._resets,
            walking_time=self._walking_time,
            walking_bouts=self._bout_count,
            short_bouts=self._short_count,
            steps=self._bout_steps,
            distance=self._distance,
            initial_contacts=self._contacts,
            left_step_time=left,
            right_step_time=right,
            asymmetry=None
            if left is None or right is None
            else PERCENT * (left.mean - right.mean) / (left.mean + right.mean),
            cadence=self._cadence.result(),
            speed=self._speed.result(),
            speed_sd=None if variance is None else math.sqrt(variance.mean),
            stride_length=self._length.result(),
            turns=(0 if turns is None else turns.count) if sees_turns else None,
            turn_duration=turns,
            turn_angle=self._turn_angle.result(),
            turn_peak_rate=self._turn_peak_rate.result(),
            postures=self._postures.result(end),
            slips=tuple(self._postures.slips),
            freezes=self._freezes if judged else None,
            time_frozen=self._time_frozen if judged else None,
            freeze_duration=self._freeze_duration.result(),
            percent_time_frozen=share if judged else None,
            cues=self._cues,
            cue_latency=self._cue_latency.result(),
            cue_duration=self._cue_duration.result(),
            cue_tempo=self._cue_tempo.result(),
            cue_heard=self._cue_heard.result(),
            problems=tuple(self._problems.values()),
            episodes=self._episodes.listed(),
            bouts=tuple(self._bouts),
            reasons={},
        )
        absent = {f.name for f in fields(summary) if getattr(summary, f.name) is None}
        why = reasons(absent, self._sensors, strides=summary.cadence is not None, cues=self._cues)
        return replace(summary, reasons=MappingProxyType(why))

    def _add_lost(self, change: SensorChange) -> None:
        self._add_problem(
            DataProblem(
                time=change.time,
                decided=change.decided,
                kind=f"lost_{change.sensor}",
                count=1,
                detail=f"{change.sensor} was lost, and the walk went on with the other sensors",
            )
        )

    def _add_stride(self, stride: Stride) -> None:
        self._cadence.add(stride.cadence, stride.duration)
        self._speed.add(stride.speed, stride.duration)
        self._length.add(stride.length, stride.duration)
        if stride.speed_sd is not None:
            self._speed_variance.add(stride.speed_sd**2, stride.duration)

    def _add_bout(self, bout: WalkingBoutEnd) -> None:
        short = bout.steps < LEAST_STEPS
        self._bout_count += not short
        self._short_count += short
        self._bout_steps += bout.steps
        self._walking_time += bout.time - bout.start
        if bout.distance is not None:
            self._distance = (self._distance or 0.0) + bout.distance
        if not short and len(self._bouts) < LISTED:
            self._bouts.append(bout)

    def _add_episode(self, episode: FreezeEpisode | None) -> None:
        if episode is not None:
            self._freezes += 1
            self._time_frozen += episode.frozen
            self._freeze_duration.add(episode.duration)

    def _add_problem(self, problem: DataProblem) -> None:
        before = self._problems.get(problem.kind)
        self._problems[problem.kind] = Problem(
            kind=problem.kind,
            times=1 if before is None else before.times + 1,
            count=problem.count + (0 if before is None else before.count),
            first=problem.time if before is None else before.first,
            detail=problem.detail if before is None else before.detail,
        )
