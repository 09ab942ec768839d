"""What the interval and the p-value of a walker's own trial are worth: by simulation.

Freezes last as long as those of a log-normal distribution with the median and spread of people's
annotated episodes; a cue shortens what is left of them by a factor. In some rows they get longer as
the walk goes on, as when medication wears off. The cap, the arms and the estimator are those of
gaitcue.

Run with ``python -m benchmarks.trial``; takes about 5 min.
"""

import argparse
import itertools

import numpy as np
from benchmarks.places import RESULTS

from gaitcue.cue.trial import WITHHELD_FOR, drawn
from gaitcue.imu import FloatArray
from gaitcue.review import trial
from gaitcue.review.trial import Drawn, effect

MEDIAN, SPREAD = 2.8, 1.7
"""s, and standard deviation of the logarithm, of what is left of a freeze 1 s after it began: as of
the 1853 longer ones among the 2359 annotated episodes of the tDCS-FOG set."""

TREND = np.e**2
"""How much longer the last freeze of a row with a trend is than the first."""

FACTORS = (1.0, 0.7, 0.5)
NUMBERS = (16, 24, 40, 80, 160)
TRENDS = {"none": 1.0, "longer": TREND}
WALKERS = 1000


def lasting(draw: np.random.Generator, number: int, trend: float) -> FloatArray:
    """How long `number` freezes in a row last on, s, if none is cued."""
    longer = np.exp(np.linspace(-0.5, 0.5, number) * np.log(trend))
    lasted: FloatArray = draw.lognormal(np.log(MEDIAN), SPREAD, number) * longer
    return lasted


def freezes(number: int, factor: float, trend: float, seed: int) -> list[Drawn]:
    """The freezes of one simulated trial."""
    found = []
    for episode, left in enumerate(lasting(np.random.default_rng(seed), number, trend).tolist()):
        cued = drawn(seed, episode)
        found.append(Drawn(cued, min(left * (factor if cued else 1.0), WITHHELD_FOR)))
    return found


def truth(number: int, factor: float, trend: float) -> float:
    """The difference that a great many such trials show, s."""
    draw = np.random.default_rng(0)
    lasted = np.concatenate([lasting(draw, number, trend) for _ in range(1_000_000 // number)])
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
        f"(median, log SD {SPREAD:g}), of which a cue leaves a factor. Trend *longer*: the last",
        f"freeze of a walker is {TREND:.1f} times as long as the first. Coverage of the 95 %",
        "interval, and how often p < 0.05: with factor 1 that is an error, else it is the power.",
        "",
        "| trend | freezes | factor | true difference, s | interval covers it | p < 0.05 |",
        "|---|---|---|---|---|---|",
    ]
    for (name, trend), factor, number in itertools.product(TRENDS.items(), FACTORS, NUMBERS):
        real = truth(number, factor, trend)
        covered = small = 0
        for seed in range(WALKERS):
            told = effect(freezes(number, factor, trend, seed))
            if told.low is not None and told.high is not None and told.p is not None:
                covered += told.low <= real <= told.high
                small += told.p < 0.05
        lines.append(
            f"| {name} | {number} | {factor:g} | {real:+.2f} | {covered / WALKERS:.1%} | "
            f"{small / WALKERS:.1%} |"
        )
        print(lines[-1], flush=True)
    (RESULTS / "trial.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
