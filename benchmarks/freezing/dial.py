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
    Walk,
    Walks,
    first_freezes,
    in_time,
    one_unmarked,
    onsets_shifted,
    walks_of_people,
)
from benchmarks.freezing.people import WORK
from benchmarks.freezing.personal import (
    Found,
    Way,
    adapting,
    as_it_comes,
    dial_only,
    false_per_hour,
    interval,
    judged,
    mean_area,
    pooled,
    share_cued,
    widths_by_part,
)
from benchmarks.freezing.runs import FREEZING
from benchmarks.freezing.sources import PROCESSED, SOURCES
from benchmarks.places import RESULTS, data_folder

from gaitcue.events import Profile

DIAL = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
LARGEST = ("tdcsfog lower_back", "turning_in_place shank")
"""With freezing, one at the trunk and one at a leg; the others have too few recordings of a person
to be halved."""
FEW = (1, 2, 4)
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
    ways = {"as it comes": as_it_comes, "dial alone": dial_only, "adapted": adapting(widths)}
    result: dict[str, Any] = {
        "width of the prior": {"by all people": width, "without each part": widths},
        "dial": [row for name in LARGEST for row in dial(name, sets[name])],
        "halves": [row for name in LARGEST for row in compared(name, sets[name], ways)],
        "in time": [
            row for name in sets for row in compared(name, sets[name], ways, split=in_time)
        ],
        "few marked": few(LARGEST[0], sets[LARGEST[0]], ways["adapted"]),
        "marked wrongly": wrong(LARGEST[0], sets[LARGEST[0]], ways["adapted"]),
        "people": [row for name in LARGEST for row in each(sets[name], ways["adapted"])],
    }
    (RESULTS / "freezing_dial.json").write_text(json.dumps(result, indent=1) + "\n")
    (RESULTS / "freezing_dial.md").write_text(_page(result))
    return 0


def dial(name: str, people: dict[str, list[Walk]]) -> Rows:
    """Every setting, for everybody."""
    return [
        {"data": name, "profile": profile, "setting": f"{setting:+g}"}
        | _figures(pooled(judged(people, number, lambda *_, s=setting: (None, s))))
        for number, profile in enumerate(Profile)
        for setting in DIAL
    ]


def compared(name: str, people: dict[str, list[Walk]], ways: dict[str, Way], **how: Any) -> Rows:
    """Ways to adapt; with what each changes, and its interval over people."""
    rows: Rows = []
    for number, profile in enumerate(Profile):
        usual: dict[str, Found] = {}
        for way, adapt in ways.items():
            found = judged(people, number, adapt, **how)
            usual = usual or found
            row = {"data": name, "profile": profile, "way": way} | _figures(pooled(found))
            if found is not usual:
                for figure, of in _FIGURES.items():
                    row[f"{figure}, change"] = _rounded(interval(usual, found, of))
            rows.append(row)
    return rows


def few(name: str, people: dict[str, list[Walk]], adapt: Way) -> Rows:
    """Only the first freezes marked, where there are so many."""

    def enough(known: Walks) -> bool:
        return sum(len(walk.freezes) for walk in known) >= FEW[-1]

    known: dict[str, Any] = {
        "none": (as_it_comes, lambda walks: walks),
        **{f"{one}": (adapt, partial(first_freezes, number=one)) for one in FEW},
        "all of a half": (adapt, lambda walks: walks),
    }
    return [
        {"data": name, "profile": profile, "freezes marked": marked}
        | _figures(pooled(judged(people, number, way, known_as=as_known, only=enough)))
        for number, profile in enumerate(Profile)
        for marked, (way, as_known) in known.items()
    ]


def wrong(name: str, people: dict[str, list[Walk]], adapt: Way) -> Rows:
    """Marks that are not quite right."""
    known: dict[str, Any] = {
        "as in the set": lambda walks: walks,
        f"onsets {SHIFT:g} s late": partial(onsets_shifted, by=SHIFT),
        f"onsets {SHIFT:g} s early": partial(onsets_shifted, by=-SHIFT),
        "the longest freeze unmarked": one_unmarked,
    }
    return [
        {"data": name, "profile": profile, "marked": marked}
        | _figures(pooled(judged(people, number, adapt, known_as=as_known)))
        for number, profile in enumerate(Profile)
        for marked, as_known in known.items()
    ]


def each(people: dict[str, list[Walk]], adapt: Way) -> Rows:
    """Every person with freezes of 5 s or more."""
    rows: Rows = []
    for number, profile in enumerate(Profile):
        before, after = judged(people, number, as_it_comes), judged(people, number, adapt)
        rows += [
            {
                "person": person,
                "profile": profile,
                "freezes of 5 s or more": before[person].freezes,
                "cued": before[person].cued,
                "cued, adapted": after[person].cued,
                "false cues": before[person].false,
                "false cues, adapted": after[person].false,
                "area": _rounded(mean_area(before[person])),
                "area, adapted": _rounded(mean_area(after[person])),
            }
            for person in sorted(before)
            if before[person].freezes
        ]
    return rows


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
    "in time": "## Adapted to the first half of each stretch, judged on the second\n",
    "few marked": "## With few freezes marked\n\nHalves with at least 4 freezes, of any length;\n"
    "what is known ends 5 s after the last that is marked.\n",
    "marked wrongly": "## With marks that are not quite right\n",
    "people": "## Every person with freezes of 5 s or more\n\nAdapted to one half, judged on the\n"
    "other, both ways.\n",
}


def _page(result: dict[str, Any]) -> str:
    width = result["width of the prior"]
    lines = [
        "# The dial, and a detector adapted to a person\n",
        f"The prior's width was {width['by all people']:g} by all people, and without the people",
        f"of each part {', '.join(f'{one:g}' for one in width['without each part'].values())}.\n",
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
    if name not in _FIGURES:
        return str(value)
    form = {"cue started in": "{:.0%}", "false cues/h": "{:.1f}", "area": "{:.3f}"}[name]
    signed = form.replace(":", ":+")
    told = form.format(value)
    if change is None or None in change:
        return told
    return f"{told} [{signed.format(change[0])}, {signed.format(change[1])}]"


if __name__ == "__main__":
    sys.exit(main())
