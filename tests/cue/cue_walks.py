"""Event sequences for the coach, and a driver that feeds them as a live walk would."""

import itertools
from collections.abc import Iterable

from gaitcue.cue import Coach
from gaitcue.events import (
    CueEnd,
    CueStart,
    Event,
    FreezeEnd,
    FreezeStart,
    Phenotype,
    Side,
    Step,
    Stride,
)


def freeze_start(time: float, decided: float | None = None) -> FreezeStart:
    return FreezeStart(
        time=time,
        decided=time if decided is None else decided,
        score=0.9,
        phenotype=Phenotype.TREMBLING,
    )


def freeze_end(start: float, time: float, decided: float | None = None) -> FreezeEnd:
    decided = time if decided is None else decided
    return FreezeEnd(time=time, decided=decided, start=start, score=0.9)


def steps(start: float, count: int, cadence: float = 100.0, delay: float = 0.0) -> list[Event]:
    times = [start + k * 60 / cadence for k in range(count)]
    return [Step(time=t, decided=t + delay, side=Side.NONE, confidence=1.0) for t in times]


def strides(start: float, count: int, cadence: float = 100.0) -> list[Event]:
    """Strides of both legs, one ending every step."""
    step = 60 / cadence
    return [
        Stride(
            time=start + (k + 2) * step,
            decided=start + (k + 2) * step,
            start=start + k * step,
            duration=2 * step,
            cadence=cadence,
            length=None,
            speed=None,
            speed_sd=None,
        )
        for k in range(count)
    ]


def commands(
    coach: Coach,
    events: Iterable[Event],
    *,
    until: float,
    good: Iterable[tuple[float, float]] = ((-1.0, 1e9),),
    tick: float = 0.25,
) -> list[CueStart | CueEnd]:
    """Feed events and the time every `tick` s; samples are good in the `good` spans."""
    spans = list(good)
    ends_of_gaps = [(begin, before) for (_, before), (begin, _) in itertools.pairwise(spans)]
    times = [k * tick for k in range(1, int(until / tick) + 1)] + [until]
    moments: list[tuple[float, int, float, Event | None]] = [
        *((now, 0, fresh, None) for now, fresh in ends_of_gaps),
        *((e.decided, 1, _latest(spans, e.decided), e) for e in events if e.decided <= until),
        *((now, 2, _latest(spans, now), None) for now in times),
    ]
    out: list[CueStart | CueEnd] = []
    for now, _, fresh, event in sorted(moments, key=lambda moment: moment[:2]):
        out += coach.advance(now, fresh)
        if event is not None:
            out += coach.update(event)
    return out + coach.finish(until)


def _latest(spans: list[tuple[float, float]], now: float) -> float:
    return max((min(now, end) for begin, end in spans if begin <= now), default=-float("inf"))
