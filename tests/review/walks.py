"""Made-up walks for the review's tests: events as a tracker and a coach would give them."""

import math
from collections.abc import Iterator

import numpy as np

from gaitcue.events import (
    CueEnd,
    CuePattern,
    CueStart,
    CueStrength,
    DataProblem,
    Event,
    FreezeEnd,
    FreezeScore,
    FreezeStart,
    Phenotype,
    Posture,
    PostureChange,
    Profile,
    SensorGap,
    Step,
    Stride,
    Turn,
    WalkEnd,
    WalkingBoutEnd,
    WalkingBoutStart,
    WalkStart,
)
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor

RATE = 100.0


def sensor(
    seconds: float = 60.0,
    *,
    placement: Placement = Placement.LOWER_BACK,
    gyroscope: bool = True,
    gravity: bool = True,
    start: float = 0.0,
    name: str = "lower_back",
) -> Sensor:
    """A sensor whose motion is a smooth wave, read 10 s at a time; 1 s is missing from 30 s on."""

    def read() -> Iterator[Samples]:
        for first in range(0, int(seconds * RATE), 1000):
            row = np.arange(first, min(first + 1000, int(seconds * RATE)))
            time = start + row / RATE
            wave = np.sin(2 * np.pi * 1.8 * time)
            acc = np.column_stack([wave, 0.5 * wave, 9.81 + 2 * wave])
            acc[(row >= 3000) & (row < 3100)] = np.nan
            gyr = 0.01 * acc[:, [1, 2, 0]] if gyroscope else None
            yield Samples(
                time=time, acc=acc, gyr=gyr, placement=placement, rate=RATE, gravity=gravity
            )

    return Sensor(
        name=name,
        placement=placement,
        rate=RATE,
        gyroscope=gyroscope,
        gravity=gravity,
        device="imaginary",
        read=read,
    )


def recording(one: Sensor, **more: object) -> Recording:
    values: dict[str, object] = {"name": "morning walk", "subject": "P07", "sensors": (one,)}
    return Recording(**(values | more))  # type: ignore[arg-type]


def walk(
    seconds: float = 60.0,
    *,
    freezes: int = 2,
    speed: bool = True,
    turns: bool = True,
    start: float = 0.0,
    name: str = "morning walk",
    ended: bool = True,
    problems: int = 1,
) -> list[Event]:
    """A walk of one bout with freezes spread evenly over it, each of 3 s and cued after 1 s."""
    events: list[Event] = []
    for k in range(int(4 * (seconds - 2))):
        at = start + 2 + k / 4
        events.append(
            FreezeScore(
                time=at,
                decided=at,
                score=0.5 + 0.5 * math.sin((at - start) / 7),
                freeze_index=1 + at % 3,
            )
        )
    cadence = 105.0
    steps = int((seconds - 4) * cadence / 60)
    times = [start + 2 + k * 60 / cadence for k in range(steps)]
    for k, at in enumerate(times):
        side = (Side.LEFT, Side.RIGHT)[k % 2]
        events.append(Step(time=at, decided=at + 0.1, side=side, confidence=1.0))
        if k >= 2:
            pace = 1.0 + 0.1 * math.sin((at - start) / 10)
            events.append(
                Stride(
                    time=at,
                    decided=at + 0.1,
                    start=times[k - 2],
                    duration=120 / cadence,
                    cadence=cadence + 3 * math.sin((at - start) / 5),
                    length=pace * 120 / cadence if speed else None,
                    speed=pace if speed else None,
                    speed_sd=0.15 if speed else None,
                )
            )
    if times:
        upright = times[0] + 5
        events.append(PostureChange(time=upright, decided=upright, posture=Posture.UPRIGHT))
        events.append(WalkingBoutStart(time=times[0], decided=times[0] + 2))
        events.append(
            WalkingBoutEnd(
                time=times[-1],
                decided=times[-1] + 1,
                start=times[0],
                steps=steps,
                cadence=cadence,
                speed=1.0 if speed else None,
                speed_sd=0.15 if speed else None,
                distance=times[-1] - times[0] if speed else None,
            )
        )
    for k in range(freezes):
        at = start + 5 + k * (seconds - 10) / freezes
        events += freeze(at, 3.0)
    if turns:
        for at in np.arange(start + 20, start + seconds - 5, 25.0).tolist():
            events.append(
                Turn(time=at, decided=at + 2.5, end=at + 2.2, angle=math.pi, peak_rate=2.0, steps=4)
            )
    if seconds > 31:
        gap = start + 30
        events.append(SensorGap(time=gap, decided=gap + 1, end=gap + 1, samples=100, reset=True))
    for k in range(problems):
        at = start + 3 + k / 10
        events.append(
            DataProblem(time=at, decided=at + 1, kind="clipped", count=7, detail="clipped samples")
        )
    events.sort(key=lambda event: event.decided)
    last = start + seconds - 1 / RATE
    begin = WalkStart(
        time=start,
        decided=start,
        sensor="lower_back",
        placement=Placement.LOWER_BACK,
        side=Side.NONE,
        rate=RATE,
        gyroscope=turns,
        profile=Profile.ASSIST,
        software="gaitcue 0.0.test",
        recording=name,
    )
    end = WalkEnd(
        time=last,
        decided=max([last, *(e.decided for e in events)]),
        samples=round(seconds * RATE),
        missing=100 if seconds > 31 else 0,
    )
    return [begin, *events, *([end] if ended else [])]


def freeze(at: float, length: float, latency: float = 1.0) -> list[Event]:
    return [
        FreezeStart(time=at, decided=at + latency, score=0.8, phenotype=Phenotype.TREMBLING),
        CueStart(
            time=at + latency,
            decided=at + latency,
            reason="freeze",
            tempo=104.0,
            latency=latency,
            pattern=CuePattern.BEAT,
            strength=CueStrength.DISCREET,
        ),
        FreezeEnd(time=at + length, decided=at + length + 0.5, start=at, score=0.93),
        CueEnd(
            time=at + length + 2,
            decided=at + length + 2,
            start=at + latency,
            beats=7,
            reason="stepping",
        ),
    ]


def reference(seconds: float = 60.0, start: float = 0.0) -> dict[str, object]:
    """Reference annotations for a recording: two freezes and a bout."""
    return {
        "annotations": (
            Annotation(onset=start + 5.5, duration=3.0, kind=Kind.FREEZE),
            Annotation(onset=start + seconds / 2, duration=2.0, kind=Kind.FREEZE),
            Annotation(onset=start + 2, duration=seconds - 4, kind=Kind.WALKING_BOUT),
        ),
        "annotated": frozenset({Kind.FREEZE, Kind.WALKING_BOUT}),
    }
