"""Freezes as peers find them, beside gaitcue: ``python -m benchmarks.peers.freezing [--work DIR]``.

Every peer is fitted, calibrated and given its thresholds on the same parts of the people as gaitcue
(`benchmarks.freezing`), decides with the same rules in a row, and is tracked, coached and scored by
the same code. gaitcue's own rows are read from ``results/freezing.jsonl``. ``--report`` writes the
tables anew from what was measured.
"""

import argparse
import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from benchmarks.freezing.operating import Judged, calibrated, thresholds
from benchmarks.freezing.people import FOLDS, fold_of_each
from benchmarks.freezing.runs import (
    LONGEST_SHARE,
    Run,
    as_result,
    in_memory,
    runs,
)
from benchmarks.freezing.simulated import SIMULATED
from benchmarks.freezing.sources import PROCESSED, SOURCES, Source
from benchmarks.peers.detectors import PEERS, Peer, Say, on_leg
from benchmarks.peers.freezing_report import write_report
from benchmarks.peers.stretches import Stretch, read
from benchmarks.places import RESULTS, data_folder, find
from tqdm import tqdm

from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.gait.freezing import detector
from gaitcue.imu import FloatArray, Placement
from gaitcue.recording.model import Recording
from gaitcue.replay.score import Tally, score

WORK = Path("build") / "peers"
"""Where what was read is kept, beneath the folder the command runs in."""

PLACES = tuple(s for s in SOURCES if s.data != "umafall" or s.placement is Placement.WAIST)
"""Of umafall one place of five: they saw the same minutes of the same people."""

NEVER = 1e3
"""Log-odds that a threshold is raised by where a peer's walking gate is shut."""


@dataclass(frozen=True, slots=True)
class Points:
    """(2, 2) calibration and thresholds of the trunk and of a leg, as `Weights` has them."""

    calibration: FloatArray
    thresholds: FloatArray


@dataclass(frozen=True, slots=True)
class Fitted:
    """A peer as fitted on some people, and with thresholds from some."""

    say: Say
    points: Points

    def odds(self, stretch: Stretch) -> FloatArray:
        """(n,) calibrated log-odds."""
        slope, offset = self.points.calibration[int(on_leg(stretch))].tolist()
        return np.asarray(slope * self.say(stretch) + offset)


def main() -> int:
    """Fit and score every peer; exit status 2 without data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", nargs="*", help="only those whose name begins so; others stay")
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--report", action="store_true", help="only write the tables anew")
    wanted = parser.parse_args()
    measured = RESULTS / "peers_freezing.json"
    figures = json.loads(measured.read_text()) if measured.exists() else {}
    if not wanted.report:
        folder = data_folder()
        wanted.work.mkdir(parents=True, exist_ok=True)
        found = {s: read(s, find(folder, s.data), wanted.work) for s in PLACES}
        peers = [p for p in PEERS if any(map(p.name.startswith, wanted.peers or [""]))]
        figures |= evaluate(peers, found, folder)
        measured.write_text(json.dumps(figures, indent=1, allow_nan=False) + "\n")
    ours = [json.loads(line) for line in (RESULTS / "freezing.jsonl").read_text().splitlines()]
    names = [peer.name for peer in PEERS if peer.name in figures]
    report = write_report({"gaitcue": ours} | {name: figures[name] for name in names})
    (RESULTS / "peers_freezing.md").write_text(report)
    return 0


def evaluate(
    peers: Sequence[Peer], found: dict[Source, list[Stretch]], folder: Path
) -> dict[str, list[dict[str, Any]]]:
    """Everything that gaitcue is scored on undisturbed, with both profiles; by the peer's name."""
    development = Development(found)
    fitted = {peer.name: development.fit(peer) for peer in tqdm(peers, desc="fit", disable=None)}
    figures: dict[str, list[dict[str, Any]]] = {peer.name: [] for peer in peers}
    for run in tqdm(list(runs()), desc="score", disable=None):
        path, stretches = find(folder, run.source.data), found.get(run.source)
        if path is None or run.disturbance is not None or not stretches:
            continue
        for peer in peers:
            models = fitted[peer.name]
            if run.left_out:
                models = development.fit_without(peer, run.source.data)
            for profile in (Profile.ASSIST, Profile.QUIET) if models else ():
                tallies = tally(peer, run, path, profile, models, stretches, development.parts)
                figures[peer.name] += [
                    as_result(run, name, profile, some).as_json()
                    for name, some in _named(run, tallies)
                ]
    return figures


def _named(run: Run, tallies: dict[str, Tally]) -> list[tuple[str, dict[str, Tally]]]:
    """All people, and where the one with the longest freezing is among them the others."""
    others = {name: each for name, each in tallies.items() if name != LONGEST_SHARE}
    named = [(run.name, tallies), (f"{run.name}, without {LONGEST_SHARE}", others)]
    return named if len(others) < len(tallies) else named[:1]


class Development:
    """The people that peers are fitted on, dealt out as for gaitcue's own model."""

    def __init__(self, found: dict[Source, list[Stretch]]) -> None:
        every = [s for each in found.values() for s in each if s.example.counts.any()]
        sources = {(source.data, source.placement): source for source in found}
        self.parts = fold_of_each([s.example for s in every], FOLDS)
        self._learned = [s for s in every if sources[s.example.data, s.example.placement].learned]
        self._people = [s for s in every if s.example.data != SIMULATED]
        self._judged: dict[str, list[tuple[Stretch, FloatArray]]] = {}
        self._without: dict[tuple[str, str], dict[int | None, Fitted]] = {}

    def fit(self, peer: Peer) -> dict[int | None, Fitted]:
        """For each part what was fitted on the others, with thresholds from the others."""
        says: list[Say] = []
        judged: list[tuple[Stretch, FloatArray]] = []
        for part in range(FOLDS):
            says.append(peer.fit([s for s in self._learned if self._part(s) != part]))
            judged += [(s, says[-1](s)) for s in self._people if self._part(s) == part]
        judged = [(s, said) for s, said in judged if s.example.data not in PROCESSED]
        self._judged[peer.name] = judged
        return {
            part: Fitted(say, operating(peer, [j for j in judged if self._part(j[0]) != part]))
            for part, say in enumerate(says)
        }

    def fit_without(self, peer: Peer, data: str) -> dict[int | None, Fitted]:
        """What was fitted without a whole set; {} if it cannot be. `fit` must have come before."""
        key = (peer.name, data)
        if key not in self._without:
            self._without[key] = self._fit_without(peer, data)
        return self._without[key]

    def _fit_without(self, peer: Peer, data: str) -> dict[int | None, Fitted]:
        judged = [j for j in self._judged[peer.name] if j[0].example.data != data]
        try:
            points = operating(peer, judged)
        except InputError as error:
            print(f"{peer.name} without {data}: {error}", file=sys.stderr)
            return {}
        return {
            None: Fitted(peer.fit([s for s in self._learned if s.example.data != data]), points)
        }

    def _part(self, stretch: Stretch) -> int:
        return self.parts[stretch.example.person]


def operating(peer: Peer, judged: Sequence[tuple[Stretch, FloatArray]]) -> Points:
    """Calibration and thresholds, chosen as those of gaitcue are.

    Raises
    ------
    InputError
        When `judged` has no freezing at the trunk or none at a leg.
    """
    lines, limits = [], []
    for leg in (False, True):
        those = [(s, said) for s, said in judged if on_leg(s) is leg]
        sets = {s.example.data for s, _ in those if s.example.freezes}
        if not sets:
            raise InputError(f"no set has freezing at the {'leg' if leg else 'trunk'}")
        among: Judged = [(s.example, said) for s, said in those if s.example.data in sets]
        lines.append(calibrated(among))
        gated = [(s.example, np.where(_open(peer, s), said, -NEVER)) for s, said in those]
        limits.append(thresholds(gated, lines[-1]))
    return Points(np.array(lines), np.array(limits))


def _open(peer: Peer, stretch: Stretch) -> np.ndarray:
    if peer.walking_gate is None:
        return np.ones(len(stretch.walked), dtype=np.bool_)
    return stretch.walked <= peer.walking_gate


def tally(
    peer: Peer,
    run: Run,
    path: Path,
    profile: Profile,
    models: dict[int | None, Fitted],
    stretches: Sequence[Stretch],
    parts: dict[str, int],
) -> dict[str, Tally]:
    """Each person's tally with what was fitted on others."""
    gate = np.inf if peer.walking_gate is None else peer.walking_gate
    tallies: dict[str, Tally] = {}
    for part, fitted in models.items():
        said: deque[FloatArray] = deque()
        recordings = _saying(run, path, part, parts, fitted, stretches, said)
        with (
            patch.object(detector, "weights", lambda points=fitted.points: points),
            patch.object(detector, "Network", lambda *_, said=said, **__: Said(said)),
            patch.object(detector, "NOT_WALKING", 0.0 if np.isinf(gate) else NEVER),
            patch.object(detector, "NOT_WALKING_AFTER", gate),
        ):
            try:
                tallies |= score(
                    recordings, placement=run.source.placement, profile=profile
                ).tallies
            except InputError:  # nobody of this set is in the part
                continue
    return dict(sorted(tallies.items()))


class Said:
    """Stands where the tracker has its model, and repeats what a peer said of the next stretch."""

    def __init__(self, stretches: deque[FloatArray]) -> None:
        self._stretches = stretches
        self._odds: Iterator[float] | None = None

    def __call__(self, rows: FloatArray) -> list[float]:
        """Log-odds at the next ticks; of `rows`, the model's inputs, only the number counts."""
        if self._odds is None:
            self._odds = iter(self._stretches.popleft().tolist())
        return list(islice(self._odds, len(rows)))


def _saying(
    run: Run,
    path: Path,
    part: int | None,
    parts: dict[str, int],
    fitted: Fitted,
    stretches: Sequence[Stretch],
    said: deque[FloatArray],
) -> Iterable[Recording]:
    """The recordings of a part's people; `said` is filled for each before it is given."""
    of_sensor: dict[tuple[int, str], list[Stretch]] = {}
    for s in stretches:
        of_sensor.setdefault((s.recording, s.sensor), []).append(s)
    for number, recording in enumerate(in_memory(path)):
        if part is None or parts.get(f"{run.source.data}/{recording.subject}") == part:
            said.clear()
            for sensor in recording.sensors:
                said += [fitted.odds(s) for s in of_sensor.get((number, sensor.name), [])]
            yield recording


if __name__ == "__main__":
    sys.exit(main())
