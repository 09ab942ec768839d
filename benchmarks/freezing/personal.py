"""What the detector adapted to a person does in walks of theirs that it was not adapted to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from benchmarks.freezing.known import Marking, Split, Walk, Walks, halves
from benchmarks.freezing.operating import cue_starts

from gaitcue.events import Profile
from gaitcue.gait.freezing import most_probable
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import FloatArray
from gaitcue.replay.adaptation import TRIED, Outcome, chosen
from gaitcue.replay.score.agreement import roc_area
from gaitcue.replay.score.episodes import LONG

WIDTHS = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Of the prior, to choose from."""

RESAMPLES = 1000
SEED = 0


@dataclass(slots=True)
class Found:
    """What was found in walks of one person, or of many.

    `freezes` are those of 5 s or more, `cued` those in which a cue started; `areas` those under the
    ROC curve of each judged half in which both is there.
    """

    freezes: int = 0
    cued: int = 0
    false: int = 0
    hours: float = 0.0
    areas: list[float] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Add another's."""
        self.freezes += other.freezes
        self.cued += other.cued
        self.false += other.false
        self.hours += other.hours
        self.areas += other.areas


Adapted = tuple[FloatArray | None, float]
"""A correction, if any, and a sensitivity."""

Way = Callable[[Walks], Sequence[Adapted]]
"""Of what is known: how to adapt, for each profile."""

PROFILES = range(len(Profile))
"""Their numbers: 0 for assist, 1 for quiet."""


def same_for_all(sensitivity: float) -> Way:
    """Nothing is adapted."""
    return lambda _: [(None, sensitivity) for _ in PROFILES]


def dial_only(known: Walks) -> Sequence[Adapted]:
    """The sensitivity that `gaitcue adapt` chooses when nothing can be learned."""
    tried = [[outcome(known, profile, one) for one in TRIED] for profile in PROFILES]
    return [(None, chosen(of).sensitivity) for of in tried]


def adapting(widths: dict[int, float]) -> Way:
    """As `gaitcue adapt`; with the width of the prior that belongs to the person's part."""

    def adapt(known: Walks) -> Sequence[Adapted]:
        if not known:
            return [(None, 0.0) for _ in PROFILES]
        learned = most_probable([walk.lesson for walk in known], widths[known[0].part])
        return [best(known, profile, learned) for profile in PROFILES]

    def best(known: Walks, profile: int, learned: FloatArray | None) -> Adapted:
        tried = [outcome(known, profile, one) for one in TRIED]
        if learned is not None:
            tried += [outcome(known, profile, one, learned) for one in TRIED]
        found = chosen(tried)
        return (learned if found.corrected else None), found.sensitivity

    return adapt


def outcome(
    walks: Walks, profile: int, sensitivity: float, correction: FloatArray | None = None
) -> Outcome:
    """As `gaitcue adapt` reckons it."""
    found = Found()
    for walk in walks:
        found.add(_found(walk, profile, sensitivity, walk.corrected(correction)))
    return Outcome(
        sensitivity, found.freezes, found.cued, found.false, corrected=correction is not None
    )


def judged(
    people: dict[str, list[Walk]],
    way: Way,
    split: Split = halves,
    known_as: Marking = lambda walks: walks,
    only: Callable[[Walks], bool] = lambda _: True,
) -> list[dict[str, Found]]:
    """Of each profile and person, what was found in what was not known.

    Parameters
    ----------
    people
        Walks of each.
    way
        How to adapt.
    split
        Into what is known and what is judged.
    known_as
        What is known of it.
    only
        Whether something is to be judged where so much is known.
    """
    result: list[dict[str, Found]] = [{} for _ in PROFILES]
    for name, walks in people.items():
        for known, later in split(walks):
            if not later or not only(known):
                continue
            for profile, (correction, sensitivity) in enumerate(way(known_as(known))):
                found = result[profile].setdefault(name, Found())
                odds = [walk.corrected(correction) for walk in later]
                for walk, said in zip(later, odds, strict=True):
                    found.add(_found(walk, profile, sensitivity, said))
                area = _area(later, odds)
                if area is not None:
                    found.areas.append(area)
    return result


def elsewhere(
    people: dict[str, list[Walk]], way: Way, others: dict[int, list[Walk]]
) -> list[dict[str, Found]]:
    """Of each profile and person, what the detector adapted to a half finds in others' walks.

    `others` are by the model of the person's part.
    """
    result: list[dict[str, Found]] = [{} for _ in PROFILES]
    for name, walks in people.items():
        for known, _ in halves(walks):
            for profile, (correction, sensitivity) in enumerate(way(known)):
                found = result[profile].setdefault(name, Found())
                for walk in others[walks[0].part]:
                    found.add(_found(walk, profile, sensitivity, walk.corrected(correction)))
    return result


def widths_by_part(groups: Iterable[dict[str, list[Walk]]]) -> tuple[dict[int, float], float]:
    """The likeliest width of the prior for each part, by the people of all others; and by all.

    By the mean over people of the log-likelihood of a tick in the half that was not learned from.
    """
    likely: dict[str, tuple[int, FloatArray]] = {}
    for people in groups:
        for name, walks in people.items():
            found = [
                [
                    _likelihood(later, most_probable([w.lesson for w in known], one))
                    for one in WIDTHS
                ]
                for known, later in halves(walks)
                if known and any(w.example.counts.any() for w in later)
            ]
            if found:
                likely[name] = walks[0].part, np.mean(found, axis=0)
    parts = sorted({part for part, _ in likely.values()})
    return (
        {part: _likeliest([x for of, x in likely.values() if of != part]) for part in parts},
        _likeliest([x for _, x in likely.values()]),
    )


def interval(
    before: dict[str, Found], after: dict[str, Found], figure: Callable[[Found], float]
) -> list[float]:
    """95 % of what a figure changes by, people drawn with replacement."""
    rng = np.random.default_rng(SEED)
    names = sorted(before)
    changes = []
    for _ in range(RESAMPLES):
        drawn = [names[number] for number in rng.integers(len(names), size=len(names))]
        changes.append(figure(pooled(after, drawn)) - figure(pooled(before, drawn)))
    low, high = np.nanpercentile(changes, [2.5, 97.5]).tolist()
    return [low, high]


def pooled(found: dict[str, Found], names: Iterable[str] | None = None) -> Found:
    """All together, or those named."""
    every = Found()
    for name in found if names is None else names:
        every.add(found[name])
    return every


def share_cued(found: Found) -> float:
    """Freezes of 5 s or more in which a cue started."""
    return found.cued / found.freezes if found.freezes else np.nan


def false_per_hour(found: Found) -> float:
    """False cues an hour without freezing."""
    return found.false / found.hours if found.hours else np.nan


def mean_area(found: Found) -> float:
    """Mean over halves of people's recordings."""
    return float(np.mean(found.areas)) if found.areas else np.nan


def _found(walk: Walk, profile: int, sensitivity: float, odds: FloatArray) -> Found:
    e, freezes = walk.example, walk.freezes
    starts = cue_starts(e, odds, walk.thresholds[profile] - sensitivity)
    long = [(onset, end) for onset, end in freezes if end - onset >= LONG]
    return Found(
        freezes=len(long),
        cued=sum(any(a <= start < b for start in starts) for a, b in long),
        false=sum(not any(a <= start < b for a, b in freezes) for start in starts),
        hours=float((e.counts & ~e.frozen).sum()) / TICKS_PER_SECOND / 3600,
    )


def _area(walks: Walks, odds: Sequence[FloatArray]) -> float | None:
    counts = [walk.example.counts for walk in walks]
    return roc_area(
        np.concatenate([said[c] for said, c in zip(odds, counts, strict=True)]),
        np.concatenate([walk.example.frozen[c] for walk, c in zip(walks, counts, strict=True)]),
    )


def _likelihood(walks: Walks, correction: FloatArray | None) -> float:
    counts = [walk.example.counts for walk in walks]
    pairs = list(zip(walks, counts, strict=True))
    odds = np.concatenate([walk.corrected(correction)[c] for walk, c in pairs])
    frozen = np.concatenate([walk.example.frozen[c] for walk, c in pairs])
    return -float((np.logaddexp(0.0, odds) - odds * frozen).mean())


def _likeliest(of_people: list[FloatArray]) -> float:
    return WIDTHS[int(np.argmax(np.mean(of_people, axis=0)))]
