"""All systems at equally many false cues: what each could find, its threshold chosen afterwards.

Thresholds that are chosen on other people leave every system at false cues of its own, so that its
freezes cannot be compared. Here one threshold for all people of a set is the one that finds most
with at most as many false cues as asked for. It is thus chosen knowing the labels, for all systems
alike; what is said of each person still comes from what was fitted without them. Cues begin by the
detector's rules and about those of the coach (`benchmarks.freezing.operating`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from benchmarks.freezing.operating import Judged, cue_starts
from benchmarks.rounding import rounded
from numpy.typing import NDArray

from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray, Placement
from gaitcue.replay.score.agreement import roc_area
from gaitcue.replay.score.episodes import LONG

FALSE_CUES = (2.0, 5.0, 15.0, 30.0)
"""An hour without freezing. Of these 2 and 15 are what the profiles aim at."""

RESAMPLES, POOLED, SEED = 1000, 200, 20230817
"""Draws of people; of the area of all ticks together fewer, as each takes a while."""

ABOVE = np.geomspace(1e-4, 0.5, 80)
"""Shares of the scores above the thresholds that are tried."""

Where = tuple[str, Placement]
Said = Mapping[Where, Judged]
"""Calibrated log-odds of people left out, for each set and placement."""


def at_equal_false_cues(said: Said) -> list[dict[str, Any]]:
    """One object for each set with freezing and each of `FALSE_CUES`."""
    rows: list[dict[str, Any]] = []
    for (data, placement), judged in said.items():
        if any(example.freezes for example, _ in judged):
            scores = np.concatenate([odds[example.counts] for example, odds in judged])
            tried = [np.inf, *np.quantile(scores, 1 - ABOVE).tolist()]
            curve = [_counts(judged, each) for each in tried]
            about = {"data": data, "placement": placement} | rounded(_areas(judged))
            rows += [about | rounded(_at(rate, curve)) for rate in FALSE_CUES]
    return rows


def _areas(judged: Judged) -> dict[str, Any]:
    """Areas under the ROC curve: of all ticks together, and the mean of the people's own."""
    people: dict[str, list[tuple[FloatArray, NDArray[np.bool_]]]] = {}
    for example, odds in judged:
        counted = odds[example.counts], example.frozen[example.counts]
        people.setdefault(example.person, []).append(counted)
    each = [tuple(map(np.concatenate, zip(*one, strict=True))) for one in people.values()]
    own = np.array([roc_area(said, frozen) or np.nan for said, frozen in each])
    draws = np.random.default_rng(SEED).integers(0, len(each), (RESAMPLES, len(each)))
    pooled = [_pooled([each[person] for person in draw]) for draw in draws[:POOLED].tolist()]
    means = [np.nanmean(own[draw]) for draw in draws if not np.isnan(own[draw]).all()]
    return {
        "auc": _pooled(each),
        "auc_interval": np.nanpercentile(pooled, (2.5, 97.5)).tolist(),
        "mean_auc": float(np.nanmean(own)),
        "mean_auc_interval": np.nanpercentile(means, (2.5, 97.5)).tolist(),
        "freezers": int((~np.isnan(own)).sum()),
    }


def _pooled(people: Sequence[tuple[FloatArray, NDArray[np.bool_]]]) -> float:
    said, frozen = map(np.concatenate, zip(*people, strict=True))
    area = roc_area(said, frozen)
    return np.nan if area is None else area


def _at(most: float, curve: Sequence[FloatArray]) -> dict[str, Any]:
    """What is found at most with at most so many false cues an hour."""
    counts = max((c for c in curve if _rate(c) <= most), key=lambda c: c[:, 0].sum())
    people = counts[np.random.default_rng(SEED).integers(0, len(counts), (RESAMPLES, len(counts)))]
    cued, freezes = people.sum(axis=1).T[:2]
    edges = np.percentile((cued / np.maximum(freezes, 1))[freezes > 0], (2.5, 97.5))
    return {
        "asked": most,
        "false_cues_per_hour": _rate(counts),
        "people": len(counts),
        "freezes_5s": int(counts[:, 1].sum()),
        "cued_5s": float(counts[:, 0].sum() / counts[:, 1].sum()),
        "cued_5s_interval": edges.tolist(),
    }


def _rate(counts: FloatArray) -> float:
    return float(counts[:, 2].sum() / counts[:, 3].sum())


def _counts(judged: Judged, threshold: float) -> FloatArray:
    """(people, 4): long freezes with a cue begun in them, all of them, false cues, h without."""
    people: dict[str, FloatArray] = {}
    for example, odds in judged:
        starts = cue_starts(example, odds, threshold)
        freezes = [
            f for f in example.freezes if f[1] > example.time[0] and f[0] <= example.time[-1]
        ]
        long = [(onset, end) for onset, end in freezes if end - onset >= LONG]
        free = int((example.counts & ~example.frozen).sum()) / TICKS_PER_SECOND / 3600
        counts = people.setdefault(example.person, np.zeros(4))
        counts += (
            sum(any(onset <= start < end for start in starts) for onset, end in long),
            len(long),
            sum(not any(onset <= start < end for onset, end in freezes) for start in starts),
            free,
        )
    return np.array(list(people.values()))
