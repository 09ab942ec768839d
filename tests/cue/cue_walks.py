"""Event sequences for the coach, and a driver that feeds them as a live walk would."""

import itertools
from collections.abc import Iterable

from gaitcue.cue import Coach, Decision
from gaitcue.events import (
    Button,
    Event,
    FreezeEnd,
    FreezeStart,
    OutputChange,
    Phenotype,
    Press,
    Side,
    Step,
    Stride,
    WalkingBoutEnd,
    WalkingBoutStart,
)


def freeze_start(
    time: float, decided: float | None = None, phenotype: Phenotype = Phenotype.TREMBLING
) -> FreezeStart:
    decided = time if decided is None else decided
    return FreezeStart(time=time, decided=decided, score=0.9, phenotype=phenotype)


def freeze_end(start: float, time: float, decided: float | None = None) -> FreezeEnd:
    decided = time if decided is None else decided
    return FreezeEnd(time=time, decided=decided, start=start, score=0.9)


def steps(start: float, count: int, cadence: float = 100.0, delay: float = 0.0) -> list[Event]:
    times = [start + k * 60 / cadence for k in range(count)]
    return [Step(time=t, decided=t + delay, side=Side.NONE, confidence=1.0) for t in times]


def press(time: float, button: Button) -> Press:
    return Press(time=time, decided=time, button=button)


def output(time: float, *, working: bool, name: str = "loudspeaker") -> OutputChange:
    return OutputChange(time=time, decided=time, output=name, working=working, detail="")


def walking(start: float, end: float) -> list[Event]:
    """A walking bout, its bounds decided a little later."""
    return [
        WalkingBoutStart(time=start, decided=start + 1.5),
        *steps(start, int((end - start) * 100 / 60)),
        WalkingBoutEnd(
            time=end,
            decided=end + 3,
            start=start,
            steps=9,
            cadence=100,
            speed=None,
            speed_sd=None,
            distance=None,
        ),
    ]


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
) -> list[Decision]:
    """Feed events and the time every `tick` s; samples are good in the `good` spans."""
    spans = list(good)
    ends_of_gaps = [(begin, before) for (_, before), (begin, _) in itertools.pairwise(spans)]
    times = [k * tick for k in range(1, int(until / tick) + 1)] + [until]
    moments: list[tuple[float, int, float, Event | None]] = [
        *((now, 0, fresh, None) for now, fresh in ends_of_gaps),
        *((e.decided, 1, _latest(spans, e.decided), e) for e in events if e.decided <= until),
        *((now, 2, _latest(spans, now), None) for now in times),
    ]
    out: list[Decision] = []
    for now, _, fresh, event in sorted(moments, key=lambda moment: moment[:2]):
        out += coach.advance(now, fresh)
        if event is not None:
            out += coach.update(event)
    return out + coach.finish(until)


def _latest(spans: list[tuple[float, float]], now: float) -> float:
    return max((min(now, end) for begin, end in spans if begin <= now), default=-float("inf"))
