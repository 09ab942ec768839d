"""Spans of time as (n, 2) arrays of [start, end) in seconds, sorted and apart from each other."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gaitcue.imu import FloatArray


def union(spans: Iterable[tuple[float, float]]) -> FloatArray:
    """The (n, 2) spans covered by any of `spans`, in any order, touching or overlapping."""
    merged: list[list[float]] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return np.array(merged, dtype=float).reshape(-1, 2)


def subtract(spans: FloatArray, holes: FloatArray) -> FloatArray:
    """What is left of `spans` outside `holes`."""
    left: list[tuple[float, float]] = []
    for start, end in spans:
        for hole_start, hole_end in holes[(holes[:, 1] > start) & (holes[:, 0] < end)]:
            left.append((start, hole_start))
            start = hole_end  # noqa: PLW2901 - what remains of this span after the hole
        left.append((start, end))
    return union(left)


def intersect(spans: FloatArray, others: FloatArray) -> FloatArray:
    """What lies both in `spans` and in `others`."""
    return subtract(spans, subtract(spans, others))


def widened(spans: FloatArray, margin: float) -> FloatArray:
    """The spans with `margin` s more at both ends, those that then touch as one."""
    return union((start - margin, end + margin) for start, end in spans)


def touches(span: tuple[float, float], spans: FloatArray) -> bool:
    """Whether some of `span` lies in `spans`."""
    return bool(((spans[:, 0] < span[1]) & (spans[:, 1] > span[0])).any()) and span[1] > span[0]


def length(spans: FloatArray) -> float:
    """Their length together, s."""
    return float((spans[:, 1] - spans[:, 0]).sum())


def inside(times: FloatArray, spans: FloatArray) -> NDArray[np.bool_]:
    """(n,) whether each of the (n,) `times` lies in one of the spans."""
    row = np.searchsorted(spans[:, 0], times, side="right") - 1
    within = np.zeros(len(times), dtype=np.bool_)
    known = row >= 0
    within[known] = times[known] < spans[row[known], 1]
    return within
