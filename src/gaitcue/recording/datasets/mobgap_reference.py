"""What Mobilise-D's reference systems say about a trial: bouts, contacts, strides, turns.

INDIP (pressure insoles, distance sensors and inertial sensors on the feet; Salis F et al. (2023)
Front Bioeng Biotechnol 11:1143248) is taken where there is one, else stereophotogrammetry, which
sees only part of a laboratory. Walking bouts are the reference's "continuous walking periods".
Whatever it could not measure is NaN there, and is left out here.
"""

from collections.abc import Iterator

import numpy as np

from gaitcue.imu import FloatArray, Side
from gaitcue.recording.datasets.labels import in_order
from gaitcue.recording.datasets.mobgap_mat import Struct
from gaitcue.recording.model import Annotation, Kind

SYSTEMS = ("INDIP", "Stereophoto")
"""In order of preference."""

BOUTS = "ContinuousWalkingPeriod"
SIDES = {"Left": Side.LEFT, "Right": Side.RIGHT}


def reference(standards: Struct) -> tuple[tuple[Annotation, ...], frozenset[Kind]]:
    """The annotations of a trial and the kinds looked for; none when no system was there."""
    for name in SYSTEMS:
        system = standards.get(name)
        if isinstance(system, dict) and BOUTS in system:
            found = system[BOUTS]
            bouts = [found] if isinstance(found, dict) else list(np.atleast_1d(found))
            rate = _value(system.get("Fs")) or 100.0
            annotations = [a for b in bouts if isinstance(b, dict) for a in _of_bout(b, rate)]
            if not annotations:
                continue  # the system was set up, but measured nothing
            return in_order(annotations), frozenset(
                {
                    Kind.WALKING_BOUT,
                    Kind.INITIAL_CONTACT,
                    Kind.FINAL_CONTACT,
                    Kind.STRIDE,
                    Kind.TURN,
                }
            )
    return (), frozenset()


def _of_bout(bout: Struct, rate: float) -> Iterator[Annotation]:
    start, end = _value(bout.get("Start")), _value(bout.get("End"))
    if start is None or end is None or not start < end:
        return
    yield Annotation(
        onset=start,
        duration=end - start,
        kind=Kind.WALKING_BOUT,
        speed=_value(bout.get("WalkingSpeed")),
        stride_length=_value(bout.get("AverageStrideLength")),
    )
    for kind, field in (
        (Kind.INITIAL_CONTACT, "InitialContact"),
        (Kind.FINAL_CONTACT, "FinalContact"),
    ):
        for time, side in _contacts(bout, field):
            yield Annotation(onset=time, duration=0, kind=kind, side=side)
    yield from _strides(bout, end, rate)
    yield from _turns(bout)


def _contacts(bout: Struct, field: str) -> list[tuple[float, Side]]:
    """Time, s, and side of each contact."""
    times = _numbers(bout.get(f"{field}_Event"))
    names = np.atleast_1d(np.asarray(bout.get(f"{field}_LeftRight"), dtype=object)).ravel()
    sides = [SIDES.get(name, Side.NONE) if isinstance(name, str) else Side.NONE for name in names]
    sides += [Side.NONE] * (len(times) - len(sides))
    return [(float(t), s) for t, s in zip(times, sides, strict=False) if np.isfinite(t)]


def _strides(bout: Struct, end: float, rate: float) -> Iterator[Annotation]:
    bounds = _numbers(bout.get("Stride_InitialContacts"))
    if bounds.size % 2:
        return
    bounds = bounds.reshape(-1, 2)
    if bounds.size and np.nanmax(bounds, initial=0.0) > end + 1:
        bounds = bounds / rate  # one system counts them in samples, the other in seconds
    lengths, speeds = (_numbers(bout.get(f"Stride_{name}")) for name in ("Length", "Speed"))
    side_at = {round(time, 2): side for time, side in _contacts(bout, "InitialContact")}
    for row, (first, last) in enumerate(bounds.tolist()):
        if not first < last:  # nor where one is NaN
            continue
        yield Annotation(
            onset=first,
            duration=last - first,
            kind=Kind.STRIDE,
            side=side_at.get(round(first, 2), Side.NONE),
            speed=_value(speeds[row]) if row < len(speeds) else None,
            stride_length=_value(lengths[row]) if row < len(lengths) else None,
        )


def _turns(bout: Struct) -> Iterator[Annotation]:
    starts, ends, angles = (_numbers(bout.get(f"Turn_{n}")) for n in ("Start", "End", "Angle"))
    for row, (start, end) in enumerate(zip(starts, ends, strict=False)):
        if start < end:
            angle = _value(angles[row]) if row < len(angles) else None
            yield Annotation(
                onset=float(start),
                duration=float(end - start),
                kind=Kind.TURN,
                detail="" if angle is None else f"{angle:.0f} deg",
            )


def _numbers(value: object) -> FloatArray:
    """As an array of numbers, flat; empty when it is none."""
    try:
        return np.atleast_1d(np.asarray(value, dtype=np.float64)).ravel()
    except (ValueError, TypeError):
        return np.empty(0)


def _value(value: object) -> float | None:
    """A finite number, None for anything else."""
    numbers = _numbers(value)
    return float(numbers[0]) if numbers.size == 1 and np.isfinite(numbers[0]) else None
