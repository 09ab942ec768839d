"""What more people would bring: ``python -m benchmarks.freezing.learning_curve [--work DIR]``.

Trains on one, two, three and four of the five parts of the people (all sets that are learned from),
and judges the freezers of the parts left out. Needs what ``python -m benchmarks.freezing.train``
left in the work folder. Writes ``results/freezing_learning_curve.json`` and the figure in
``docs/explanation``.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.freezing.curve_figure import draw
from benchmarks.freezing.examples import Example
from benchmarks.freezing.operating import Judged
from benchmarks.freezing.people import WORK
from benchmarks.freezing.simulated import SIMULATED
from benchmarks.freezing.sources import SOURCES
from benchmarks.freezing.subsets import Subsets
from benchmarks.freezing.train import read
from benchmarks.places import RESULTS
from benchmarks.rounding import rounded
from tqdm import tqdm

from gaitcue.gait.freezing.model import Weights
from gaitcue.imu import FloatArray
from gaitcue.replay.score.agreement import roc_area

JUDGED = ("tdcsfog", "turning_in_place")
"""The sets with more than a handful of freezers."""

FIGURE = Path(__file__).parents[2] / "docs" / "explanation" / "learning_curve.svg"

RESAMPLES, SEED = 1000, 20230817


def main() -> int:
    """Train, judge, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    work = parser.parse_args().work
    parts: dict[str, int] = json.loads((work / "people.json").read_text())
    learned = [e for source in SOURCES if source.learned for e in read(source, Path(), work)]
    subsets = Subsets(learned, parts, work)
    every = sorted(set(parts.values()))
    curves: dict[str, dict[int, dict[str, list[float]]]] = {data: {} for data in JUDGED}
    for size, kept in tqdm([(len(kept), kept) for kept in _choices(every)], disable=None):
        model = _whole(work, kept, every) or subsets.model(kept)
        said = subsets.judged(
            model, [e for e in learned if e.data in JUDGED], set(every) - set(kept)
        )
        for data in JUDGED:
            areas = curves[data].setdefault(size, {})
            for person, area in _areas([pair for pair in said if pair[0].data == data]).items():
                areas.setdefault(person, []).append(area)
    report = {
        data: [_point(data, size, curve, learned, parts) for size in sorted(curve)]
        for data, curve in curves.items()
    }
    text = json.dumps(rounded(report), indent=1)
    (RESULTS / "freezing_learning_curve.json").write_text(text + "\n")
    FIGURE.write_text(draw(report))
    print(text)
    return 0


def _choices(every: Sequence[int]) -> list[tuple[int, ...]]:
    """Which parts to train on: about as few sets of each size as leave out everybody once."""
    _, *rest = every
    return [
        *((part,) for part in every[::2]),
        *((part, every[(i + 1) % len(every)]) for i, part in enumerate(every) if i % 2 == 0),
        *combinations(rest, len(every) - 2),
        *combinations(every, len(every) - 1),
    ]


def _whole(work: Path, kept: Sequence[int], every: Sequence[int]) -> Weights | None:
    """The model that the benchmark scores, where only one part is left out."""
    if len(kept) != len(every) - 1:
        return None
    (part,) = set(every) - set(kept)
    with (work / f"{part}.npz").open("rb") as file:
        return Weights.read(file)


def _areas(judged: Judged) -> dict[str, float]:
    """Each freezer's own area under the ROC curve."""
    people: dict[str, list[tuple[FloatArray, FloatArray]]] = {}
    for e, said in judged:
        people.setdefault(e.person, []).append((said[e.counts], e.frozen[e.counts]))
    areas = {
        person: roc_area(*(np.concatenate(column) for column in zip(*pairs, strict=True)))
        for person, pairs in people.items()
    }
    return {person: area for person, area in areas.items() if area is not None}


def _point(
    data: str,
    size: int,
    curve: Mapping[int, Mapping[str, Sequence[float]]],
    learned: Sequence[Example],
    parts: Mapping[str, int],
) -> dict[str, Any]:
    """One size: how many people, their mean area, and what it gained over the size before.

    A person's area is the mean over the models of that size that never saw the person; the
    intervals are from people drawn at random.
    """
    share = size / len(set(parts.values()))
    names = sorted(curve[size])
    areas = np.array([np.mean(curve[size][name]) for name in names])
    people = {e.person for e in learned if e.data != SIMULATED}
    freezers = people & {e.person for e in learned if e.freezes}
    point: dict[str, Any] = {
        "people": round(share * len(people)),
        "freezers": round(share * len(freezers)),
        f"freezers of {data}": round(share * sum(name.startswith(f"{data}/") for name in freezers)),
        "mean area": float(areas.mean()),
        "interval": _interval(areas),
    }
    if size - 1 in curve:
        gain = areas - np.array([np.mean(curve[size - 1][name]) for name in names])
        point |= {"gain": float(gain.mean()), "gain interval": _interval(gain)}
    return point


def _interval(values: FloatArray) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    draws = rng.integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    sys.exit(main())
