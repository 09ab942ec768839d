"""Trains the freezing model: ``python -m benchmarks.freezing.train [--work DIR]``.

Reads the public sets in the folder GAITCUE_DATA (see `sources`) and trains

- one model for each part of the people, on all others: what it says of the people left out
  calibrates the probability and sets the thresholds, and is what `benchmarks.freezing` scores;
- one without each set that has freezing, for the figures on a clinic never seen;
- the shipped one, on everybody, written into the package.

Everything else goes to the work folder. The same data and versions give the same weights.
"""

import argparse
import json
import pickle
import sys
from pathlib import Path

import numpy as np
from benchmarks.freezing.examples import Example, examples
from benchmarks.freezing.network import train
from benchmarks.freezing.operating import Judged, Judgement, with_operating_points
from benchmarks.freezing.people import FOLDS, WORK, fold_of_each
from benchmarks.freezing.says import say
from benchmarks.freezing.simulated import SIMULATED, simulated_walks
from benchmarks.freezing.sources import PROCESSED, SOURCES, Source
from benchmarks.places import RESULTS, data_folder, find
from tqdm import tqdm

from gaitcue.errors import InputError
from gaitcue.gait.freezing.model import LEGS, Weights
from gaitcue.imu import FloatArray
from gaitcue.recording import open_recordings
from gaitcue.replay.score.agreement import roc_area

PACKAGE = Path(__file__).parents[2] / "src" / "gaitcue" / "gait" / "freezing" / "weights.npz"


def main() -> int:
    """Train everything; exit status 2 without data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    work = parser.parse_args().work
    folder = data_folder()
    work.mkdir(parents=True, exist_ok=True)
    try:
        train_all(folder, work)
    except InputError as error:
        parser.error(str(error))
    return 0


def train_all(folder: Path, work: Path) -> None:
    """Train, calibrate and write all models."""
    found = {source: read(source, folder, work) for source in SOURCES}
    every = [e for each in found.values() for e in each]
    learned = [e for source in SOURCES if source.learned for e in found[source]]
    parts = fold_of_each(every, FOLDS)
    (work / "people.json").write_text(json.dumps(parts, indent=1, sort_keys=True))

    people = [e for e in every if e.data != SIMULATED]
    models: list[Weights] = []
    judged: list[Judgement] = []
    for part in tqdm(range(FOLDS), desc="people left out", disable=None):
        models.append(train([e for e in learned if parts[e.person] != part]))
        judged += [(e, say(models[-1], e)) for e in people if parts[e.person] == part]
    reached = {"area": areas(judged)}
    judged = [pair for pair in judged if pair[0].data not in PROCESSED]
    for part, model in enumerate(models):
        others = [pair for pair in judged if parts[pair[0].person] != part]
        models[part] = with_operating_points(model, others)
        write(models[part], work / f"{part}.npz")
    left_out = [(e, _calibrated(models[parts[e.person]], e, said)) for e, said in judged]
    report = json.dumps(reached | {"reliability": reliability(left_out)}, indent=1)
    (RESULTS / "freezing_training.json").write_text(report + "\n")
    print(report)
    write(with_operating_points(train(learned), judged), PACKAGE)
    for data in sorted({e.data for e in people if e.freezes}):
        rest = [e for e in learned if e.data != data]
        others = [pair for pair in judged if pair[0].data != data]
        try:
            write(with_operating_points(train(rest), others), work / f"no-{data}.npz")
        except InputError as error:
            print(f"without {data}: {error}", file=sys.stderr)


def read(source: Source, folder: Path, work: Path) -> list[Example]:
    """The examples of one source; kept in the work folder, as reading takes minutes."""
    kept = work / f"{source.data}-{source.placement}.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            found: list[Example] = pickle.load(file)  # noqa: S301 - written by this very command
            return found
    if source.data == SIMULATED:
        recordings = simulated_walks(source.placement)
    else:
        path = find(folder, source.data)
        if path is None:
            return []
        recordings = open_recordings(path)
    found = [
        e
        for recording in recordings
        for sensor in recording.sensors
        if sensor.placement is source.placement
        for e in examples(source.data, recording, sensor)
        if e.counts.any()
    ]
    with kept.open("wb") as file:
        pickle.dump(found, file)
    return found


def write(weights: Weights, path: Path) -> None:
    """Write one model."""
    with path.open("wb") as file:
        weights.write(file)


def areas(judged: Judged) -> dict[str, dict[str, float]]:
    """Area under the ROC curve of each set and placement: of all ticks, and people's mean."""
    found: dict[str, dict[str, float]] = {}
    for name in sorted({f"{e.data} {e.placement}" for e, _ in judged}):
        people: dict[str, list[Judgement]] = {}
        for e, said in judged:
            if f"{e.data} {e.placement}" == name:
                people.setdefault(e.person, []).append((e, said))
        each = {person: _area(pairs) for person, pairs in people.items()}
        known = [area for area in each.values() if area is not None]
        pooled = _area([pair for pairs in people.values() for pair in pairs])
        if pooled is not None:
            found[name] = {"pooled": pooled, "mean": float(np.mean(known)), "people": len(known)}
    return found


def reliability(judged: Judged) -> dict[str, list[dict[str, float]]]:
    """For ten spans of the probability, how often the reference says freezing; trunk and leg.

    Only sets in which people freeze; `judged` has calibrated log-odds.
    """
    with_freezing = {e.data for e, _ in judged if e.freezes}
    tables: dict[str, list[dict[str, float]]] = {}
    for name, on_leg in (("trunk", False), ("leg", True)):
        those = [
            (e, said)
            for e, said in judged
            if e.data in with_freezing and (e.placement in LEGS) == on_leg
        ]
        said = 1.0 / (1.0 + np.exp(-np.concatenate([said[e.counts] for e, said in those])))
        frozen = np.concatenate([e.frozen[e.counts] for e, _ in those])
        tables[name] = [
            {
                "said": float(said[there].mean()),
                "frozen": float(frozen[there].mean()),
                "share of time": float(there.mean()),
            }
            for low in np.arange(10) / 10
            if (there := (said >= low) & (said < low + 0.1)).any()
        ]
    return tables


def _calibrated(model: Weights, example: Example, said: FloatArray) -> FloatArray:
    slope, offset = model.calibration[int(example.placement in LEGS)].tolist()
    return np.asarray(slope * said + offset)


def _area(pairs: Judged) -> float | None:
    return roc_area(
        np.concatenate([said[e.counts] for e, said in pairs]),
        np.concatenate([e.frozen[e.counts] for e, _ in pairs]),
    )


if __name__ == "__main__":
    sys.exit(main())
