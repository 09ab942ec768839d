"""What happened on a walk, in words a person understands."""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from gaitcue.events import (
    CueEnd,
    CueStart,
    DataProblem,
    Event,
    FreezeEnd,
    FreezeStart,
    SensorGap,
    Step,
    Stride,
    Turn,
    WalkEnd,
    WalkingBoutEnd,
    WalkStart,
)
from gaitcue.recording.model import Sensor
from gaitcue.replay.choose import describe

LISTED_FREEZES = 20
"""Freezes listed one by one; of more, only the number is told."""

PERCENT = 100.0


@dataclass(slots=True)
class _Freeze:
    """A freezing episode: its start and length, s, and how it was cued."""

    start: float
    cue: str
    length: float | None = None


class WalkSummary:
    """Gathers the events of one walk and tells them as a few lines of text.

    Parameters
    ----------
    sensor
        The one that was tracked.
    height
        Of the person, m, where known.
    """

    def __init__(self, sensor: Sensor, height: float | None) -> None:
        self._sensor, self._height = sensor, height
        self._walk: WalkStart | None = None
        self._end: WalkEnd | None = None
        self._count: Counter[str] = Counter()
        self._bouts: list[WalkingBoutEnd] = []
        self._strides_with_speed = 0
        self._freezes: list[_Freeze] = []
        self._cueing = False
        self._cue_tempos: list[float] = []
        self._beats = 0
        self._gaps: list[float] = []
        self._problems: dict[str, list[DataProblem]] = {}

    def take(self, event: Event) -> None:
        """Take in the next event of the walk."""
        self._count[event.type] += 1
        match event:
            case WalkStart():
                self._walk = event
            case WalkEnd():
                self._end = event
            case Stride():
                self._strides_with_speed += event.speed is not None
            case WalkingBoutEnd():
                self._bouts.append(event)
            case FreezeStart():
                cue = "the beat still went on" if self._cueing else "not cued"
                self._freezes.append(_Freeze(event.time, cue))
            case FreezeEnd() if self._freezes:
                self._freezes[-1].length = event.time - self._freezes[-1].start
            case CueStart():
                self._cueing = True
                self._cue_tempos.append(event.tempo)
                if self._freezes:
                    self._freezes[-1].cue = f"cued {event.latency:.1f} s later"
            case CueEnd():
                self._cueing = False
                self._beats += event.beats
            case SensorGap():
                self._gaps.append(event.end - event.time)
            case DataProblem():
                self._problems.setdefault(event.kind, []).append(event)

    def lines(self) -> list[str]:
        """The summary, once the walk is over."""
        if self._walk is None or self._end is None:
            raise ValueError("the walk is not over")
        seconds = self._end.time - self._walk.time
        return [
            f"{self._walk.recording or 'Walk'}: {duration(seconds)}, sensor on the "
            f"{describe(self._sensor)}, profile {self._walk.profile}",
            *(f"  {line}" for line in (
                *self._walking(), *self._freezing(seconds), *self._cues(), *self._missing(),
                *self._unmeasured(),
            )),
        ]  # fmt: skip

    def _walking(self) -> list[str]:
        if not self._bouts:
            found = self._count[Step.type]
            return [f"Walking: none found ({_many(found, 'single step')})"]
        time = sum(bout.time - bout.start for bout in self._bouts)
        words = [
            f"{_many(len(self._bouts), 'bout')}, {duration(time)} in all, "
            f"{_many(sum(bout.steps for bout in self._bouts), 'step')}"
        ]
        words += _over_bouts([(b.cadence, b.time - b.start) for b in self._bouts], 0, "steps/min")
        words += _over_bouts([(b.speed, b.time - b.start) for b in self._bouts], 2, "m/s")
        distances = [bout.distance for bout in self._bouts if bout.distance is not None]
        if distances:
            words.append(f"{sum(distances):.0f} m")
        turns = self._count[Turn.type]
        return [f"Walking: {', '.join(words)}", *([f"Turns: {turns}"] if turns else [])]

    def _freezing(self, seconds: float) -> list[str]:
        if not self._freezes:
            return ["Freezing: none found"]
        ended = [freeze.length for freeze in self._freezes if freeze.length is not None]
        percent = PERCENT * sum(ended) / seconds if seconds > 0 else 0.0
        lines = [
            f"Freezing: {_many(len(self._freezes), 'episode')}, {duration(sum(ended))} in all, "
            f"{percent:.1f} % of the recorded time"
        ]
        for freeze in self._freezes[:LISTED_FREEZES]:
            lasted = "not over" if freeze.length is None else f"for {freeze.length:.1f} s"
            lines.append(f"  at {clock(freeze.start)} {lasted}, {freeze.cue}")
        if len(self._freezes) > LISTED_FREEZES:
            lines.append(f"  and {len(self._freezes) - LISTED_FREEZES} more")
        return lines

    def _cues(self) -> list[str]:
        if not self._cue_tempos:
            return ["Cues: none"]
        tempo = median(self._cue_tempos)
        return [
            f"Cues: {len(self._cue_tempos)}, {_many(self._beats, 'beat')}, "
            f"median tempo {tempo:.0f} steps/min"
        ]

    def _missing(self) -> list[str]:
        lines = []
        if self._end is not None and self._end.missing:
            percent = PERCENT * self._end.missing / self._end.samples
            longest = f", the longest {max(self._gaps):.2f} s" if self._gaps else ""
            lines.append(
                f"Missing: {_many(self._end.missing, 'sample')} of {self._end.samples} "
                f"({percent:.2f} %) in {_many(len(self._gaps), 'gap')}{longest}"
            )
        for first, *more in self._problems.values():
            count = first.count + sum(problem.count for problem in more)
            again = f" (and {len(more)} times more, {count} in all)" if more else ""
            lines.append(f"Problem: {first.detail}{again}")
        return lines

    def _unmeasured(self) -> list[str]:
        lines = []
        if self._count[Stride.type] and not self._strides_with_speed:
            lacking = "a gyroscope" if not self._sensor.gyroscope else "acceleration with gravity"
            lines.append(f"Not measured: speed and distance, which need {lacking} here")
        elif self._strides_with_speed and self._height is None:
            lines.append("Uncertain: speed and distance, as the person's height is not known")
        if not self._sensor.gyroscope:
            lines.append("Not measured: turns, which need a gyroscope")
        return lines


def duration(seconds: float) -> str:
    """A length of time such as ``5 min 12 s``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def clock(seconds: float) -> str:
    """A moment such as ``5:12.3`` or ``1:05:12.3``, on the recording's own clock."""
    tenths = round(abs(seconds) * 10)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{'-' if seconds < 0 else ''}{start}:{tenths / 10:04.1f}"


def _over_bouts(values: list[tuple[float | None, float]], digits: int, unit: str) -> list[str]:
    """The mean of the bouts that have a value, weighted by their duration."""
    known = [(value, weight) for value, weight in values if value is not None and weight > 0]
    if not known:
        return []
    mean = sum(value * weight for value, weight in known) / sum(weight for _, weight in known)
    return [f"{mean:.{digits}f} {unit}"]


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
