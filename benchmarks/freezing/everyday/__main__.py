"""Everyday life, stops and starts: ``python -m benchmarks.freezing.everyday [--work DIR]``.

How often somebody is cued who does not freeze, by what they do; how many of a hundred stops on
purpose are cued; and what the two hypotheses, trembling and akinetic, make of start hesitation and
of pauses. Every person is tracked and coached with the model that never saw that person (simulated
walkers, who are others than those learned from, with the shipped one). Needs the models that
``python -m benchmarks.freezing.train`` leaves. Writes ``results/freezing_everyday.md`` and the same
as ``.json``.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from unittest.mock import patch

from benchmarks.freezing.everyday.activities import with_activities
from benchmarks.freezing.everyday.group import Group
from benchmarks.freezing.everyday.pauses import pauses
from benchmarks.freezing.everyday.report import as_json, write_report
from benchmarks.freezing.everyday.walkers import everyday_walks
from benchmarks.freezing.people import WORK
from benchmarks.freezing.simulated import SIMULATED
from benchmarks.freezing.sources import SOURCES, Source
from benchmarks.places import RESULTS, data_folder, find
from tqdm import tqdm

from gaitcue.events import Profile
from gaitcue.gait.freezing import detector
from gaitcue.gait.freezing.model import Weights
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Kind, Recording
from gaitcue.replay.pipeline import replay
from gaitcue.replay.score import tally_walk

ALSO = (
    Source("ipol265", Placement.FOOT, learned=False),
    Source(SIMULATED, Placement.WRIST, learned=False),
)
"""Beside those of `SOURCES`."""


def main() -> int:
    """Replay everything whose data and models are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="only these data sets, by name")
    parser.add_argument("--work", type=Path, default=WORK)
    wanted = parser.parse_args()
    folder = data_folder()
    groups = [
        group
        for source in (*SOURCES, *ALSO)
        if not wanted.sets or source.data in wanted.sets
        for group in _groups(source, folder, wanted.work)
    ]
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(as_json(groups), indent=1, allow_nan=False)
    (RESULTS / "freezing_everyday.json").write_text(text + "\n")
    (RESULTS / "freezing_everyday.md").write_text(write_report(groups))
    return 0


def _groups(source: Source, folder: Path, work: Path) -> list[Group]:
    """Both profiles of one source; none when its data are not there."""
    groups = {profile: Group(source, profile) for profile in Profile}
    progress = tqdm(_people(source, folder, work), desc=f"{source.data} {source.placement}")
    for recording, model in progress:
        labelled = with_activities(recording)
        for sensor in labelled.sensors:
            if sensor.placement is not source.placement:
                continue
            for profile, group in groups.items():
                with patch.object(detector, "weights", lambda model=model: model):
                    events = list(
                        replay(
                            sensor,
                            profile=profile,
                            height=labelled.height,
                            recording=labelled.name,
                        )
                    )
                group.tallies.append(tally_walk(events, labelled.annotations, labelled.annotated))
                group.pauses += pauses(labelled, events)
    return [group for group in groups.values() if group.tallies]


def _people(source: Source, folder: Path, work: Path) -> Iterator[tuple[Recording, Weights]]:
    """Each recording whose freezes are marked, with a model that never saw the person."""
    if source.data == SIMULATED:
        yield from (
            (recording, detector.weights()) for recording in everyday_walks(source.placement)
        )
        return
    parts: dict[str, int] = json.loads((work / "people.json").read_text())
    models = {part: _model(work / f"{part}.npz") for part in sorted(set(parts.values()))}
    for recording in _recordings(folder, source.data):
        if Kind.FREEZE in recording.annotated:
            part = parts.get(f"{source.data}/{recording.subject}", 0)
            yield recording, models[part]


def _recordings(folder: Path, data: str) -> Iterable[Recording]:
    path = find(folder, data)
    return () if path is None else open_recordings(path)


def _model(path: Path) -> Weights:
    with path.open("rb") as file:
        return Weights.read(file)


if __name__ == "__main__":
    sys.exit(main())
