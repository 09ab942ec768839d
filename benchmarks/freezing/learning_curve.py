"""What more people would bring: ``python -m benchmarks.freezing.learning_curve [--work DIR]``.

Trains on ever more of the people of tdcsfog, and all of the other sets, and judges each time the
same people left out. Needs what ``python -m benchmarks.freezing.train`` has read. Writes
``results/freezing_learning_curve.json``.
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.freezing.network import train
from benchmarks.freezing.says import say
from benchmarks.freezing.sources import SOURCES
from benchmarks.freezing.train import RESULTS, WORK, areas, read
from tqdm import tqdm

DATA = "tdcsfog"
SHARES = (1 / 8, 1 / 4, 1 / 2, 1.0)
PARTS = (0, 1)
"""Of the five parts of people, those judged: enough to see the slope."""


def main() -> int:
    """Train and judge; print and write the areas."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    work = parser.parse_args().work
    parts: dict[str, int] = json.loads((work / "people.json").read_text())
    learned = [e for source in SOURCES if source.learned for e in read(source, Path(), work)]
    names = sorted({e.person for e in learned if e.data == DATA})
    curve: dict[str, dict[str, float]] = {}
    for share in tqdm(SHARES, disable=None):
        judged = []
        people = 0
        for part in PARTS:
            others = [name for name in names if parts[name] != part]
            taken = set(others[:: round(1 / share)])
            people += len(taken)
            model = train(
                [
                    e
                    for e in learned
                    if parts[e.person] != part and (e.data != DATA or e.person in taken)
                ]
            )
            judged += [
                (e, say(model, e)) for e in learned if e.data == DATA and parts[e.person] == part
            ]
        curve[f"{people / len(PARTS):.0f} people"] = areas(judged)[f"{DATA} lower_back"]
    text = json.dumps(curve, indent=1)
    (RESULTS / "freezing_learning_curve.json").write_text(text + "\n")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
