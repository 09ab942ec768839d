"""The freezing peers: each learns what it may from some people and says log-odds of others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from benchmarks.peers.indices import LEAST
from benchmarks.peers.stretches import SIGNALS, Stretch
from sklearn.ensemble import HistGradientBoostingClassifier

from gaitcue.gait.freezing.features import INDEX, LEVELS
from gaitcue.gait.freezing.model import LEGS
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray
from gaitcue.replay.score.agreement import roc_area

Say = Callable[[Stretch], FloatArray]
"""Gives (n,) what is taken as log-odds of freezing at each tick, before calibration."""

Fit = Callable[[Sequence[Stretch]], Say]

FLOOR = -5.0
"""Logarithm of an index that says that there is no freezing; real ones lie within 4 of 0."""

GATES = (0.0, 0.001, 0.003, 0.01, 0.0171, 0.03, 0.1, 0.197, 0.3)
"""(m/s²)²: powers that may be the least with which anybody freezes; the one that separates best on
the people learned from is taken. 0.197 is the 2^12 of the program that came with the Daphnet set,
as a mean square; 0.0171 is the 178 mg² of the rule with walking gate and stop veto."""

COLLAPSED, BEFORE = 0.6, 0.5
"""A power below this part of the one `BEFORE` s ago is a stop, not a freeze."""

LAGS = (1.0, 2.0, 4.0)
"""s: how long ago the boosted trees look, beside now."""


@dataclass(frozen=True, slots=True, eq=False)
class Peer:
    """One way to find freezes.

    Attributes
    ----------
    name, about
        As shown.
    fit
        From stretches of the people to learn from, what is said of any other.
    walking_gate
        s since the last step within which a freeze must begin; None without such a rule.
    """

    name: str
    about: str
    fit: Fit
    walking_gate: float | None = None


def on_leg(stretch: Stretch) -> bool:
    """Whether it is from a leg, which is judged apart from the trunk."""
    return stretch.example.placement in LEGS


def _threshold(index: str, power: str = "", *, veto: bool = False) -> Fit:
    """An index, of whichever signal separates better; with `power`, only where there is enough."""

    def say(stretch: Stretch, signal: str, least: float) -> FloatArray:
        said = np.maximum(stretch.indices[f"{index} {signal}"], FLOOR)
        if not power:
            return said
        now = stretch.indices[f"{power} {signal}"]
        there = now >= np.log(max(least, LEAST))
        if veto:
            back = round(BEFORE * TICKS_PER_SECOND)
            before = np.concatenate([now[:1].repeat(back), now])[: len(now)]
            there &= now >= before + np.log(COLLAPSED)
        return np.where(there, said, FLOOR)

    def fit(learned: Sequence[Stretch]) -> Say:
        choices = list(product(SIGNALS, GATES if power else GATES[:1]))
        best = {
            leg: _best(say, choices, [s for s in learned if on_leg(s) is leg])
            for leg in (False, True)
        }
        return lambda stretch: say(stretch, *best[on_leg(stretch)])

    return fit


def _best(
    say: Callable[[Stretch, str, float], FloatArray],
    choices: Sequence[tuple[str, float]],
    learned: Sequence[Stretch],
) -> tuple[str, float]:
    """The choice with the largest area under the ROC curve in the sets that have freezing."""
    sets = {s.example.data for s in learned if s.example.freezes}
    those = [s for s in learned if s.example.data in sets]
    frozen = np.concatenate([s.example.frozen[s.example.counts] for s in those])

    def area(choice: tuple[str, float]) -> float:
        said = np.concatenate([say(s, *choice)[s.example.counts] for s in those])
        return roc_area(said, frozen) or 0.0

    return max(choices, key=area)


def _boosted(learned: Sequence[Stretch]) -> Say:
    """Histogram gradient boosting with scikit-learn's own settings, for trunk and leg apart."""
    models = {}
    for leg in (False, True):
        those = [s for s in learned if on_leg(s) is leg]
        rows = np.concatenate([_features(s)[s.example.counts][::2] for s in those])
        frozen = np.concatenate([s.example.frozen[s.example.counts][::2] for s in those])
        model = HistGradientBoostingClassifier(early_stopping=False, random_state=0)
        models[leg] = model.fit(rows, frozen)
    return lambda stretch: models[on_leg(stretch)].decision_function(_features(stretch))


def _features(stretch: Stretch) -> FloatArray:
    """What gaitcue's model is given, but for the wave: now and some seconds ago."""
    rows = stretch.example.rows
    short = np.hstack([rows[:, LEVELS], rows[:, INDEX]])
    ago = [
        np.concatenate([short[:1].repeat(back, axis=0), short])[: len(short)]
        for back in (round(lag * TICKS_PER_SECOND) for lag in LAGS)
    ]
    return np.hstack([rows, *ago])


PEERS = (
    Peer("freeze index", "Moore 2008, 6 s", _threshold("moore")),
    Peer(
        "freeze index and power",
        "Bächlin 2010, 4 s, where there is power enough",
        _threshold("baechlin", "baechlin power"),
    ),
    Peer("multitaper freeze index", "Schaer 2025, 5 s", _threshold("multitaper")),
    Peer(
        "two thresholds, walking gate, stop veto",
        "4 s, newest weighted most, power enough and not fallen below 0.6 of that half a second "
        "before, a step within the last 5 s",
        _threshold("recent", "recent power", veto=True),
        walking_gate=5.0,
    ),
    Peer(
        "gradient boosting",
        "scikit-learn, on what gaitcue's model gets but for the wave, now and 1, 2, 4 s ago",
        _boosted,
    ),
)
