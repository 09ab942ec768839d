"""What the dial does, and what adapting to a person brings.

``python -m benchmarks.freezing.dial [--work DIR]`` needs what ``python -m
benchmarks.freezing.train`` leaves in the work folder. Each person's odds are those of the model
that never saw them, and cues begin by the detector's rules and about those of the coach (see
`operating`). Walks are split in what is known, to which `gaitcue adapt` would adapt the detector,
and what is judged: the halves of each person's recordings, both ways (the sets do not tell their
order), or the beginning and the end of each unbroken stretch. The prior's width for a person is
chosen on people of other parts. Writes ``results/freezing_dial.md`` and ``.json``.
"""

import argparse
import json
import math
import sys
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.freezing.known import (
    SHIFT,
    Marking,
    Walk,
    Walks,
    first_freezes,
    in_time,
    one_unmarked,
    onsets_shifted,
    walks_by_part,
    walks_of_people,
)
from benchmarks.freezing.people import WORK
from benchmarks.freezing.personal import (
    Found,
    Way,
    adapting,
    dial_only,
    elsewhere,
    false_per_hour,
    interval,
    judged,
    mean_area,
    pooled,
    same_for_all,
    share_cued,
    widths_by_part,
)
from benchmarks.freezing.runs import FREEZING
from benchmarks.freezing.sources import PROCESSED, SOURCES, Source
from benchmarks.places import RESULTS, data_folder

from gaitcue.events import Profile
from gaitcue.imu import Placement

DIAL = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
LARGEST = ("tdcsfog lower_back", "turning_in_place shank")
"""With freezing, one at the trunk and one at a leg; the others have too few recordings of a person
to be halved."""
EVERYDAY = "everyday activities at the waist"
"""What people without freezing did in the sets that are not learned from."""
FEW = (1, 2, 4, 8)
"""Freezes marked."""

Row = dict[str, Any]
Rows = list[Row]


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    work = parser.parse_args().work
    folder = data_folder()
    sets = {
        f"{source.data} {source.placement}": walks_of_people(source, folder, work)
        for source in SOURCES
        if source.data in FREEZING and source.data not in PROCESSED
    }
    widths, width = widths_by_part(sets[name] for name in LARGEST)
    adapt = adapting(widths)
    ways = {"as it comes": same_for_all(0.0), "dial alone": dial_only, "adapted": adapt}
    halved = {name: {way: judged(sets[name], how) for way, how in ways.items()} for name in LARGEST}
    timed = {
        name: {way: judged(people, how, split=in_time) for way, how in ways.items()}
        for name, people in sets.items()
    }
    largest = sets[LARGEST[0]]
    others = [walks_by_part(source, folder, work) for source in SOURCES if _everyday(source)]
    by_part = {part: [walk for each in others for walk in each[part]] for part in others[0]}
    everyday = {way: elsewhere(largest, how, by_part) for way, how in ways.items()}
    result: dict[str, Any] = {
        "width of the prior": {"by all people": width, "without each part": widths},
        "dial": [row for name in LARGEST for row in dial(name, sets[name])],
        "halves": [row for name, found in halved.items() for row in compared(name, found)],
        "correction, halves": [added(name, found) for name, found in halved.items()],
        "correction, in time": [added(name, found) for name, found in timed.items()],
        "in time": [row for name, found in timed.items() for row in compared(name, found)],
        "few marked": few(LARGEST[0], largest, adapt),
        "marked wrongly": wrong(LARGEST[0], largest, adapt),
        "everyday": _rows(f"{EVERYDAY}, adapted to {LARGEST[0]}", "way", everyday),
        "people": [row for found in halved.values() for row in each(found)],
    }
    (RESULTS / "freezing_dial.json").write_text(json.dumps(result, indent=1) + "\n")
    (RESULTS / "freezing_dial.md").write_text(_page(result))
    return 0


def dial(name: str, people: dict[str, list[Walk]]) -> Rows:
    """Every setting, for everybody."""
    settings = {f"{one:+g}": judged(people, same_for_all(one)) for one in DIAL}
    return _rows(name, "setting", settings)


def compared(name: str, ways: dict[str, list[dict[str, Found]]]) -> Rows:
    """Ways to adapt; with what each changes, and its interval over people."""
    rows = _rows(name, "way", ways)
    usual, *_ = ways.values()
    for row in rows:
        number = list(Profile).index(row["profile"])
        before, after = usual[number], ways[row["way"]][number]
        if after is not before:
            for figure, of in _FIGURES.items():
                row[f"{figure}, change"] = _rounded(interval(before, after, of))
    return rows


def added(name: str, ways: dict[str, list[dict[str, Found]]]) -> Row:
    """What the correction changes beyond the dial alone, and its interval over people."""
    row: Row = {"data": name}
    for number, profile in enumerate(Profile):
        before, after = ways["dial alone"][number], ways["adapted"][number]
        for figure, of in _FIGURES.items():
            more = of(pooled(after)) - of(pooled(before))
            row[f"{profile}: {figure}"] = _rounded([more, *interval(before, after, of)])
    return row


def few(name: str, people: dict[str, list[Walk]], adapt: Way) -> Rows:
    """Only the first freezes marked, where there are so many."""

    def enough(known: Walks) -> bool:
        return sum(len(walk.freezes) for walk in known) >= FEW[-1]

    found = {"none": judged(people, same_for_all(0.0), only=enough)}
    for one in FEW:
        marked = partial(first_freezes, number=one)
        found[f"{one}"] = judged(people, adapt, known_as=marked, only=enough)
    found["all of a half"] = judged(people, adapt, only=enough)
    return _rows(name, "freezes marked", found)


def wrong(name: str, people: dict[str, list[Walk]], adapt: Way) -> Rows:
    """Marks that are not quite right."""
    marks: dict[str, Marking] = {
        "as in the set": lambda walks: walks,
        f"onsets {SHIFT:g} s late": partial(onsets_shifted, by=SHIFT),
        f"onsets {SHIFT:g} s early": partial(onsets_shifted, by=-SHIFT),
        "the longest freeze unmarked": one_unmarked,
    }
    found = {mark: judged(people, adapt, known_as=how) for mark, how in marks.items()}
    return _rows(name, "marked", found)


def each(ways: dict[str, list[dict[str, Found]]]) -> Rows:
    """Every person with freezes of 5 s or more."""
    return [
        {
            "person": person,
            "profile": profile,
            "freezes of 5 s or more": one.freezes,
            "cued": one.cued,
            "cued, adapted": other.cued,
            "false cues": one.false,
            "false cues, adapted": other.false,
            "mean area": _rounded(mean_area(one)),
            "mean area, adapted": _rounded(mean_area(other)),
        }
        for number, profile in enumerate(Profile)
        for person, one in sorted(ways["as it comes"][number].items())
        for other in [ways["adapted"][number][person]]
        if one.freezes
    ]


def _rows(name: str, key: str, found: dict[str, list[dict[str, Found]]]) -> Rows:
    return [
        {"data": name, "profile": profile, key: word} | _figures(pooled(by_profile[number]))
        for number, profile in enumerate(Profile)
        for word, by_profile in found.items()
    ]


def _everyday(source: Source) -> bool:
    return not source.learned and source.placement is Placement.WAIST


_FIGURES = {
    "cue started in": share_cued,
    "false cues/h": false_per_hour,
    "area": mean_area,
}


def _figures(found: Found) -> Row:
    return {"freezes of 5 s or more": found.freezes} | {
        figure: _rounded(of(found)) for figure, of in _FIGURES.items()
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return round(value, 3) if math.isfinite(value) else None


_TOLD = {
    "dial": "## The dial\n\nThe same setting for everybody, people left out of the training.\n",
    "halves": "## Adapted to one half of a person's recordings, judged on the other, both ways\n\n"
    "`dial alone`: the setting that `gaitcue adapt` would choose without a correction. `area`:\n"
    "mean over halves of people. In brackets: 95 % bootstrap interval over people of the change\n"
    "from `as it comes`.\n",
    "correction, halves": "What the correction adds to the dial alone there, with its interval:\n",
    "in time": "## Adapted to the first half of each stretch, judged on the second\n",
    "correction, in time": "What the correction adds to the dial alone there:\n",
    "few marked": "## With few freezes marked\n\nHalves with at least 8 freezes, of any length;\n"
    "what is known ends 5 s after the last that is marked.\n",
    "marked wrongly": "## With marks that are not quite right\n",
    "everyday": "## Adapted to a person, in everyday activities of people without freezing\n\n"
    "Which are not among the walks it was adapted to.\n",
    "people": "## Every person with freezes of 5 s or more\n\n"
    "Adapted to one half, judged on the other, both ways.\n",
}


def _page(result: dict[str, Any]) -> str:
    width = result["width of the prior"]
    parts = ", ".join(f"{one:g}" for one in width["without each part"].values())
    lines = [
        "# The dial, and a detector adapted to a person\n",
        f"The prior's width was {width['by all people']:g} by all people; without those of each",
        f"part in turn, for whom it was then taken, {parts}.\n",
    ]
    for part, told in _TOLD.items():
        rows: Rows = result[part]
        names = list(dict.fromkeys(key for row in rows for key in row if ", change" not in key))
        lines += [told, "| " + " | ".join(names) + " |", "|---" * len(names) + "|"]
        lines += ["| " + " | ".join(_cell(row, name) for name in names) + " |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def _cell(row: Row, name: str) -> str:
    value, change = row.get(name), row.get(f"{name}, change")
    if value is None:
        return "-"
    if isinstance(value, list):
        more, low, high = (f"{one:+.3f}" for one in value)
        return f"{more} [{low}, {high}]"
    if name not in _FIGURES:
        return f"{value:.3f}" if isinstance(value, float) else str(value)
    form = {"cue started in": "{:.0%}", "false cues/h": "{:.1f}", "area": "{:.3f}"}[name]
    signed = form.replace(":", ":+")
    told = form.format(value)
    if change is None or None in change:
        return told
    return f"{told} [{signed.format(change[0])}, {signed.format(change[1])}]"


if __name__ == "__main__":
    sys.exit(main())
