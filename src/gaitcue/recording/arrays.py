"""Making a `Sensor` out of rows, whatever file they came from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gaitcue.events import DataProblem
from gaitcue.imu import FloatArray, Placement, Samples, Side
from gaitcue.recording.clock import Clock, estimate_clock
from gaitcue.recording.grid import EXACT, Placed, TimeGrid
from gaitcue.recording.model import BLOCK_ROWS, Sensor


@dataclass(frozen=True, slots=True)
class Motion:
    """A whole sensor's rows as a file gives them, in SI units.

    `stamps` are s and need not be even; without them the rows are consecutive samples from
    `start` s on. A counter becomes stamps by dividing it by the rate.
    """

    acc: FloatArray
    gyr: FloatArray | None = None
    stamps: FloatArray | None = None
    start: float = 0.0


def grid_samples(
    batches: Iterator[tuple[FloatArray, FloatArray]],
    clock: Clock,
    *,
    placement: Placement | None,
    side: Side = Side.NONE,
    gravity: bool = True,
    exact: float = EXACT,
) -> Iterator[Samples | DataProblem]:
    """Samples of one sensor from batches of (stamps (n,) s, values (n, 3 or 6) SI).

    Stamps within `exact` of a sample of the grid are kept as they are.
    """
    grid = TimeGrid(clock, exact)

    def finished(items: Iterator[Placed | DataProblem]) -> Iterator[Samples | DataProblem]:
        for item in items:
            if isinstance(item, DataProblem):
                yield item
                continue
            yield Samples(
                time=item.time,
                acc=item.values[:, :3],
                gyr=item.values[:, 3:] if item.values.shape[1] == 6 else None,
                placement=placement,
                rate=clock.rate,
                side=side,
                gravity=gravity,
            )

    for stamps, values in batches:
        yield from finished(grid.place(stamps, values))
    yield from finished(grid.finish())


def array_sensor(
    name: str,
    load: Callable[[], Motion],
    *,
    rate: float,
    placement: Placement | None,
    gyroscope: bool,
    side: Side = Side.NONE,
    gravity: bool = True,
    device: str = "",
) -> Sensor:
    """A sensor whose rows fit in memory; `load` is called afresh for each pass over them."""

    def read() -> Iterator[Samples | DataProblem]:
        motion = load()
        values = motion.acc if motion.gyr is None else np.hstack([motion.acc, motion.gyr])
        values = np.ascontiguousarray(values, dtype=np.float64)
        if motion.stamps is None:
            stamps = motion.start + np.arange(len(values)) / rate
            clock = Clock(rate, 0.0)
        else:
            stamps = np.asarray(motion.stamps, dtype=np.float64)
            try:
                clock = estimate_clock(stamps, rate)
            except ValueError:
                clock = Clock(rate, 0.0)  # a single row, or stamps to be counted as repeated
        batches = (
            (stamps[first : first + BLOCK_ROWS], values[first : first + BLOCK_ROWS])
            for first in range(0, len(values), BLOCK_ROWS)
        )
        yield from grid_samples(batches, clock, placement=placement, side=side, gravity=gravity)

    return Sensor(
        name=name,
        placement=placement,
        side=side,
        rate=rate,
        gyroscope=gyroscope,
        gravity=gravity,
        device=device,
        read=read,
    )
