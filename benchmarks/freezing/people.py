"""Splitting people, never their walks, into parts."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from benchmarks.freezing.examples import Example

SEED = 0

FOLDS = 5

WORK = Path("build") / "freezing"
"""Where models of people left out go, beneath the folder the command runs in."""


def fold_of_each(examples: Iterable[Example], folds: int) -> dict[str, int]:
    """The part, 0 to `folds` - 1, of each person.

    Within a data set, those who froze longest are dealt out first, at random to the parts, so that
    every part has some of them.
    """
    frozen: dict[str, dict[str, int]] = {}
    for e in examples:
        people = frozen.setdefault(e.data, {})
        people[e.person] = people.get(e.person, 0) + int(e.frozen.sum())
    parts: dict[str, int] = {}
    for data in sorted(frozen):
        rng = np.random.default_rng([SEED, *data.encode()])  # whatever other sets there are
        people = frozen[data]
        names = sorted(people, key=lambda name: (-people[name], name))
        for first in range(0, len(names), folds):
            order = rng.permutation(folds).tolist()
            parts |= dict(zip(names[first : first + folds], order, strict=False))
    return parts
