"""Steps, speed and cost beside published packages: ``python -m benchmarks.peers.gait``.

Each package runs with its own defaults, in its own process and environment, on the same recordings,
changed as `benchmarks.gait` changes them; all are scored by the code that scores gaitcue. Writes
``results/peers_gait.md`` and ``.json``.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.gait.changes import RATES, ROBUSTNESS, UNCHANGED, Change
from benchmarks.peers.cost import cost_of
from benchmarks.peers.environments import Environment
from benchmarks.peers.gait_report import AS_RECORDED, write_report
from benchmarks.places import RESULTS, data_folder, find
from benchmarks.rounding import rounded

from gaitcue.events import Event, Profile, Step, Stride, WalkEnd, WalkStart
from gaitcue.imu import FloatArray, Placement, Samples, Side
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Recording, read_all
from gaitcue.replay.score import Score, Tally, combine, figures, tally_walk

HEIGHT = 1.70
"""m: taken where a set does not tell it."""

SLOW = 0.5
"""m/s: below it packages are known to say too much."""


@dataclass(frozen=True, slots=True)
class Package:
    """Something that finds steps: where it runs, and whether it knows what a missing sample is."""

    name: str
    environment: Environment
    arguments: tuple[str, ...] = ()
    bears_gaps: bool = False


_MOBGAP = Environment("mobgap", "in_mobgap.py", ("mobgap==1.2.0", "scikit-learn==1.6.1"))
PACKAGES = (
    Package("gaitcue", Environment("gaitcue", "in_gaitcue.py"), bears_gaps=True),
    Package("mobgap, impaired", _MOBGAP, ("MobilisedPipelineImpaired",)),
    Package("mobgap, healthy", _MOBGAP, ("MobilisedPipelineHealthy",)),
    Package(
        "scikit-digital-health",
        Environment("skdh", "in_skdh.py", ("scikit-digital-health==0.17.18",)),
    ),
    Package(
        "KielMAT", Environment("kielmat", "in_kielmat.py", ("kielmat==0.0.5", "scipy==1.11.4"))
    ),
)
"""With KielMAT's release a newer scipy lets it find no step at all, without an error."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A set with a sensor at the lower back.

    `axes` turns the sensor's axes into up, right and forward, as the packages ask.
    """

    name: str
    placement: Placement
    axes: tuple[tuple[int, int, int], ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


SETS = (
    DataSet("mobgap_example", Placement.LOWER_BACK),
    DataSet("voisard497", Placement.LOWER_BACK),
    DataSet("sisfall_elderly", Placement.WAIST, ((0, -1, 0), (1, 0, 0), (0, 0, 1))),
)
CHANGED = "mobgap_example"
"""The set that is also spoiled: it has the speed as well."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A change, and whether the packages that bear no gap get what it loses filled in."""

    name: str
    change: Change
    filled: bool = True


def variants() -> list[Variant]:
    """The recordings as they are, and each way in which they are spoiled."""
    found = []
    for name, change in {**ROBUSTNESS, "50 Hz": RATES["50 Hz"]}.items():
        if "lost" in name:
            found.append(Variant(f"{name}, left as not a number", change, filled=False))
            found.append(Variant(f"{name}, filled by straight lines", change))
        else:
            found.append(Variant(name, change))
    return found


def main() -> int:
    """Measure everything; exit status 2 without data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="only these sets, or cost; the rest stays")
    parser.add_argument("--package", help="only this one; what was measured of others stays")
    parser.add_argument("--report", action="store_true", help="only write the tables anew")
    wanted = parser.parse_args()
    measured = RESULTS / "peers_gait.json"
    found: dict[str, Any] = json.loads(measured.read_text()) if measured.exists() else {}
    packages = [p for p in PACKAGES if wanted.package in {None, p.name}]
    if not wanted.report:
        for part, name, figures_of in measure(data_folder(), wanted.parts, packages):
            found.setdefault(part, {})[name] = rounded(figures_of)
            measured.write_text(json.dumps(found, indent=1) + "\n")
    (RESULTS / "peers_gait.md").write_text(write_report(found))
    return 0


def measure(
    folder: Path, parts: Sequence[str], packages: Sequence[Package]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Part, name and figures of everything that is measured, one by one."""
    for data in SETS:
        path = find(folder, data.name)
        if path is None:
            continue
        recordings = list(open_recordings(path))
        for variant in variants() if data.name == CHANGED else [Variant(AS_RECORDED, UNCHANGED)]:
            for package in packages if not parts or data.name in parts else ():
                one = {"data": data.name, "variant": variant.name, "package": package.name}
                figures_of = one | scored(package, recordings, data, variant)
                yield data.name, f"{variant.name}, {package.name}", figures_of
        for package in packages if data.name == CHANGED and (not parts or "cost" in parts) else ():
            yield "cost", package.name, cost(package, recordings, data)


def scored(
    package: Package, recordings: Iterable[Recording], data: DataSet, variant: Variant
) -> dict[str, Any]:
    """The figures of one package on one set."""
    walks: list[tuple[Recording, Samples]] = []
    with tempfile.TemporaryDirectory() as folder:
        for recording in recordings:
            for sensor in recording.sensors:
                if sensor.placement is data.placement:
                    samples, _ = read_all(sensor)
                    if not package.bears_gaps and not variant.filled:
                        samples = filled(samples)
                    samples = variant.change.of(samples)
                    if not package.bears_gaps and variant.filled:
                        samples = filled(samples)
                    store(Path(folder, f"{len(walks):04}.npz"), samples, recording.height, data)
                    walks.append((recording, samples))
        out = Path(folder, "out.json")
        package.environment.run(*package.arguments, folder, out)
        told = json.loads(out.read_text())
    near: dict[str, list[Tally]] = {}
    wide: list[Tally] = []
    for number, (recording, samples) in enumerate(walks):
        events = as_events(told[f"{number:04}"], samples)
        of_person = near.setdefault(recording.subject or recording.name, [])
        of_person.append(tally_walk(events, recording.annotations, recording.annotated))
        wide.append(tally_walk(events, recording.annotations, recording.annotated, 0.5))
    return as_figures(near, wide) | {
        "recordings": len(walks),
        "errors": sorted(
            {one["error"].strip().splitlines()[-1] for one in told.values() if "error" in one}
        ),
        "failed": sum("error" in one for one in told.values()),
    }


def filled(samples: Samples) -> Samples:
    """With straight lines where samples are missing."""

    def fill(values: FloatArray) -> FloatArray:
        known = ~np.isnan(values).any(axis=1)
        return np.column_stack(
            [np.interp(samples.time, samples.time[known], column[known]) for column in values.T]
        )

    gyr = None if samples.gyr is None else fill(samples.gyr)
    return replace(samples, acc=fill(samples.acc), gyr=gyr)


def store(path: Path, samples: Samples, height: float | None, data: DataSet) -> None:
    """Write what every package gets: m/s², rad/s, Hz and m, axes up, right and forward."""
    axes = np.array(data.axes)
    assert samples.gyr is not None  # noqa: S101 - every set here has a gyroscope
    np.savez(
        path,
        acc=samples.acc @ axes.T,
        gyr=samples.gyr @ axes.T,
        rate=samples.rate,
        height=height or HEIGHT,
    )


def as_events(told: dict[str, Any], samples: Samples) -> list[Event]:
    """What a package said, as the scorer takes it; nothing if it failed."""
    first, last = float(samples.time[0]), float(samples.time[-1])
    start = WalkStart(
        time=first,
        decided=first,
        sensor="lower_back",
        placement=Placement.LOWER_BACK,
        side=Side.NONE,
        rate=samples.rate,
        gyroscope=True,
        profile=Profile.QUIET,
        software="",
    )
    steps: list[Event] = [
        Step(time=first + time, decided=last, side=Side.NONE, confidence=1.0)
        for time in told.get("steps", [])
    ]
    strides: list[Event] = [
        Stride(
            time=first + end,
            decided=last,
            start=first + begin,
            duration=end - begin,
            cadence=120 / (end - begin),
            length=length,
            speed=speed,
            speed_sd=None,
        )
        for begin, end, length, speed in told.get("strides", [])
        if speed is not None and np.isfinite(speed)
    ]
    end = WalkEnd(time=last, decided=last, samples=len(samples), missing=0)
    return [start, *steps, *strides, end]


def as_figures(near: dict[str, list[Tally]], wide: Sequence[Tally]) -> dict[str, Any]:
    """Pooled figures with their intervals over people, and false steps by activity."""
    people = {name: combine(tallies) for name, tallies in near.items()}
    pooled = figures(combine(people.values()), len(people))
    reference, said = combine(people.values()).speed.pairs.T
    slow = (reference < SLOW) & np.isfinite(said)
    edges = Score(people, ()).intervals
    return {
        "people": len(people),
        "steps": pooled.steps.reference,
        "f1": pooled.steps.f1,
        "f1_interval": edges["steps_f1"],
        "matched": pooled.steps.matched,
        "false": pooled.steps.false,
        "timing_ms": pooled.steps.timing_ms,
        "f1_wide": figures(combine(wide), 1).steps.f1,
        "bouts": pooled.speed.reference,
        "bouts_told": pooled.speed.n,
        "speed_mae": pooled.speed.mae,
        "speed_mae_interval": edges["speed_mae"],
        "speed_bias": pooled.speed.bias,
        "slow_bouts": int(slow.sum()),
        "slow_bias": float((said - reference)[slow].mean()) if slow.any() else None,
        "false_steps_per_hour": pooled.false_steps_per_hour,
        "activities": {
            name: {"hours": one.seconds / 3600, "steps": one.steps}
            for name, one in combine(people.values()).activities.items()
        },
    }


def cost(package: Package, recordings: Sequence[Recording], data: DataSet) -> dict[str, float]:
    """CPU time and peak memory over an hour put together of a set's recordings."""
    parts = [read_all(recording.sensors[0])[0] for recording in recordings]
    longest = [part for part in parts if len(part) > 6000]  # of over a minute: walking and rests
    rate, rows = longest[0].rate, int(3600 * longest[0].rate)
    acc, gyr = (
        np.resize(np.concatenate([getattr(part, name) for part in longest]), (rows, 3))
        for name in ("acc", "gyr")
    )
    hour = replace(longest[0], time=np.arange(rows) / rate, acc=acc, gyr=gyr)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as nothing:
        store(Path(whole, "hour.npz"), hour, HEIGHT, data)
        for name, folder in (("hour", whole), ("start", nothing)):
            out = Path(nothing, "out.json")
            spent = cost_of(package.environment.command(*package.arguments, folder, out))
            found |= {f"{name}_cpu_s": spent.cpu, f"{name}_memory_mb": spent.memory}
    return found


if __name__ == "__main__":
    sys.exit(main())
