"""How well freezes are found in people left out: ``python -m benchmarks.freezing [--work DIR]``.

Needs the models that ``python -m benchmarks.freezing.train`` leaves in the work folder. Every
person is tracked, coached and scored exactly as by ``gaitcue score``, with the model that was
trained, calibrated and given its thresholds without that person. Writes ``results/freezing.md`` and
``results/freezing.jsonl``.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

import numpy as np
from benchmarks.freezing.disturb import disturbed
from benchmarks.freezing.people import WORK
from benchmarks.freezing.report import write_report
from benchmarks.freezing.result import Result
from benchmarks.freezing.runs import LONGEST_SHARE, Run, as_result, in_memory, runs
from benchmarks.places import RESULTS, data_folder, find
from tqdm import tqdm

from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.gait.freezing import detector
from gaitcue.gait.freezing.features import WAVE
from gaitcue.gait.freezing.model import Network, Weights
from gaitcue.imu import Placement
from gaitcue.recording.model import Recording
from gaitcue.replay.score import Tally, score


def main() -> int:
    """Score everything whose data and models are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="only these data sets, by name")
    parser.add_argument("--work", type=Path, default=WORK)
    wanted = parser.parse_args()
    folder = data_folder()
    results: list[Result] = []
    for run in runs():
        if wanted.sets and run.source.data not in wanted.sets:
            continue
        path = find(folder, run.source.data)
        if path is None:
            continue
        for profile in (Profile.ASSIST, Profile.QUIET):
            try:
                results += evaluate(run, path, profile, wanted.work)
            except FileNotFoundError as error:
                print(f"{run.source.data} {run.name}: no model {error.filename}", file=sys.stderr)
    RESULTS.mkdir(exist_ok=True)
    lines = [json.dumps(one.as_json(), allow_nan=False) for one in results]
    (RESULTS / "freezing.jsonl").write_text("\n".join(lines) + "\n")
    (RESULTS / "freezing.md").write_text(write_report(results, decision_cost()))
    return 0


def evaluate(run: Run, path: Path, profile: Profile, work: Path) -> list[Result]:
    """Score one run; tdcsfog also without the person who froze longest."""
    tallies = tally(run, path, profile, work)
    if not tallies:
        return []
    results = [as_result(run, run.name, profile, tallies)]
    others = {name: each for name, each in tallies.items() if name != LONGEST_SHARE}
    if len(others) < len(tallies) and run.disturbance is None:
        results.append(as_result(run, f"{run.name}, without {LONGEST_SHARE}", profile, others))
    return results


def tally(run: Run, path: Path, profile: Profile, work: Path) -> dict[str, Tally]:
    """Each person's tally with the model that never saw that person."""
    parts: dict[str, int] = json.loads((work / "people.json").read_text())
    tallies: dict[str, Tally] = {}
    for part in [None] if run.left_out else sorted(set(parts.values())):
        name = f"no-{run.source.data}" if part is None else str(part)
        with (work / f"{name}.npz").open("rb") as file:
            learned = Weights.read(file)
        people = _recordings(run, path, part, parts)
        with patch.object(detector, "weights", lambda learned=learned: learned):
            try:
                tallies |= score(people, placement=run.source.placement, profile=profile).tallies
            except InputError:  # nobody of this set is in the part
                continue
    return dict(sorted(tallies.items()))


def _recordings(
    run: Run, path: Path, part: int | None, parts: dict[str, int]
) -> Iterable[Recording]:
    progress = tqdm(in_memory(path), desc=f"{run.source.data} {run.name}", disable=None)
    for recording in progress:
        if part is None or parts.get(f"{run.source.data}/{recording.subject}") == part:
            changed = run.disturbance
            yield recording if changed is None else disturbed(recording, changed)


def decision_cost(decisions: int = 4000) -> float:
    """CPU seconds of the model for one decision."""
    network = Network(detector.weights(), Placement.LOWER_BACK, gyroscope=False)
    rows = np.random.default_rng(0).normal(size=(decisions, WAVE.stop))
    start = time.process_time()
    for row in rows:  # as on a live walk, one by one
        network(row[np.newaxis])
    return (time.process_time() - start) / decisions


if __name__ == "__main__":
    sys.exit(main())
