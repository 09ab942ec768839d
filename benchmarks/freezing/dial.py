"""What the dial does, and what a person's own setting brings.

``python -m benchmarks.freezing.dial [--work DIR]`` needs what ``python -m
benchmarks.freezing.train`` leaves in the work folder. Each person's odds are those of the model
that never saw them, and cues begin by the detector's rules and about those of the coach (see
`operating`). For the personal setting each person's recordings are split in two by name (the sets
do not tell their order): the rule of `gaitcue adapt` chooses on the one half, and the other half
is judged; then the other way round. Writes ``results/freezing_dial.md`` and ``.json``.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.freezing.operating import Judgement, cue_starts
from benchmarks.freezing.people import WORK
from benchmarks.freezing.says import say
from benchmarks.freezing.sources import SOURCES, Source
from benchmarks.freezing.train import read
from benchmarks.places import RESULTS, data_folder

from gaitcue.events import Profile
from gaitcue.gait.freezing.model import LEGS, Weights
from gaitcue.gait.ticks import TICKS_PER_SECOND
from gaitcue.imu import Placement
from gaitcue.replay.adaptation import TRIED, Outcome, chosen
from gaitcue.replay.score.episodes import LONG

DIAL = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
SETS = (("tdcsfog", Placement.LOWER_BACK), ("turning_in_place", Placement.SHANK))
"""The two largest with freezing, one at the trunk and one at a leg."""

Walk = tuple[Judgement, float]
"""A stretch with what was said of it, and the threshold that the person's model has."""


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    work = parser.parse_args().work
    folder = data_folder()
    rows: list[dict[str, object]] = []
    for source in SOURCES:
        if (source.data, source.placement) not in SETS:
            continue
        people = judged(source, folder, work)
        for number, profile in enumerate((Profile.ASSIST, Profile.QUIET)):
            walks = {
                name: [(pair, weights.thresholds[leg][number]) for pair, weights, leg in pairs]
                for name, pairs in people.items()
            }
            who = {"data": source.data, "placement": source.placement, "profile": profile}
            for setting in DIAL:
                found = _outcome(setting, (walk for each in walks.values() for walk in each))
                rows.append(who | _row(f"{setting:+g}", found, walks))
            rows.append(who | _row("personal", personal(walks), walks))
    (RESULTS / "freezing_dial.json").write_text(json.dumps(rows, indent=1) + "\n")
    (RESULTS / "freezing_dial.md").write_text(_page(rows))
    return 0


def judged(
    source: Source, folder: Path, work: Path
) -> dict[str, list[tuple[Judgement, Weights, int]]]:
    """Of each person, what the model that never saw them says of each stretch, and that model."""
    parts: dict[str, int] = json.loads((work / "people.json").read_text())
    models: dict[int, Weights] = {}
    for part in set(parts.values()):
        with (work / f"{part}.npz").open("rb") as file:
            models[part] = Weights.read(file)
    leg = int(source.placement in LEGS)
    people: dict[str, list[tuple[Judgement, Weights, int]]] = {}
    for example in read(source, folder, work):
        model = models[parts[example.person]]
        said = say(model, example)
        people.setdefault(example.person, []).append(((example, said), model, leg))
    return people


def personal(walks: dict[str, list[Walk]]) -> Outcome:
    """What came of each half of each person's recordings with the other half's setting."""
    cued = false = freezes = 0
    for each in walks.values():
        for known, later in _halves(each):
            setting = chosen([_outcome(tried, known) for tried in TRIED]).sensitivity
            found = _outcome(setting, later)
            freezes, cued, false = (
                freezes + found.freezes, cued + found.cued, false + found.false,
            )  # fmt: skip
    return Outcome(sensitivity=0.0, freezes=freezes, cued=cued, false=false)


def _halves(walks: Sequence[Walk]) -> Iterable[tuple[list[Walk], list[Walk]]]:
    """Both ways of choosing on one half, by time, and judging the other."""
    names = sorted({example.recording for (example, _), _ in walks})
    length = {
        name: sum(len(example.time) for (example, _), _ in walks if example.recording == name)
        for name in names
    }
    first: list[str] = []
    for name in names:
        if sum(length[one] for one in first) < sum(length.values()) / 2:
            first.append(name)
    one = [walk for walk in walks if walk[0][0].recording in first]
    other = [walk for walk in walks if walk[0][0].recording not in first]
    return (one, other), (other, one)


def _outcome(sensitivity: float, walks: Iterable[Walk]) -> Outcome:
    freezes = cued = false = 0
    for (example, said), threshold in walks:
        starts = cue_starts(example, said, threshold - sensitivity)
        begun = [
            (onset, end)
            for onset, end in example.freezes
            if end > example.time[0] and onset <= example.time[-1]
        ]
        long = [(onset, end) for onset, end in begun if end - onset >= LONG]
        freezes += len(long)
        cued += sum(any(a <= start < b for start in starts) for a, b in long)
        false += sum(not any(a <= start < b for a, b in begun) for start in starts)
    return Outcome(sensitivity=sensitivity, freezes=freezes, cued=cued, false=false)


def _row(setting: str, found: Outcome, walks: dict[str, list[Walk]]) -> dict[str, object]:
    free = sum(
        int((example.counts & ~example.frozen).sum())
        for each in walks.values()
        for (example, _), _ in each
    )
    hours = free / TICKS_PER_SECOND / 3600
    return {
        "setting": setting,
        "freezes of 5 s or more": found.freezes,
        "cue started in": round(found.cued / found.freezes, 3),
        "false cues/h": round(found.false / hours, 1),
    }


def _page(rows: list[dict[str, object]]) -> str:
    lines = [
        "# The dial, and a person's own setting\n",
        "People left out of the training. `personal`: each half of each person's recordings, with",
        "the setting from -1 to 1 that `gaitcue adapt` would choose on the other half.\n",
        "| " + " | ".join(rows[0]) + " |",
        "|---" * len(rows[0]) + "|",
    ]
    for row in rows:
        cells = [f"{value:.0%}" if key == "cue started in" else value for key, value in row.items()]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
