"""Reading a table of motion by a guess that is told and can be corrected."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaitcue.errors import InputError
from gaitcue.events import DataProblem
from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Placement, Samples, Side
from gaitcue.recording.arrays import grid_samples
from gaitcue.recording.clock import Clock, estimate_clock
from gaitcue.recording.flaws import RowFlaws
from gaitcue.recording.formats import words
from gaitcue.recording.formats.columns import Columns, find_columns
from gaitcue.recording.formats.shape import Shape, look_at
from gaitcue.recording.model import Recording, Sensor
from gaitcue.recording.options import ReadOptions
from gaitcue.recording.table import Layout, read_rows
from gaitcue.recording.units import (
    ACC_UNITS,
    GYR_UNITS,
    acc_factor,
    gyr_factor,
    typical_size,
    unit_by_gravity,
)

TIME_UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
"""s in one of each unit."""

SLOWEST, FASTEST = 10.0, 1000.0
"""Hz; rates of motion sensors that can follow gait."""

RATE_AGREEMENT = 0.1
"""Share by which a time column may differ from the rate that was given."""

LEAST_GRAVITY = 0.5
"""Share of gravity below which acceleration is taken to be without it."""

FASTEST_TURN = 35.0
"""rad/s; sensors reach 2000 °/s, so anything more is in degrees."""

MOVING = 0.5
"""m/s²; the length of a walker's acceleration varies by more than this."""

WALKING_TURN = 12.0
"""P99 of angular rate: limbs of walkers reach 2-8 rad/s, that is 100-450 °/s."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """How the numbers of a file become samples."""

    layout: Layout
    columns: list[int]
    timed: bool
    scale: FloatArray
    time_scale: float
    time_start: float
    clock: Clock


def guess_recording(path: Path, options: ReadOptions) -> Recording:
    """Read a table that nobody knows as a recording with one sensor; its `note` says how.

    Raises
    ------
    InputError
        When something cannot be guessed; it says what to pass.
    """
    shape = look_at(path)
    columns = find_columns(path, shape, options.columns)
    acc_unit, gravity = _acc_unit(path, shape, columns, options)
    gyr_unit = _gyr_unit(path, shape, columns, acc_unit, options)
    clock, time_unit, time_scale = _clock(path, shape, columns, options)
    spoken = " ".join([path.stem, *(shape.names[n] for n in columns.acc if shape.names)])
    placement = options.placement or words.placement_in(spoken)
    side = options.side or words.side_in(spoken) or Side.NONE
    gyr = columns.gyr or ()
    timed = columns.time is not None
    scale = np.concatenate(
        [
            np.full(3, acc_factor(acc_unit)),
            np.full(len(gyr), gyr_factor(gyr_unit) if gyr_unit else 1.0),
        ]
    )
    wanted = [*([columns.time] if columns.time is not None else []), *columns.acc, *gyr]
    guess = _Guess(
        layout=shape.layout,
        columns=wanted,
        timed=timed,
        scale=scale,
        time_scale=time_scale,
        time_start=_start(shape, columns, time_scale),
        clock=clock,
    )
    sensor = Sensor(
        name=placement.value if placement else "sensor",
        placement=placement,
        side=side,
        rate=clock.rate,
        gyroscope=bool(gyr),
        gravity=gravity,
        read=lambda: _samples(path, guess, placement, side, gravity),
    )
    note = _note(shape, columns, acc_unit, gravity, gyr_unit, clock, time_unit, placement, side)
    return Recording(
        name=path.stem, subject=path.stem, sensors=(sensor,), source="table", note=note
    )


def _samples(
    path: Path, guess: _Guess, placement: Placement | None, side: Side, gravity: bool
) -> Iterator[Samples | DataProblem]:
    flaws = RowFlaws(path)

    def batches() -> Iterator[tuple[FloatArray, FloatArray]]:
        count = 0
        for rows in read_rows(path, guess.layout, guess.columns):
            flaws.add(rows)
            if guess.timed:
                stamps = (rows.values[:, 0] - guess.time_start) * guess.time_scale
            else:
                stamps = (count + np.arange(len(rows.values))) / guess.clock.rate
            count += len(rows.values)
            values = rows.values[:, 1:] if guess.timed else rows.values
            if len(values):
                yield stamps, values * guess.scale

    yield from flaws.told(
        grid_samples(batches(), guess.clock, placement=placement, side=side, gravity=gravity)
    )


def _acc_unit(path: Path, shape: Shape, columns: Columns, options: ReadOptions) -> tuple[str, bool]:
    """The unit of acceleration, and whether gravity is in it."""
    size = typical_size(shape.head[:, columns.acc])
    if size is None:
        raise InputError(f"{path} has no whole row of acceleration at its beginning")
    if options.acc_unit is not None:
        gravity = size * acc_factor(options.acc_unit) > LEAST_GRAVITY * STANDARD_GRAVITY
        return options.acc_unit, gravity
    named = words.acc_unit_in(shape.names[columns.acc[0]]) if shape.names else None
    measured = unit_by_gravity(size)
    if measured is None or (named is not None and named != measured):
        raise InputError(
            f"acceleration in {path} is about {size:.3g} in size, which is not gravity in "
            f"{f'the {named} of its header' if named else 'any of ' + ', '.join(ACC_UNITS)}: pass "
            "--acc-unit (or --columns, if these are not the columns of acceleration)"
        )
    return measured, True


def _gyr_unit(
    path: Path, shape: Shape, columns: Columns, acc_unit: str, options: ReadOptions
) -> str | None:
    """The unit of angular rate, None without a gyroscope."""
    if columns.gyr is None:
        return None
    if options.gyr_unit is not None:
        gyr_factor(options.gyr_unit)
        return options.gyr_unit
    named = words.gyr_unit_in(shape.names[columns.gyr[0]]) if shape.names else None
    if named is not None:
        return named
    gyr = np.abs(shape.head[:, columns.gyr])
    gyr = gyr[np.isfinite(gyr)]
    if len(gyr) and gyr.max() > FASTEST_TURN:
        return "deg/s"
    lengths = np.linalg.norm(shape.head[:, columns.acc], axis=1) * acc_factor(acc_unit)
    moving = np.nanstd(lengths) > MOVING
    if len(gyr) and moving and np.quantile(gyr, 0.99) < WALKING_TURN:
        return "rad/s"
    raise InputError(
        f"cannot tell whether the angular rate in {path} is in {' or '.join(GYR_UNITS)}: pass "
        "--gyr-unit"
    )


def _clock(
    path: Path, shape: Shape, columns: Columns, options: ReadOptions
) -> tuple[Clock, str, float]:
    """The clock of the rows, the name of the time column's unit, and the seconds in one."""
    rate = options.rate or (shape.said_rate if columns.time is None or columns.counter else None)
    if columns.time is None or columns.counter:
        if rate is None:
            has = "only a count of samples" if columns.counter else "no time column"
            raise InputError(f"{path} has {has}: pass --rate with the samples per second")
        return Clock(rate, 0.0), "samples", 1 / rate
    column = shape.head[:, columns.time]
    name = shape.names[columns.time] if shape.names else ""
    named = 1.0 if shape.layout.clock_text else words.time_unit_in(name)
    fits: list[tuple[Clock, str, float]] = []
    for unit, scale in TIME_UNITS.items():
        if named is not None and scale != named:
            continue
        try:
            clock = estimate_clock((column - column[0]) * scale)
        except ValueError:
            raise InputError(f"the time column of {path} does not advance") from None
        if rate is not None:
            if abs(clock.rate / rate - 1) < RATE_AGREEMENT:
                stamps = (column - column[0]) * scale
                fits.append((estimate_clock(stamps, rate), unit, scale))
        elif SLOWEST <= clock.rate < FASTEST:
            fits.append((clock, unit, scale))
    if len(fits) != 1:
        raise InputError(
            f"the time column of {path} "
            + (f"does not go with {rate:g} Hz" if rate else "has no unit that can be told")
            + ": pass --rate, or --columns without the time column"
        )
    return fits[0]


def _start(shape: Shape, columns: Columns, scale: float) -> float:
    """What to take off the time column: the first time, if it is a date rather than a duration."""
    if columns.time is None:
        return 0.0
    column = shape.head[:, columns.time]
    first = column[np.isfinite(column)][:1]
    return float(first[0]) if len(first) and abs(first[0] * scale) > 1e5 else 0.0


def _note(
    shape: Shape,
    columns: Columns,
    acc_unit: str,
    gravity: bool,
    gyr_unit: str | None,
    clock: Clock,
    time_unit: str,
    placement: Placement | None,
    side: Side,
) -> str:
    """The guess in one line."""

    def called(numbers: tuple[int, ...]) -> str:
        if shape.names:
            return ",".join(shape.names[number] for number in numbers)
        plural = "s" if len(numbers) > 1 else ""
        return f"column{plural} " + ",".join(str(number + 1) for number in numbers)

    without = "" if gravity else " without gravity"
    parts = [f"{called(columns.acc)} read as {acc_unit}{without} at {clock.rate:.6g} Hz"]
    if columns.gyr is not None:
        parts.append(f"{called(columns.gyr)} as {gyr_unit}")
    if columns.time is not None:
        parts.append(f"{called((columns.time,))} as {time_unit}")
    else:
        parts.append("no time column")
    if placement is None:
        parts.append("placement unknown: pass --placement")
    else:
        worn = placement.value if side is Side.NONE else f"{side.value} {placement.value}"
        parts.append(f"placement {worn}")
    return ", ".join(parts)
