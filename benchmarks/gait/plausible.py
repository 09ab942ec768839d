"""Walking of people with Parkinson's where nobody measured it.

``python -m benchmarks.gait.plausible`` needs GAITCUE_DATA and writes ``results/plausible.md`` and
``.json``. These sets mark freezes and nothing else, so that there is no truth for steps. What is
told outside of freezes is shown person by person, to be held against what is known of such people;
and which recordings are the farthest from it, to be looked at.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from benchmarks.places import RESULTS, data_folder, find
from benchmarks.rounding import rounded
from benchmarks.tables import grid

import gaitcue
from gaitcue.events import Step, Stride, WalkingBoutEnd
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Kind, Recording, Sensor
from gaitcue.replay.pipeline import replay

SETS = (
    ("tdcsfog", Placement.LOWER_BACK),
    ("stanford_lumbar", Placement.LOWER_BACK),
    ("daphnet", Placement.WAIST),
    ("daphnet", Placement.SHANK),
    ("daphnet", Placement.THIGH),
)

USUAL = 102.5
"""steps/min: mean of 44 people early in the disease, 13 SD (Pistacchi et al. 2017, Funct Neurol
32:28). A recording's distance from it, as a ratio, says how odd it is."""

FEWEST = 6
"""Strides of a recording with which its median cadence is looked at."""

SHORTEST_BOUT = 6
"""Steps of a walking bout (Kluge et al. 2021)."""

ODDEST = 10

SEVERAL = "daphnet"
"""The set whose people wore several sensors; it has fewer than `ODDEST` recordings."""

Span = tuple[float, float]


@dataclass
class Person:
    """What was told of one person outside of freezes."""

    free: float = 0.0
    """s that count and are no freezing."""
    walked: float = 0.0
    """s of these in walking bouts."""
    steps: int = 0
    cadences: list[float] = field(default_factory=list)
    """steps/min of each stride, as are `speeds`, m/s."""
    speeds: list[float] = field(default_factory=list)
    bouts: list[float] = field(default_factory=list)
    """s of each walking bout as told, freezes in it included."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A recording by its median cadence."""

    recording: str
    person: str
    condition: str
    cadence: float
    strides: int
    walked: float
    """Share of the time without freezing that is walking."""

    @property
    def oddness(self) -> float:
        """Logarithm of the ratio to the usual cadence, without sign."""
        return abs(float(np.log(self.cadence / USUAL)))


def main() -> int:
    """Measure whatever is there; exit status 2 without a folder of data sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="only these; the rest stays")
    wanted = parser.parse_args().sets
    folder, kept = data_folder(), RESULTS / "plausible.json"
    found: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    for name, placement in SETS:
        source = find(folder, name)
        if source is not None and (not wanted or name in wanted):
            people, walks = measure(open_recordings(source), placement)
            found[f"{name}, {placement}"] = rounded(as_json(people, walks))
    kept.write_text(json.dumps(found, indent=1) + "\n")
    (RESULTS / "plausible.md").write_text(report(found))
    return 0


def measure(
    recordings: Iterable[Recording], placement: Placement
) -> tuple[dict[str, Person], list[Walk]]:
    """Each person, and each recording with strides enough."""
    people: dict[str, Person] = {}
    walks: list[Walk] = []
    for recording in recordings:
        for sensor in recording.sensors:
            if sensor.placement is placement:
                one = walk(recording, sensor)
                walks += _odd(recording, one)
                _add(people.setdefault(recording.subject, Person()), one)
    return people, walks


def walk(recording: Recording, sensor: Sensor) -> Person:
    """What is told of one recording outside of freezes and of what is excluded."""
    barred = [
        (a.onset, a.end) for kind in (Kind.FREEZE, Kind.EXCLUDED) for a in recording.of_kind(kind)
    ]
    events = list(replay(sensor, height=recording.height))
    bouts = [
        (e.start, e.time)
        for e in events
        if isinstance(e, WalkingBoutEnd) and e.steps >= SHORTEST_BOUT
    ]
    strides = [e for e in events if isinstance(e, Stride) and _clear((e.start, e.time), barred)]
    whole = [(events[0].time, events[-1].time)]
    return Person(
        free=_length(_without(whole, barred)),
        walked=_length(_without(bouts, barred)),
        steps=sum(isinstance(e, Step) and _clear((e.time, e.time), barred) for e in events),
        cadences=[e.cadence for e in strides],
        speeds=[e.speed for e in strides if e.speed is not None],
        bouts=[end - start for start, end in bouts],
    )


def _clear(span: Span, barred: Sequence[Span]) -> bool:
    return all(span[1] < start or span[0] > end for start, end in barred)


def _without(spans: Iterable[Span], barred: Iterable[Span]) -> list[Span]:
    left = list(spans)
    for start, end in barred:
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, start)), (max(a, end), b))
            if piece[1] > piece[0]
        ]
    return left


def _length(spans: Iterable[Span]) -> float:
    return sum(end - start for start, end in spans)


def _add(total: Person, one: Person) -> None:
    total.free += one.free
    total.walked += one.walked
    total.steps += one.steps
    total.cadences += one.cadences
    total.speeds += one.speeds
    total.bouts += one.bouts


def _odd(recording: Recording, one: Person) -> Iterator[Walk]:
    if len(one.cadences) >= FEWEST:
        yield Walk(
            recording=recording.name,
            person=recording.subject,
            condition=recording.condition,
            cadence=float(np.median(one.cadences)),
            strides=len(one.cadences),
            walked=one.walked / one.free,
        )


def as_json(people: dict[str, Person], walks: Sequence[Walk]) -> dict[str, Any]:
    """Percentiles 5, 50 and 95 of each person, and the oddest recordings."""
    oddest = sorted(walks, key=lambda one: -one.oddness)[:ODDEST]
    return {
        "people": {name: _figures(person) for name, person in sorted(people.items())},
        "recordings": len(walks),
        "oddest": [
            {
                "recording": one.recording,
                "person": one.person,
                "condition": one.condition,
                "cadence": one.cadence,
                "strides": one.strides,
                "walked": one.walked,
            }
            for one in oddest
        ],
    }


def _figures(person: Person) -> dict[str, Any]:
    return {
        "free_min": person.free / 60,
        "walked": person.walked / person.free if person.free else None,
        "steps": person.steps,
        "strides": len(person.cadences),
        "cadence": _spread(person.cadences),
        "speed": _spread(person.speeds),
        "bouts": len(person.bouts),
        "bout_s": _spread(person.bouts),
    }


def _spread(values: Sequence[float]) -> list[float] | None:
    return np.percentile(values, (5, 50, 95)).tolist() if values else None


def report(found: dict[str, Any]) -> str:
    """Tables of all people, and of each person."""
    lines = [
        "# Walking outside of freezes, where nobody measured it",
        "",
        f"gaitcue {gaitcue.__version__}. No truth: how it is counted and what it is held against:",
        "`gait/plausible.py` and ../../docs/explanation/steps.md. Three numbers are percentiles",
        "5, 50 and 95.",
        "",
        "## All people: of the people's medians",
        "",
        *grid(
            ["data", "people with strides", "h", "in walking bouts", "cadence, steps/min",
             "speed, m/s", "walking bout, s"],
            [_all(name, one["people"]) for name, one in found.items()],
        ),
        "",
        "## The same walks from several places: median cadence, steps/min (in walking bouts)",
        "",
        *_places(found),
        "",
        "## The oddest recordings",
        "",
        f"Of those with {FEWEST} strides or more, the {ODDEST} whose median cadence is the",
        f"farthest, as a ratio, from {USUAL:g} steps/min.",
        "",
        *grid(
            ["data", "recording", "person", "condition", "cadence", "strides", "in walking bouts"],
            [
                [
                    name, one["recording"], one["person"], one["condition"],
                    f"{one['cadence']:.0f}", str(one["strides"]), f"{one['walked']:.0%}",
                ]
                for name, one in _oddest(found)
            ],
        ),
        "",
        "## Each person",
        "",
        *grid(
            ["data", "person", "min", "in walking bouts", "steps", "cadence, steps/min",
             "speed, m/s", "bouts", "walking bout, s"],
            [
                [
                    name, person, f"{one['free_min']:.1f}", _share(one["walked"]),
                    str(one["steps"]), _three(one["cadence"], 0), _three(one["speed"], 2),
                    str(one["bouts"]), _three(one["bout_s"], 0),
                ]
                for name, each in found.items()
                for person, one in each["people"].items()
            ],
        ),
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def _oddest(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The oddest of all sets together."""
    every = [(name, one) for name, each in found.items() for one in each["oddest"]]
    return sorted(every, key=lambda pair: -abs(np.log(pair[1]["cadence"] / USUAL)))[:ODDEST]


def _places(found: dict[str, Any]) -> list[str]:
    """The recordings of the set that was worn in several places, a column for each."""
    names = [f"{data}, {placement}" for data, placement in SETS if data == SEVERAL]
    cells = {
        (one["recording"], name): f"{one['cadence']:.0f} ({one['walked']:.0%})"
        for name in names
        for one in found.get(name, {"oddest": ()})["oddest"]
    }
    return grid(
        ["recording", *names],
        [
            [recording, *(cells.get((recording, name), "-") for name in names)]
            for recording in sorted({recording for recording, _ in cells})
        ],
    )


def _all(name: str, people: dict[str, Any]) -> list[str]:
    with_strides = [one for one in people.values() if one["strides"] >= FEWEST]

    def medians(key: str, digits: int) -> str:
        return _three(_spread([one[key][1] for one in with_strides if one[key]]), digits)

    free = sum(one["free_min"] for one in people.values())
    walked = sum(one["free_min"] * one["walked"] for one in people.values() if one["walked"])
    return [
        name,
        f"{len(with_strides)} of {len(people)}",
        f"{free / 60:.2f}",
        _share(walked / free),
        medians("cadence", 0),
        medians("speed", 2),
        medians("bout_s", 0),
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _three(values: Sequence[float] | None, digits: int) -> str:
    return "-" if values is None else ", ".join(f"{value:.{digits}f}" for value in values)


if __name__ == "__main__":
    sys.exit(main())
