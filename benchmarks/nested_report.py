"""What the benchmark without the person scored gives, and its Markdown tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gaitcue
from outcome import Outcome, rounded
from report import IDENTITY, Column, figure, grid, number
from selection import Trained


@dataclass(frozen=True, slots=True)
class Nested:
    """One data set at one placement with one profile.

    Attributes
    ----------
    most_false
        False cues an hour that the people chosen on were allowed.
    freeze_index
        Of the rule as shipped; every factor is of this.
    candidates
        How each factor did on all people.
    chosen
        For each person, the factor chosen on the others.
    shipped, refitted
        Everybody at factor 1, and each at the factor chosen.
    """

    most_false: float
    freeze_index: float
    candidates: tuple[Trained, ...]
    chosen: Mapping[str, float]
    shipped: Outcome
    refitted: Outcome

    def times_chosen(self, factor: float) -> int:
        """For how many people this factor was chosen."""
        return list(self.chosen.values()).count(factor)

    def as_json(self) -> dict[str, Any]:
        """Everything as one object."""
        return {
            "data": self.shipped.data,
            "placement": self.shipped.placement,
            "profile": self.shipped.profile,
            "most_false_cues_per_hour": self.most_false,
            "shipped_freeze_index": self.freeze_index,
            "candidates": [
                {
                    "factor": one.setting,
                    "chosen": self.times_chosen(one.setting),
                    "recall_5s_strict": rounded(one.recall),
                    "false_cues_per_hour": rounded(one.false_cues),
                }
                for one in self.candidates
            ],
            "chosen": dict(self.chosen),
            "shipped": self.shipped.as_json(),
            "refitted": self.refitted.as_json(),
        }


COLUMNS: tuple[Column, ...] = (
    ("episodes", lambda _, f: str(f.episodes.reference)),
    figure("found", "recall", "{:.0%}", lambda f: f.episodes.recall),
    figure("strict", "recall_strict", "{:.0%}", lambda f: f.episodes.recall_strict),
    ("of 5 s or more", lambda _, f: str(f.episodes_5s.reference)),
    figure("found", "recall_5s", "{:.0%}", lambda f: f.episodes_5s.recall),
    figure("strict", "recall_5s_strict", "{:.0%}", lambda f: f.episodes_5s.recall_strict),
    figure("false cues/h", "false_cues_per_hour", "{:.1f}", lambda f: f.false_cues_per_hour),
    figure("latency median, s", "latency_median", "{:.2f}", lambda f: f.latency_s.median),
    figure("P90, s", "latency_p90", "{:.2f}", lambda f: f.latency_s.p90),
)


def write_report(results: Sequence[Nested]) -> str:
    """The whole report: refitted beside as shipped, then what was chosen from."""
    return "\n".join(
        [
            "# Freezing without the person scored",
            "",
            f"gaitcue {gaitcue.__version__}. Every figure is defined as for `gaitcue score`.",
            "In brackets: the 95 % bootstrap interval over people. Protocol: ../README.md.",
            "",
            "## Refitted on the others, and as shipped",
            "",
            *grid(
                [*(name for name, _ in IDENTITY), "freeze index", *(name for name, _ in COLUMNS)],
                [
                    _row(outcome, title)
                    for one in results
                    for outcome, title in ((one.refitted, "refitted"), (one.shipped, "as shipped"))
                ],
            ),
            "",
            "## Chosen from",
            "",
            "Of each candidate: for how many people it was chosen, and how it does on all of them.",
            "",
            *grid(
                [
                    "data",
                    "placement",
                    "profile",
                    "allowed false cues/h",
                    "freeze index",
                    "over that shipped",
                    "chosen",
                    "strict, 5 s or more",
                    "false cues/h",
                ],
                [_candidate(one, candidate) for one in results for candidate in one.candidates],
            ),
            "",
        ]
    )


def _row(outcome: Outcome, title: str) -> list[str]:
    pooled = outcome.score.pooled
    identity = [show(outcome, pooled) for _, show in IDENTITY]
    return [*identity, title, *(show(outcome, pooled) for _, show in COLUMNS)]


def _candidate(result: Nested, candidate: Trained) -> list[str]:
    return [
        result.shipped.data,
        str(result.shipped.placement),
        str(result.shipped.profile),
        f"{result.most_false:.0f}",
        f"{candidate.setting * result.freeze_index:.2f}",
        f"{candidate.setting:.1f}",
        f"{result.times_chosen(candidate.setting)} of {len(result.chosen)}",
        number(candidate.recall, "{:.0%}"),
        number(candidate.false_cues, "{:.1f}"),
    ]
