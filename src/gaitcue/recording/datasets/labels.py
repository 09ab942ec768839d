"""From a publisher's labels to annotations."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gaitcue.recording.model import Annotation, Kind


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The spans [first, behind) of rows in which `flags` (n,) is true."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    return [(int(first), int(behind)) for first, behind in edges.reshape(-1, 2)]


def flagged(
    flags: NDArray[np.bool_], kind: Kind, *, rate: float, start: float = 0.0
) -> list[Annotation]:
    """An annotation for each run of rows with their flag set; row 0 is at `start` s."""
    return [
        Annotation(onset=start + first / rate, duration=(behind - first) / rate, kind=kind)
        for first, behind in runs(flags)
    ]


def activity(name: str, duration: float, start: float = 0.0) -> Annotation:
    """What the person did during the whole recording."""
    return Annotation(onset=start, duration=duration, kind=Kind.ACTIVITY, detail=name)


def in_order(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """By onset, and where that is equal the longer first."""
    return tuple(sorted(annotations, key=lambda a: (a.onset, -a.duration)))
