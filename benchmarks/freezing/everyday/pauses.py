"""Freezes and pauses by kind: which of them the detector takes for which kind of freeze."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gaitcue.events import CueStart, Event, FreezeScore, FreezeStart, Phenotype, WalkingBoutStart
from gaitcue.imu import FloatArray
from gaitcue.recording.model import Kind, Recording
from gaitcue.replay.score import spans
from gaitcue.replay.score.agreement import roc_area
from gaitcue.replay.score.episodes import Span
from gaitcue.replay.score.freezing import for_a_freeze
from gaitcue.replay.score.stops import LONGEST, SHORTEST, stops
from gaitcue.replay.score.stretch import in_experiment, measured

STOP, START = "stop on purpose", "standing before a walk"
HESITATION = "start hesitation"

FREEZES = {
    "StartHesitation": HESITATION,
    "start_hesitation": HESITATION,
    "Turn": "in a turn",
    "Walking": "while walking",
    "trembling": "while walking",
    "shuffling": "while walking",
    "akinetic": "while walking",
}
"""What a freeze's first type is called here."""


CUED_PAUSES = 0.05
"""Share of pauses that may be cued when hypotheses are compared: five in a hundred stops."""


@dataclass(frozen=True, slots=True)
class Pause:
    """One freeze or pause.

    Attributes
    ----------
    kind
        One of `FREEZES`' values, `STOP` or `START`; ``, akinetic`` behind it where the reference
        says that nothing moved.
    cued
        Whether a cue started in it.
    taken_for
        What the detector took it for first; None where it found no freeze.
    score, trembling, akinetic
        Highest score, and highest part of it that spoke for either; 0 where there was no score.
    """

    kind: str
    cued: bool
    taken_for: Phenotype | None
    score: float
    trembling: float
    akinetic: float


def pauses(recording: Recording, events: Sequence[Event]) -> Iterator[Pause]:
    """Every freeze of the reference, every stop, and every first start without a freeze."""
    experiment = in_experiment(events, recording.annotations)
    for freeze in recording.of_kind(Kind.FREEZE):
        if spans.touches((freeze.onset, freeze.end), experiment):
            first, _, rest = freeze.detail.partition(" + ")
            name, _, also = first.partition(", ")
            akinetic = "akinetic" in (also, name) or rest.endswith("akinetic")
            kind = FREEZES.get(name, "of no told kind") + ", akinetic" * akinetic
            yield _pause(kind, (freeze.onset, freeze.end), events)
    for each in stops(events, recording.annotations, recording.annotated):
        yield _pause(STOP, each, events)
    for each in _first_start(recording, events):
        yield _pause(START, each, events)


def separation(
    hesitations: Sequence[Pause], others: Sequence[Pause]
) -> dict[str, dict[str, float | None]]:
    """How well either hypothesis, and the whole score, tell the first from the second.

    `area` under the ROC curve, and the share of the first that is `found` above the score that
    `CUED_PAUSES` of the others exceed.
    """
    return {
        name: _apart(
            np.array([getattr(p, name) for p in hesitations]),
            np.array([getattr(p, name) for p in others]),
        )
        for name in ("score", "trembling", "akinetic")
    }


def _apart(ours: FloatArray, others: FloatArray) -> dict[str, float | None]:
    both = np.concatenate([ours, others])
    area = roc_area(both, np.arange(len(both)) < len(ours))
    if area is None:
        return {"area": None, "found": None}
    limit = np.quantile(others, 1 - CUED_PAUSES)
    return {"area": area, "found": float((ours > limit).mean())}


def _first_start(recording: Recording, events: Sequence[Event]) -> list[Span]:
    """From at most `LONGEST` s before the first walk to its first step, if nobody froze there."""
    usable = measured(events, in_experiment(events, recording.annotations))
    begins = [a.onset for a in recording.of_kind(Kind.WALKING_BOUT)] or [
        e.time for e in events if isinstance(e, WalkingBoutStart)
    ]
    if not begins:
        return []
    standing = max(begins[0] - LONGEST, events[0].time), begins[0]
    frozen = spans.union((a.onset, a.end) for a in recording.of_kind(Kind.FREEZE))
    long = spans.length(spans.intersect(spans.union([standing]), usable)) >= SHORTEST
    return [standing] if long and not spans.touches(standing, frozen) else []


def _pause(kind: str, span: Span, events: Sequence[Event]) -> Pause:
    def inside(event: Event) -> bool:
        return span[0] <= event.decided < span[1]

    scores = [e for e in events if isinstance(e, FreezeScore) and inside(e)]
    found = [e.phenotype for e in events if isinstance(e, FreezeStart) and inside(e)]
    cued = [e for e in for_a_freeze(events) if isinstance(e, CueStart) and inside(e)]
    return Pause(
        kind=kind,
        cued=bool(cued),
        taken_for=found[0] if found else None,
        score=max((e.score for e in scores), default=0.0),
        trembling=max((e.trembling or 0.0 for e in scores), default=0.0),
        akinetic=max((e.akinetic or 0.0 for e in scores), default=0.0),
    )
