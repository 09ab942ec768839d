"""Steps of several sensors beside those of each alone: ``python -m benchmarks.fusion [SET...]``.

Replays walks of data sets with sensors on feet and trunk, found in the folder that GAITCUE_DATA
names, with different sensors of each, and writes ``results/fusion.md``. Contacts are paired with
the reference as in ``docs/reference/score.md``, at 0.25 s.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from benchmarks.places import RESULTS, data_folder, find
from tqdm import tqdm

from gaitcue.events import DataProblem, Step
from gaitcue.imu import Placement, Side
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Recording, Sensor
from gaitcue.replay import replay
from gaitcue.replay.score import STEP_TOLERANCE, tally_walk

SETS = ("voisard497", "ipol265", "gaitmap_example")

LEFT, RIGHT = (Placement.FOOT, Side.LEFT), (Placement.FOOT, Side.RIGHT)
BACK = (Placement.LOWER_BACK, Side.NONE)
WORN = {
    "left foot": (LEFT,),
    "right foot": (RIGHT,),
    "both feet": (LEFT, RIGHT),
    "lower back": (BACK,),
    "lower back and left foot": (BACK, LEFT),
    "lower back and right foot": (BACK, RIGHT),
    "lower back and both feet": (BACK, LEFT, RIGHT),
}
"""What is worn together."""


@dataclass
class Row:
    """What was counted with the same sensors over several walks."""

    walks: int = 0
    people: set[str] = field(default_factory=set)
    reference: int = 0
    detected: int = 0
    errors: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    odd: int = 0
    cpu: float = 0.0
    hours: float = 0.0

    def add(self, recording: Recording, sensors: list[Sensor]) -> None:
        """Replay a walk with those sensors and count."""
        begun = time.process_time()
        events = list(replay(*sensors, height=recording.height))
        self.cpu += time.process_time() - begun
        self.hours += (events[-1].time - events[0].time) / 3600
        steps = tally_walk(events, recording.annotations, recording.annotated, STEP_TOLERANCE).steps
        if steps is None:
            return
        self.walks += 1
        self.people.add(recording.subject)
        self.reference += steps.reference
        self.detected += steps.detected
        self.errors += steps.errors.tolist()
        self.delays += [e.decided - e.time for e in events if isinstance(e, Step)]
        self.odd += sum(isinstance(e, DataProblem) and e.kind == "sensors_disagree" for e in events)

    def line(self, name: str) -> str:
        """A line of the table."""
        found = len(self.errors)
        late = np.percentile(self.delays, [50, 90])
        return (
            f"| {name} | {self.walks}, {len(self.people)} "
            f"| {2 * found / (self.reference + self.detected):.3f} "
            f"| {found / self.reference:.3f} | {found / max(self.detected, 1):.3f} "
            f"| {1e3 * np.median(np.abs(self.errors)):.0f} | {late[0]:.2f} | {late[1]:.2f} "
            f"| {self.odd} | {self.cpu / self.hours:.1f} |"
        )


HEAD = (
    "| worn | walks, people | F1 | found | right | median error, ms | decided after, s | P90 "
    "| told to disagree | CPU s an hour |\n|---|---|---|---|---|---|---|---|---|---|"
)


def rows(recordings: Iterator[Recording]) -> dict[str, Row]:
    """Every walk with every choice of sensors that it has."""
    found = {name: Row() for name in WORN}
    for recording in recordings:
        there = {(one.placement, one.side): one for one in recording.sensors}
        for name, places in WORN.items():
            if all(place in there for place in places):
                found[name].add(recording, [there[place] for place in places])
    return {name: row for name, row in found.items() if row.reference}


def main() -> int:
    """Measure the sets that are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help=f"of {', '.join(SETS)} (default: all)")
    parser.add_argument("--walks", type=int, help="only the first so many of each set")
    options = parser.parse_args()
    folder = data_folder()
    parts = ["# Steps of several sensors\n"]
    if options.walks:
        parts.append(f"Of each set the first {options.walks} walks.\n")
    for data in options.sets or SETS:
        path = find(folder, data)
        if path is None:
            continue
        walks = islice(open_recordings(path), options.walks)
        table = [row.line(name) for name, row in rows(tqdm(walks, desc=data)).items()]
        parts += [f"## {data}\n", HEAD, *table, ""]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "fusion.md").write_text("\n".join(parts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
