"""Raw motion around freezing episodes: the only part of a report that reads the motion again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from gaitcue.imu import FloatArray, Samples
from gaitcue.recording.model import Sensor
from gaitcue.review.episodes import FreezeEpisode
from gaitcue.review.svg import HEIGHT, WIDTH, drawing, element, lines, stretched
from gaitcue.review.words import clock

MOST = 12
"""Episodes whose motion is shown: the longest. What one looks through in a sitting; our choice."""

AROUND = 5.0
"""s shown before an episode and after it."""

LONGEST = 40.0
"""s shown at most; of a longer episode only the beginning is."""

COLUMNS = WIDTH // 2
"""Columns a longer excerpt is reduced to, each with its least and its greatest value."""

PANEL, GAP = 58, 16
"""px: height of one trace, and of the room for its name above it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Excerpt:
    """Motion from `start` to `end` s around `episode`.

    `time` is (n,) s; `acc` and `gyr` (None without gyroscope) are the (n,) sizes of acceleration,
    m/s², and angular rate, rad/s; missing samples are NaN.
    """

    episode: FreezeEpisode
    start: float
    end: float
    time: FloatArray
    acc: FloatArray
    gyr: FloatArray | None


def read_excerpts(sensor: Sensor, episodes: Iterable[FreezeEpisode]) -> list[Excerpt]:
    """The motion around the longest of `episodes`, in order of time; the rest is passed over."""
    longest = sorted(episodes, key=lambda e: (-e.duration, e.start))[:MOST]
    windows = [_Window(episode) for episode in sorted(longest, key=lambda e: e.start)]
    if not windows:
        return []
    last = max(window.end for window in windows)
    for block in sensor.read():
        if not isinstance(block, Samples) or len(block) == 0:
            continue
        if block.time[0] > last:
            break
        for window in windows:
            window.take(block)
    return [window.result() for window in windows]


class _Window:
    def __init__(self, episode: FreezeEpisode) -> None:
        self.episode = episode
        self.start = episode.start - AROUND
        self.end = min(episode.end + AROUND, self.start + LONGEST)
        self._parts: list[tuple[FloatArray, FloatArray, FloatArray | None]] = []

    def take(self, block: Samples) -> None:
        first, stop = np.searchsorted(block.time, [self.start, self.end])
        if stop > first:
            part = block[first:stop]
            gyr = None if part.gyr is None else np.linalg.norm(part.gyr, axis=1)
            self._parts.append((part.time, np.linalg.norm(part.acc, axis=1), gyr))

    def result(self) -> Excerpt:
        gyr = [g for _, _, g in self._parts if g is not None]
        return Excerpt(
            episode=self.episode,
            start=self.start,
            end=self.end,
            time=np.concatenate([t for t, _, _ in self._parts] or [np.empty(0)]),
            acc=np.concatenate([a for _, a, _ in self._parts] or [np.empty(0)]),
            gyr=np.concatenate(gyr) if gyr else None,
        )


def draw_excerpts(excerpts: Sequence[Excerpt], start: float) -> list[tuple[str, Markup]]:
    """A caption and a drawing for each excerpt of a walk that began at `start` s.

    All have the same scales, so that they can be compared.
    """
    acc = _range([e.acc for e in excerpts])
    gyr = _range([np.rad2deg(e.gyr) for e in excerpts if e.gyr is not None])
    return [_draw(excerpt, start, acc, gyr) for excerpt in excerpts]


def _draw(
    excerpt: Excerpt, start: float, acc: tuple[float, float], gyr: tuple[float, float]
) -> tuple[str, Markup]:
    episode = excerpt.episode
    caption = f"Freeze at {clock(episode.start - start)} for {episode.duration:.1f} s"
    panels = [("Acceleration", "m/s²", excerpt.acc, acc)]
    if excerpt.gyr is not None:
        panels.append(("Angular rate", "°/s", np.rad2deg(excerpt.gyr), gyr))
    height = len(panels) * (PANEL + GAP)
    parts = [*_seconds(excerpt), _span(excerpt, episode.start, episode.end)]
    if episode.cue_latency is not None:
        parts.append(_mark(excerpt, episode.start + episode.cue_latency))
    for number, (name, unit, values, (low, high)) in enumerate(panels):
        y = number * (PANEL + GAP) + GAP
        curve = lines(_trace(excerpt, values, low, high), "curve raw")
        words = f"{name}, {low:.0f} to {high:.0f} {unit}"
        parts += [
            stretched(curve, y=y, height=PANEL),
            element("text", words, x=4, y=y - 4, class_="scale"),
        ]
    return caption, drawing(caption, height, *parts, class_="excerpt")


def _at(excerpt: Excerpt, time: float) -> float:
    share = (time - excerpt.start) / (excerpt.end - excerpt.start)
    return 100 * min(max(share, 0.0), 1.0)


def _seconds(excerpt: Excerpt) -> list[Markup]:
    """A line every second, counted from the start of the episode."""
    first = excerpt.episode.start - AROUND
    times = [first + k for k in range(1, int(excerpt.end - first) + 1)]
    at = [f"{_at(excerpt, time):.2f}%" for time in times]
    return [element("line", x1=x, x2=x, y1=0, y2="100%", class_="grid") for x in at]


def _span(excerpt: Excerpt, start: float, end: float) -> Markup:
    left, right = _at(excerpt, start), _at(excerpt, end)
    return element(
        "rect",
        x=f"{left:.2f}%",
        y=0,
        width=f"{right - left:.2f}%",
        height="100%",
        class_="frozen",
    )


def _mark(excerpt: Excerpt, time: float) -> Markup:
    x = f"{_at(excerpt, time):.2f}%"
    return element(
        "line", element("title", "First beat"), x1=x, x2=x, y1=0, y2="100%", class_="beat"
    )


def _range(values: Sequence[FloatArray]) -> tuple[float, float]:
    """From zero to a round number above all values."""
    top = max((float(np.nanmax(v)) for v in values if np.isfinite(v).any()), default=0.0)
    step = next(s for s in (5.0, 20.0, 100.0, 1e9) if top <= 10 * s)
    return 0.0, max(step * float(np.ceil(top / step)), step)


def _trace(excerpt: Excerpt, values: FloatArray, low: float, high: float) -> list[FloatArray]:
    """The values as runs of points in units, without the missing ones."""
    x = WIDTH * (excerpt.time - excerpt.start) / (excerpt.end - excerpt.start)
    y = HEIGHT * (1 - (values - low) / (high - low))
    good = np.isfinite(y)
    edges = np.flatnonzero(good[1:] != good[:-1]) + 1
    runs = np.split(np.column_stack([x, y]), edges)
    return [_thin(run) for run in runs if len(run) and np.isfinite(run[0, 1])]


def _thin(points: FloatArray) -> FloatArray:
    """Two points a column, its extremes in their order, where there are more than that."""
    column = (points[:, 0] * COLUMNS / WIDTH).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    if len(points) <= 2 * len(starts):
        return points
    kept: list[int] = []
    for first, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(points)], strict=True):
        y = points[first:stop, 1]
        kept += sorted({first + int(np.argmin(y)), first + int(np.argmax(y))})
    return points[kept]
