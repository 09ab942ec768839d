"""Thresholds in a full second nest: ``python -m benchmarks.freezing.nest [--work DIR]``.

`train` chooses the calibration and the thresholds of each part's model on what is said of the other
people by models that had seen that part's people in training. Here they are chosen anew on what
models say that had seen neither: ten more models, each of three of the five parts. Rewrites the
models of the parts in the work folder, with the same weights; run it between `train` and the
benchmark.
"""

import argparse
import json
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from benchmarks.freezing.operating import Judgement, with_operating_points
from benchmarks.freezing.people import WORK
from benchmarks.freezing.simulated import SIMULATED
from benchmarks.freezing.sources import PROCESSED, SOURCES
from benchmarks.freezing.subsets import Subsets
from benchmarks.freezing.train import read, write
from tqdm import tqdm

from gaitcue.gait.freezing.model import Weights


def main() -> int:
    """Choose anew and say how far each threshold moved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    work = parser.parse_args().work
    found = {source: read(source, Path(), work) for source in SOURCES}
    learned = [e for source in SOURCES if source.learned for e in found[source]]
    people = [e for each in found.values() for e in each if e.data not in {SIMULATED, *PROCESSED}]
    parts: dict[str, int] = json.loads((work / "people.json").read_text())
    subsets = Subsets(learned, parts, work)
    every = sorted(set(parts.values()))
    judged: dict[int, list[Judgement]] = {part: [] for part in every}
    for first, second in tqdm(list(combinations(every, 2)), disable=None):
        model = subsets.model(set(every) - {first, second})
        judged[first] += subsets.judged(model, people, {second})
        judged[second] += subsets.judged(model, people, {first})
    for part in every:
        path = work / f"{part}.npz"
        with path.open("rb") as file:
            was = Weights.read(file)
        plain = replace(was, calibration=np.array([[1.0, 0.0], [1.0, 0.0]]))
        nested = with_operating_points(plain, judged[part])
        write(nested, path)
        print(
            part, "was", was.thresholds.round(2).tolist(), "is", nested.thresholds.round(2).tolist()
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
