"""The motion of late, from which a stride is cut out when its contacts are known."""

from collections import deque

import numpy as np

from gaitcue.imu import FloatArray


class Recent:
    """Keeps the last rows of a stream, as they came: taking some in costs next to nothing.

    Parameters
    ----------
    kept
        Rows that are kept, at least, before those that were added last.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._pieces: deque[tuple[FloatArray, ...]] = deque()
        self._rows = 0

    def add(self, time: FloatArray, *others: FloatArray) -> None:
        """Take in the next rows: (n,) `time`, s, and arrays of as many rows."""
        while self._pieces and self._rows - len(self._pieces[0][0]) >= self._kept:
            self._rows -= len(self._pieces.popleft()[0])
        self._pieces.append((time, *others))
        self._rows += len(time)

    def between(self, start: float, end: float) -> tuple[FloatArray, ...] | None:
        """What was added, from `start` s to before `end` s; None where it is not kept whole."""
        parts: list[tuple[FloatArray, ...]] = []
        for piece in reversed(self._pieces):
            time = piece[0]
            if time[0] >= start and time[-1] < end:
                parts.append(piece)
            elif time[0] < end:
                first, stop = np.searchsorted(time, [start, end])
                parts.append(tuple(column[first:stop] for column in piece))
            if time[0] < start:
                return tuple(map(np.concatenate, zip(*reversed(parts), strict=True)))
        return None
