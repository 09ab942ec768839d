"""What a timeline shows of a walk of any length, in bounded memory."""

import math
from dataclasses import dataclass
from typing import ClassVar

from gaitcue.events import (
    CueEnd,
    CueStart,
    Event,
    FreezeEnd,
    FreezeScore,
    FreezeStart,
    Posture,
    PostureChange,
    SensorGap,
    Stride,
    Turn,
    WalkingBoutEnd,
)

MOST_SPANS = 400
"""Bars drawn apart in a row; beyond it those next to each other are joined. A row is about 1000
pixels wide, so that more could not be told apart."""

MOST_BINS = 1000
"""Points of a curve at most, for the same reason."""

RESTS = (Posture.SITTING, Posture.LYING)
"""Postures in which nobody walks."""

FINEST_BIN = 1.0
"""s: about one stride; a finer curve of stride values would have holes."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end` s, standing for `count` spans that were too close to draw apart."""

    start: float
    end: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class Bin:
    """The mean of a curve around `time` s, and the highest value there."""

    time: float
    mean: float
    top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Bins in order of time, each `width` s wide; where there was no value there is no bin."""

    width: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A walk from `start` to `end` s; `rests` are spans of sitting or lying.

    Cadence steps/min, speed and its error m/s, score 0 to 1.
    """

    start: float
    end: float
    freezes: tuple[Span, ...]
    cues: tuple[Span, ...]
    bouts: tuple[Span, ...]
    turns: tuple[Span, ...]
    rests: tuple[Span, ...]
    gaps: tuple[Span, ...]
    cadence: Curve
    speed: Curve
    speed_sd: Curve
    score: Curve


class SpanFold:
    """Gathers spans; joins neighbours, the closest first, when there are too many."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._reach = 0.01  # s: spans no further apart are joined; doubled until enough are

    def add(self, start: float, end: float) -> None:
        """Take in one span."""
        self._spans.append(Span(start, max(start, end)))
        while len(self._spans) > MOST_SPANS:
            self._spans = self._joined()
            self._reach *= 2

    def result(self) -> tuple[Span, ...]:
        """The spans in order of time."""
        return tuple(sorted(self._spans, key=lambda span: span.start))

    def _joined(self) -> list[Span]:
        first, *rest = self.result()
        joined = [first]
        for span in rest:
            last = joined[-1]
            if span.start - last.end <= self._reach:
                joined[-1] = Span(last.start, max(last.end, span.end), last.count + span.count)
            else:
                joined.append(span)
        return joined


class CurveFold:
    """Gathers values over time in bins, which grow twice as wide when there are too many."""

    def __init__(self, start: float) -> None:
        self._start, self._width = start, FINEST_BIN
        self._bins: dict[int, tuple[float, int, float]] = {}  # sum, count and highest value

    def add(self, time: float, value: float | None) -> None:
        """Take in the value at a time."""
        if value is None or not math.isfinite(value):
            return
        number = int((time - self._start) // self._width)
        while abs(number) >= MOST_BINS:
            self._width *= 2
            old, self._bins = self._bins, {}
            for index, (total, count, top) in old.items():
                self._put(index // 2, total, count, top)
            number //= 2
        self._put(number, value, 1, value)

    def result(self) -> Curve:
        """The curve so far."""
        bins = tuple(
            Bin(self._start + (number + 0.5) * self._width, total / count, top)
            for number, (total, count, top) in sorted(self._bins.items())
        )
        return Curve(width=self._width, bins=bins)

    def _put(self, number: int, total: float, count: int, top: float) -> None:
        if number in self._bins:
            old = self._bins[number]
            total, count, top = old[0] + total, old[1] + count, max(old[2], top)
        self._bins[number] = (total, count, top)


class TimelineFold:
    """Makes a `Timeline` of the events of a walk that began at `start` s."""

    _ENDS: ClassVar[dict[type[Event], type[Event]]] = {FreezeEnd: FreezeStart, CueEnd: CueStart}

    def __init__(self, start: float) -> None:
        self._start = start
        kinds: tuple[type[Event], ...] = (
            FreezeStart, CueStart, WalkingBoutEnd, Turn, PostureChange, SensorGap
        )  # fmt: skip
        self._spans = {kind: SpanFold() for kind in kinds}
        self._open: dict[type[Event], float] = {}
        self._cadence, self._speed = CurveFold(start), CurveFold(start)
        self._speed_sd, self._score = CurveFold(start), CurveFold(start)

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case FreezeStart() | CueStart():
                self._open[type(event)] = event.time
            case FreezeEnd() | CueEnd():
                self._open.pop(self._ENDS[type(event)], None)
                self._spans[self._ENDS[type(event)]].add(event.start, event.time)
            case WalkingBoutEnd():
                self._spans[WalkingBoutEnd].add(event.start, event.time)
            case PostureChange():
                begun = self._open.pop(PostureChange, None)
                if begun is not None:
                    self._spans[PostureChange].add(begun, event.time)
                if event.posture in RESTS:
                    self._open[PostureChange] = event.time
            case Turn() | SensorGap():
                self._spans[type(event)].add(event.time, event.end)
            case Stride():
                middle = (event.start + event.time) / 2
                self._cadence.add(middle, event.cadence)
                self._speed.add(middle, event.speed)
                self._speed_sd.add(middle, event.speed_sd)
            case FreezeScore():
                self._score.add(event.time, event.score)

    def result(self, end: float) -> Timeline:
        """The timeline up to `end` s, at which whatever is still under way is cut off."""
        for kind, start in self._open.items():
            self._spans[kind].add(start, end)
        self._open = {}
        return Timeline(
            start=self._start,
            end=end,
            freezes=self._spans[FreezeStart].result(),
            cues=self._spans[CueStart].result(),
            bouts=self._spans[WalkingBoutEnd].result(),
            turns=self._spans[Turn].result(),
            rests=self._spans[PostureChange].result(),
            gaps=self._spans[SensorGap].result(),
            cadence=self._cadence.result(),
            speed=self._speed.result(),
            speed_sd=self._speed_sd.result(),
            score=self._score.result(),
        )
