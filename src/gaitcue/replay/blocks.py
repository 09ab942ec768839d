"""The motion of recorded sensors, block by block, in the order in which it would have come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gaitcue.events import DataProblem
from gaitcue.imu import Samples
from gaitcue.recording.model import Sensor, concatenate

Block = tuple[int, Samples | None, list[DataProblem]]
"""Whose it is, its samples (None when there are no more), and the problems told by then."""


def interleaved(sensors: Sequence[Sensor], size: int | None) -> Iterator[Block]:
    """The blocks of all sensors, always the next one of that which is furthest behind.

    Parameters
    ----------
    sensors
        Where there are several, a problem names whose it is.
    size
        Samples in a block; None as they are read.
    """
    several = len(sensors) > 1
    sources = {number: _pieces(sensor.read(), size) for number, sensor in enumerate(sensors)}
    come = dict.fromkeys(sources, -float("inf"))  # s
    while sources:
        number = min(sources, key=come.__getitem__)
        piece = next(sources[number], None)
        if piece is None:
            del sources[number]
            yield number, None, []
            continue
        samples, problems = piece
        come[number] = float(samples.time[-1])
        if several:
            problems = [one.of(sensors[number].name) for one in problems]
        yield number, samples, problems


def _pieces(
    items: Iterable[Samples | DataProblem], size: int | None
) -> Iterator[tuple[Samples, list[DataProblem]]]:
    """Blocks of `size` samples (None: as read), each with the problems told by then."""
    told = _with_problems(items)
    if size is None:
        yield from told
        return
    held: list[Samples] = []
    problems: list[DataProblem] = []
    count = 0
    for block, new in told:
        problems += new
        start = 0
        while start < len(block):
            held.append(block[start : start + size - count])
            start += len(held[-1])
            count += len(held[-1])
            if count == size:
                yield concatenate(held), problems
                held, problems, count = [], [], 0
    if held:
        yield concatenate(held), problems


def _with_problems(
    items: Iterable[Samples | DataProblem],
) -> Iterator[tuple[Samples, list[DataProblem]]]:
    """Each block as read, with the problems that are told with it (before or right after it)."""
    block: Samples | None = None
    problems: list[DataProblem] = []
    earliest = -float("inf")
    for item in items:
        if isinstance(item, DataProblem):
            # Whatever is told only now was not known while the blocks before were tracked.
            problems.append(replace(item, decided=max(item.decided, earliest)))
        elif len(item) > 0:
            if block is not None:
                yield block, problems
                problems, earliest = [], float(block.time[-1])
            block = item
    if block is not None:
        yield block, problems
