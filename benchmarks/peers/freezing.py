"""Freezes as peers find them, beside gaitcue: ``python -m benchmarks.peers.freezing [--work DIR]``.

Every peer is fitted, calibrated and given its thresholds on the same parts of the people as gaitcue
(`benchmarks.freezing`), decides with the same rules in a row, and is tracked, coached and scored by
the same code. gaitcue's own rows are read from ``results/freezing.jsonl``, those at equally many
false cues come from `ours`. ``--report`` writes the tables anew from what was measured.
"""

import argparse
import json
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from benchmarks.freezing.examples import Example
from benchmarks.freezing.operating import Judged, calibrated, thresholds
from benchmarks.freezing.people import FOLDS, fold_of_each
from benchmarks.freezing.runs import LONGEST_SHARE, Run, as_result, in_memory, runs
from benchmarks.freezing.simulated import SIMULATED
from benchmarks.freezing.sources import PROCESSED, SOURCES, Source
from benchmarks.peers import playback
from benchmarks.peers.detectors import PEERS, Peer, Say, on_leg
from benchmarks.peers.equal import Where, at_equal_false_cues
from benchmarks.peers.freezing_report import write_report
from benchmarks.peers.stretches import Stretch, read
from benchmarks.places import RESULTS, data_folder, find
from tqdm import tqdm

from gaitcue.errors import InputError
from gaitcue.events import Event, Profile
from gaitcue.gait.freezing import detector
from gaitcue.imu import FloatArray, Placement
from gaitcue.recording.model import Recording
from gaitcue.replay import pipeline
from gaitcue.replay.score import Tally, score

WORK = Path("build") / "peers"
"""Where what was read is kept, beneath the folder the command runs in."""

PLACES = tuple(s for s in SOURCES if s.data != "umafall" or s.placement is Placement.WAIST)
"""Of umafall one place of five: they saw the same minutes of the same people."""

OURS = "gaitcue"

SETS = frozenset(place.data for place in PLACES if place.data != SIMULATED)

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
    parser.add_argument("peers", nargs="*", help="only these, by name; others stay as they are")
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--sets", nargs="+", help="score these alone; the rest stays")
    parser.add_argument(
        "--equal",
        action="store_true",
        help="only at equally many false cues, which replays nothing",
    )
    parser.add_argument("--report", action="store_true", help="only write the tables anew")
    wanted = parser.parse_args()
    names = [peer.name for peer in PEERS]
    if not set(wanted.peers) <= set(names):
        parser.error("the peers are: " + "; ".join(names))
    asked = [] if wanted.report else wanted.peers or names
    peers = [peer for peer in PEERS if peer.name in asked]
    equal: dict[str, Any] = {}
    scored: dict[str, list[dict[str, Any]]] = {}
    if peers:
        folder = data_folder()
        wanted.work.mkdir(parents=True, exist_ok=True)
        development = Development({s: read(s, folder, wanted.work) for s in PLACES})
        fitted = {peer: development.fit(peer) for peer in tqdm(peers, desc="fit", disable=None)}
        for peer in () if wanted.sets else peers:
            equal[peer.name] = at_equal_false_cues(development.said(peer, fitted[peer]))
        if not wanted.equal:
            scored = evaluate(fitted, development, folder, wanted.sets)
    found = measured()
    found["equal"] |= equal
    for name, runs_of in scored.items():
        anew = {one["data"] for one in runs_of}
        old = [one for one in found["runs"].get(name, []) if one["data"] not in anew]
        found["runs"][name] = [*old, *runs_of]
    keep(found)
    return 0


def measured() -> dict[str, Any]:
    """What was measured before: ``runs`` and ``equal``, each by the system's name."""
    kept = RESULTS / "peers_freezing.json"
    return json.loads(kept.read_text()) if kept.exists() else {"runs": {}, "equal": {}}


def keep(found: dict[str, Any]) -> None:
    """Write what was measured, and the tables of it."""
    kept = RESULTS / "peers_freezing.json"
    kept.write_text(json.dumps(found, indent=1, allow_nan=False) + "\n")
    ours = [json.loads(line) for line in (RESULTS / "freezing.jsonl").read_text().splitlines()]
    names = [OURS, *(peer.name for peer in PEERS)]
    runs_of = {OURS: ours} | {name: found["runs"][name] for name in names if name in found["runs"]}
    equal_of = {name: found["equal"][name] for name in names if name in found["equal"]}
    (RESULTS / "peers_freezing.md").write_text(write_report(runs_of, equal_of))


def evaluate(
    fitted: dict[Peer, dict[int | None, Fitted]],
    development: "Development",
    folder: Path,
    sets: Sequence[str] | None,
) -> dict[str, list[dict[str, Any]]]:
    """Everything that gaitcue is scored on undisturbed, with both profiles; by the peer's name."""
    figures: dict[str, list[dict[str, Any]]] = {peer.name: [] for peer in fitted}
    kept: tuple[Source, list[Kept]] | None = None
    for run in tqdm(list(runs()), desc="score", disable=None):
        stretches = development.found.get(run.source)
        if run.disturbance is not None or not stretches or run.source.data not in (sets or SETS):
            continue
        path = find(folder, run.source.data)
        if path is None:
            continue
        if kept is None or kept[0] is not run.source:
            kept = run.source, list(_kept(run.source, path, stretches))
        for peer, models in fitted.items():
            if run.left_out:
                models = development.fit_without(peer, run.source.data)  # noqa: PLW2901
            for profile in (Profile.ASSIST, Profile.QUIET) if models else ():
                tallies = tally(peer, run, profile, models, kept[1], development.parts)
                figures[peer.name] += [
                    as_result(run, name, profile, some).as_json()
                    for name, some in _named(run, tallies)
                ]
    return figures


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording with what a tracker told of each sensor, and the stretches of each."""

    recording: Recording
    sensors: list[tuple[list[Event], list[Stretch]]]


def _kept(source: Source, path: Path, stretches: Sequence[Stretch]) -> Iterator[Kept]:
    of_sensor: dict[tuple[int, str], list[Stretch]] = {}
    for s in stretches:
        of_sensor.setdefault((s.recording, s.sensor), []).append(s)
    for number, recording in enumerate(in_memory(path)):
        yield Kept(
            recording,
            [
                (playback.keep(one, recording.height), of_sensor.get((number, one.name), []))
                for one in recording.sensors
                if one.placement is source.placement
            ],
        )


def _named(run: Run, tallies: dict[str, Tally]) -> list[tuple[str, dict[str, Tally]]]:
    """All people, and where the one with the longest freezing is among them the others."""
    others = {name: each for name, each in tallies.items() if name != LONGEST_SHARE}
    named = [(run.name, tallies), (f"{run.name}, without {LONGEST_SHARE}", others)]
    return named if len(others) < len(tallies) else named[:1]


class Development:
    """The people that peers are fitted on, dealt out as for gaitcue's own model."""

    def __init__(self, found: dict[Source, list[Stretch]]) -> None:
        self.found = found
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

    def said(self, peer: Peer, fitted: dict[int | None, Fitted]) -> dict[Where, Judged]:
        """What was said of everybody by what was fitted on others, set by set."""
        by_set: dict[Where, list[tuple[Example, FloatArray]]] = {}
        for s in self._people:
            said = by_set.setdefault((s.example.data, s.example.placement), [])
            said.append((_asked(peer, s), fitted[self._part(s)].odds(s)))
        return dict(by_set)

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
        asked = [(_asked(peer, s), said) for s, said in those]
        limits.append(thresholds(asked, lines[-1]))
    return Points(np.array(lines), np.array(limits))


def _asked(peer: Peer, stretch: Stretch) -> Example:
    """The example, with no freeze to begin where the peer's walking gate is shut."""
    if peer.walking_gate is None:
        return stretch.example
    shut = stretch.walked > peer.walking_gate
    return replace(stretch.example, doubt=np.where(shut, np.inf, stretch.example.doubt))


def tally(
    peer: Peer,
    run: Run,
    profile: Profile,
    models: dict[int | None, Fitted],
    kept: Sequence[Kept],
    parts: dict[str, int],
) -> dict[str, Tally]:
    """Each person's tally with what was fitted on others."""
    gate = np.inf if peer.walking_gate is None else peer.walking_gate
    tallies: dict[str, Tally] = {}
    for part, fitted in models.items():
        trackers: deque[Callable[..., playback.Playback]] = deque()
        with (
            patch.object(detector, "weights", lambda points=fitted.points: points),
            patch.object(detector, "NOT_WALKING", 0.0 if np.isinf(gate) else NEVER),
            patch.object(detector, "NOT_WALKING_AFTER", gate),
            patch.object(
                pipeline, "Tracker", lambda queue=trackers, **setup: queue.popleft()(**setup)
            ),
        ):
            try:
                tallies |= score(
                    _recordings(run, part, parts, fitted, kept, trackers),
                    placement=run.source.placement,
                    profile=profile,
                ).tallies
            except InputError:  # nobody of this set is in the part
                continue
    return dict(sorted(tallies.items()))


def _recordings(
    run: Run,
    part: int | None,
    parts: dict[str, int],
    fitted: Fitted,
    kept: Sequence[Kept],
    trackers: deque[Callable[..., playback.Playback]],
) -> Iterator[Recording]:
    """The recordings of a part's people; `trackers` gets those of each before it is given."""
    for one in kept:
        if part is None or parts.get(f"{run.source.data}/{one.recording.subject}") == part:
            trackers.clear()
            for told, stretches in one.sensors:
                said = [fitted.odds(s) for s in stretches]
                trackers.append(partial(playback.Playback, told, said))
            yield one.recording


if __name__ == "__main__":
    sys.exit(main())
