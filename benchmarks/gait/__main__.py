"""Run pieces of the benchmark of steps and write its report from all that were ever run."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.gait.changes import RATES, ROBUSTNESS, UNCHANGED, Change
from benchmarks.gait.figures import Figures, figures
from benchmarks.gait.measure import measure
from benchmarks.gait.report import write
from benchmarks.places import RESULTS, data_folder, find

from gaitcue.imu import Placement
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Recording

Trials = tuple[tuple[str, Placement], ...]

WALKING: Trials = (
    ("voisard497", Placement.LOWER_BACK),
    ("voisard497", Placement.FOOT),
    ("mobgap_example", Placement.LOWER_BACK),
    ("ipol265", Placement.FOOT),
    ("gaitmap_example", Placement.FOOT),
    ("oxford_steps", Placement.THIGH),
    ("oxford_steps", Placement.CHEST),
    ("oxford_steps", Placement.WRIST),
)
STILL: Trials = (
    ("sisfall_elderly", Placement.WAIST),
    *(
        ("umafall", placement)
        for placement in (
            Placement.WAIST, Placement.CHEST, Placement.SHANK, Placement.THIGH, Placement.WRIST
        )
    ),
    ("weda_fall", Placement.WRIST),
)  # fmt: skip

EVERY = 3
"""Of ten or more recordings that are changed this one is taken, so that a piece takes minutes."""

PIECES: dict[str, tuple[Trials, Change]] = {
    **{data: (tuple(t for t in WALKING if t[0] == data), UNCHANGED) for data, _ in WALKING},
    "still": (STILL, UNCHANGED),
    **{name: (WALKING, change) for name, change in {**ROBUSTNESS, **RATES}.items()},
}
"""What is run at a time: which data, and what is done to it."""


def _run(folder: Path, piece: str) -> Iterator[Figures]:
    trials, change = PIECES[piece]
    for data, placement in trials:
        source = find(folder, data)
        if source is None:
            continue
        for group, recordings in _groups(data, source):
            every = 1 if change is UNCHANGED or len(recordings) < 10 else EVERY
            people = measure(recordings[::every], placement, change)
            yield figures(piece, group, placement, people)


def _groups(data: str, source: Path) -> Iterator[tuple[str, list[Recording]]]:
    """The recordings to pool; the groups of ipol265 walk too differently for that."""
    recordings = list(open_recordings(source))
    if data != "ipol265":
        yield data, recordings
        return
    for group in ("healthy", "neurological", "orthopedic"):
        yield f"{data} {group}", [r for r in recordings if r.condition.startswith(group)]


def main() -> int:
    """Measure whatever is there; exit status 2 without a folder of data sets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gait", description=__doc__)
    names = "; ".join(PIECES).replace("%", "%%")
    parser.add_argument("pieces", nargs="*", metavar="PIECE", help=names)
    pieces = parser.parse_args().pieces or list(PIECES)
    if not set(pieces) <= set(PIECES):
        parser.error("the pieces are: " + "; ".join(PIECES))
    folder = data_folder()
    lines = RESULTS / "gait.jsonl"
    for piece in pieces:
        new = list(_run(folder, piece))
        old = map(json.loads, lines.read_text().splitlines()) if lines.exists() else []
        kept = [Figures(**line) for line in old if line["piece"] in PIECES]
        kept = [one for one in kept if one.piece != piece]
        everything = sorted([*kept, *new], key=lambda one: list(PIECES).index(one.piece))
        lines.write_text("".join(one.line() + "\n" for one in everything))
        (RESULTS / "gait.md").write_text(write(everything))
    return 0


if __name__ == "__main__":
    sys.exit(main())
