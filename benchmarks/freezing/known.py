"""A person's walks with what the model that never saw them says, and what may be known of them."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.freezing.examples import Example
from benchmarks.freezing.says import follow
from benchmarks.freezing.sources import Source
from benchmarks.freezing.train import read

from gaitcue.gait.freezing.correction import Lesson
from gaitcue.gait.freezing.model import LARGEST_CORRECTION, LEGS, Weights
from gaitcue.imu import FloatArray
from gaitcue.replay.score.episodes import LONG

SHIFT = 1.0
"""s by which marked onsets are wrong, when they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A stretch of a person's motion.

    Attributes
    ----------
    example
        Its reference.
    part
        Of the people, that its model was not trained on.
    odds, memory
        (n,), (n, h) of that model.
    thresholds
        Of assist and quiet.
    """

    example: Example
    part: int
    odds: FloatArray
    memory: FloatArray
    thresholds: tuple[float, float]

    @property
    def freezes(self) -> list[tuple[float, float]]:
        """Those of them that are in this stretch."""
        e = self.example
        return [(a, b) for a, b in e.freezes if b > e.time[0] and a <= e.time[-1]]

    @property
    def lesson(self) -> Lesson:
        """To learn from."""
        e = self.example
        return Lesson(e.time, self.memory, self.odds, e.counts, e.freezes)

    def corrected(self, correction: FloatArray | None) -> FloatArray:
        """(n,) log-odds with a person's correction."""
        if correction is None:
            return self.odds
        moved = np.dot(self.memory, correction[:-1]) + correction[-1]
        return np.asarray(self.odds + np.clip(moved, -LARGEST_CORRECTION, LARGEST_CORRECTION))

    def cut(self, start: int, stop: int) -> "Walk":
        """Ticks [start, stop) of it."""
        e, rows = self.example, slice(start, stop)
        few = replace(
            e,
            time=e.time[rows],
            rows=e.rows[rows],
            doubt=e.doubt[rows],
            frozen=e.frozen[rows],
            counts=e.counts[rows],
        )
        return replace(self, example=few, odds=self.odds[rows], memory=self.memory[rows])


Walks = Sequence[Walk]
Split = Callable[[Walks], Iterable[tuple[Walks, Walks]]]
Marking = Callable[[Walks], Walks]


def walks_of_people(source: Source, folder: Path, work: Path) -> dict[str, list[Walk]]:
    """Of each person all walks."""
    parts, models = _models(work)
    people: dict[str, list[Walk]] = {}
    for example in read(source, folder, work):
        part = parts[example.person]
        people.setdefault(example.person, []).append(_walk(example, part, models[part]))
    return people


def walks_by_part(source: Source, folder: Path, work: Path) -> dict[int, list[Walk]]:
    """All walks of a set that is not learned from, by the model of each part."""
    _, models = _models(work)
    examples = read(source, folder, work)
    return {part: [_walk(e, part, model) for e in examples] for part, model in models.items()}


def _models(work: Path) -> tuple[dict[str, int], dict[int, Weights]]:
    parts: dict[str, int] = json.loads((work / "people.json").read_text())
    models: dict[int, Weights] = {}
    for part in sorted(set(parts.values())):
        with (work / f"{part}.npz").open("rb") as file:
            models[part] = Weights.read(file)
    return parts, models


def _walk(example: Example, part: int, model: Weights) -> Walk:
    odds, memory = follow(model, example)
    assist, quiet = model.thresholds[int(example.placement in LEGS)].tolist()
    return Walk(example, part, odds, memory, (assist, quiet))


def halves(walks: Walks) -> Iterator[tuple[Walks, Walks]]:
    """What is known and what comes of it is judged: both halves of the recordings, by name."""
    names = sorted({walk.example.recording for walk in walks})
    length = {
        name: sum(len(walk.odds) for walk in walks if walk.example.recording == name)
        for name in names
    }
    first: list[str] = []
    for name in names:
        if sum(length[one] for one in first) < sum(length.values()) / 2:
            first.append(name)
    one = [walk for walk in walks if walk.example.recording in first]
    other = [walk for walk in walks if walk.example.recording not in first]
    yield one, other
    yield other, one


def in_time(walks: Walks) -> Iterator[tuple[Walks, Walks]]:
    """The first half of each stretch is known, the second judged."""
    yield (
        [walk.cut(0, len(walk.odds) // 2) for walk in walks],
        [walk.cut(len(walk.odds) // 2, len(walk.odds)) for walk in walks],
    )


def first_freezes(walks: Walks, number: int) -> list[Walk]:
    """So much of the walks that so many freezes are known, and a while after the last."""
    taken: list[Walk] = []
    for walk in walks:
        ends = sorted(end for _, end in walk.freezes)
        if len(ends) >= number:
            stop = int(np.searchsorted(walk.example.time, ends[number - 1] + LONG))
            return [*taken, walk.cut(0, stop)]
        taken.append(walk)
        number -= len(ends)
    return taken


def onsets_shifted(walks: Walks, by: float) -> list[Walk]:
    """All freezes marked as if they had begun so many s later."""
    return [_marked(walk, [(a + by, b) for a, b in walk.example.freezes]) for walk in walks]


def one_unmarked(walks: Walks) -> list[Walk]:
    """The longest freeze not marked."""
    longest = max((b - a for walk in walks for a, b in walk.example.freezes), default=0.0)
    return [
        _marked(walk, [(a, b) for a, b in walk.example.freezes if b - a < longest])
        for walk in walks
    ]


def _marked(walk: Walk, freezes: list[tuple[float, float]]) -> Walk:
    e = walk.example
    frozen = np.zeros(len(e.time), np.bool_)
    for onset, end in freezes:
        frozen |= (e.time >= onset) & (e.time < end)
    kept = tuple((a, b) for a, b in freezes if a < b)
    return replace(walk, example=replace(e, frozen=frozen, freezes=kept))
