"""How far the data of a walk can be trusted, as one word with its rule."""

from dataclasses import dataclass
from enum import StrEnum

from gaitcue.review.summary import PERCENT, WalkSummary
from gaitcue.review.words import many

LIMITED_MISSING, POOR_MISSING = 1.0, 10.0
"""% of the walk without data. Our choice: 1 % of a 6-minute walk is 4 s, as long as a freeze."""

POOR_SPOILT = 10.0
"""% of the samples that clipped or stuck."""

SPOILING = ("clipped", "stuck", "impossible_value")
"""Kinds of data problem that mean the motion itself is wrong."""

RULE = (
    f"Good: at most {LIMITED_MISSING:g} % of the walk is missing, no gap made tracking begin "
    f"afresh, no data problem was told, and the events are complete. Poor: more than "
    f"{POOR_MISSING:g} % is missing, or more than {POOR_SPOILT:g} % of the samples clipped, stuck "
    "or were impossible. Limited: everything between."
)


class Grade(StrEnum):
    """Quality of the data of a walk; see `RULE`."""

    GOOD = "Good"
    LIMITED = "Limited"
    POOR = "Poor"


@dataclass(frozen=True, slots=True)
class Quality:
    """A grade and what it comes from, in words."""

    grade: Grade
    why: str


def quality(summary: WalkSummary) -> Quality:
    """Grade the data of a walk by `RULE`."""
    missing = PERCENT * (1 - summary.measured_time / summary.duration)
    samples = summary.duration * summary.walk.rate
    spoilt = PERCENT * sum(p.count for p in summary.problems if p.kind in SPOILING) / samples
    why = [f"{missing:.1f} % of the walk is missing"]
    if summary.resets:
        why.append(f"{many(summary.resets, 'gap')} made tracking begin afresh")
    if summary.problems:
        why.append(f"{many(len(summary.problems), 'kind')} of data problem")
    if not summary.complete:
        why.append("the events break off before the walk's end")
    if missing > POOR_MISSING or spoilt > POOR_SPOILT:
        grade = Grade.POOR
    elif missing > LIMITED_MISSING or len(why) > 1:
        grade = Grade.LIMITED
    else:
        grade = Grade.GOOD
    return Quality(grade, f"{', '.join(why)}.")
