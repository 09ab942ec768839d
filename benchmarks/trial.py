"""What the interval and the p-value of a walker's own trial are worth: by simulation.

Freezes last as long as those of a log-normal distribution with the median and spread of people's
annotated episodes; a cue shortens what is left of them by a factor. The cap, the arms and the
estimator are those of gaitcue.

Run with ``python benchmarks/trial.py``; takes about 2 min.
"""

import argparse
from pathlib import Path

import numpy as np

from gaitcue.cue.trial import WITHHELD_FOR, drawn
from gaitcue.review import trial
from gaitcue.review.trial import Drawn, effect

MEDIAN, SPREAD = 3.0, 1.0
"""s, and standard deviation of the logarithm, of what is left of a freeze when it is decided."""

FACTORS = (1.0, 0.7, 0.5)
NUMBERS = (16, 24, 40, 80, 160)
WALKERS = 1000
RESULTS = Path(__file__).parent / "results" / "trial.md"


def freezes(number: int, factor: float, seed: int) -> list[Drawn]:
    """The freezes of one simulated trial."""
    lasted = np.random.default_rng(seed).lognormal(np.log(MEDIAN), SPREAD, number)
    found = []
    for episode, left in enumerate(lasted.tolist()):
        cued = drawn(seed, episode)
        found.append(Drawn(cued, min(left * (factor if cued else 1.0), WITHHELD_FOR)))
    return found


def truth(factor: float) -> float:
    """The difference that an endless trial would show, s."""
    lasted = np.random.default_rng(0).lognormal(np.log(MEDIAN), SPREAD, 1_000_000)
    cued = np.minimum(lasted * factor, WITHHELD_FOR).mean()
    return float(cued - np.minimum(lasted, WITHHELD_FOR).mean())


def main() -> None:
    """Simulate, print and write the table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    trial.LEAST = 1
    trial.PERMUTATIONS = 499
    lines = [
        "# What a walker's own trial can tell",
        "",
        f"{WALKERS} simulated walkers a row; freezes with a log-normal rest of {MEDIAN:g} s",
        f"(median, log SD {SPREAD:g}), of which a cue leaves a factor. Coverage of the 95 %",
        "interval, and how often p < 0.05: with factor 1 that is an error, else it is the power.",
        "",
        "| freezes | factor | true difference, s | interval covers it | p < 0.05 |",
        "|---|---|---|---|---|",
    ]
    for factor in FACTORS:
        real = truth(factor)
        for number in NUMBERS:
            covered = small = 0
            for seed in range(WALKERS):
                told = effect(freezes(number, factor, seed))
                covered += told.low is not None and told.low <= real <= told.high
                small += told.p is not None and told.p < 0.05
            lines.append(
                f"| {number} | {factor:g} | {real:+.2f} | {covered / WALKERS:.1%} | "
                f"{small / WALKERS:.1%} |"
            )
            print(lines[-1], flush=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
