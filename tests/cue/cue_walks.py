"""Event sequences for the coach, and a driver that feeds them as a live walk would."""

from collections.abc import Iterable, Iterator

from gaitcue.cue import Coach
from gaitcue.events import CueEnd, CueStart, Event, FreezeEnd, FreezeStart, Side, Step, Stride


def freeze_start(time: float, decided: float | None = None) -> FreezeStart:
    return FreezeStart(time=time, decided=time if decided is None else decided, score=0.9)


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

    def fresh(now: float) -> float:
        return max((min(now, end) for begin, end in spans if begin <= now), default=-float("inf"))

    def out() -> Iterator[CueStart | CueEnd]:
        waiting = sorted(events, key=lambda event: event.decided)
        for now in [*(k * tick for k in range(1, int(until / tick) + 1)), until]:
            while waiting and waiting[0].decided <= now:
                event = waiting.pop(0)
                yield from coach.advance(event.decided, fresh(event.decided))
                yield from coach.update(event)
            yield from coach.advance(now, fresh(now))
        yield from coach.finish(until)

    return list(out())
