"""The measured steps as Markdown tables."""

from collections.abc import Mapping

import numpy as np

import gaitcue
from gait.measure import Person, f1, false_steps, interval
from report import grid

Results = Mapping[str, dict[str, Person]]
"""By data set and placement: what was measured of each person."""


def write(walking: Results, changed: Mapping[str, Results], still: Results) -> str:
    """The whole report."""
    columns = list(next(iter(changed.values())))
    lines = [
        "# Steps as measured",
        "",
        f"gaitcue {gaitcue.__version__}. In brackets: 95 % bootstrap interval over people.",
        "",
        "## Initial contacts",
        "",
        *grid(
            ["data", "people", "contacts", "F1 at 0.25 s", "worst person", "F1 at 0.5 s",
             "offset, ms", "timing error, ms", "count error", "delay median, ms", "P90", "P99"],
            [[name, *_row(list(people.values()))] for name, people in walking.items()],
        ),
        "",
        "## Robustness and rates: F1 at 0.25 s",
        "",
        *grid(
            ["change", *columns],
            [
                [change, *(f"{_pooled(results[c]):.3f}" for c in columns)]
                for change, results in changed.items()
            ],
        ),
        "",
        "## False steps by activity without walking",
        "",
        *grid(
            ["data", "activity", "hours", "steps", "per hour"],
            [
                [name, activity, f"{hours:.2f}", str(steps), f"{steps / hours:.0f}"]
                for name, people in still.items()
                for activity, (hours, steps) in false_steps(people.values()).items()
                if hours
            ],
        ),
        "",
        "## Each person: F1 at 0.25 s",
        "",
        *grid(
            ["data", "person", "F1 at 0.25 s"],
            [
                [name, person, f"{f1(one.near):.3f}"]
                for name, people in walking.items()
                for person, one in people.items()
                if not np.isnan(f1(one.near))
            ],
        ),
    ]  # fmt: skip
    return "\n".join([*lines, ""])


def _pooled(people: dict[str, Person]) -> float:
    return f1(t for p in people.values() for t in p.near)


def _row(people: list[Person]) -> list[str]:
    people = [p for p in people if not np.isnan(f1(p.near))]
    errors = np.concatenate([t.steps.errors for p in people for t in p.near if t.steps is not None])
    contacts = sum(t.steps.reference for p in people for t in p.near if t.steps is not None)
    delays = np.percentile([d for p in people for d in p.delays], (50, 90, 99))
    low, high = interval(people)
    return [
        str(len(people)),
        str(contacts),
        f"{f1(t for p in people for t in p.near):.3f} [{low:.3f}, {high:.3f}]",
        f"{min(f1(p.near) for p in people):.3f}",
        f"{f1(t for p in people for t in p.wide):.3f}",
        f"{1000 * np.median(errors):+.0f}",
        f"{1000 * np.median(np.abs(errors)):.0f}",
        f"{np.median([e for p in people for e in p.count_errors]):.1%}",
        *(f"{1000 * delay:.0f}" for delay in delays),
    ]
