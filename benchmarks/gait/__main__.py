"""Run the benchmark of steps and write its report."""

import os
import sys
from pathlib import Path

from gait.changes import RATES, ROBUSTNESS, UNCHANGED, Change
from gait.measure import Person, measure
from gait.report import Results, write
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings

WALKING = (
    ("voisard497", Placement.LOWER_BACK),
    ("voisard497", Placement.FOOT),
    ("mobgap_example", Placement.LOWER_BACK),
    ("ipol265", Placement.FOOT),
    ("gaitmap_example", Placement.FOOT),
    ("oxford_steps", Placement.THIGH),
    ("oxford_steps", Placement.CHEST),
    ("oxford_steps", Placement.WRIST),
)
CHANGED = WALKING[:3]
STILL = (
    ("sisfall_elderly", Placement.WAIST),
    *(
        ("umafall", placement)
        for placement in (
            Placement.WAIST, Placement.CHEST, Placement.SHANK, Placement.THIGH, Placement.WRIST
        )
    ),
    ("weda_fall", Placement.WRIST),
)  # fmt: skip

Trials = tuple[tuple[str, Placement], ...]


def _run(folder: Path, trials: Trials, change: Change = UNCHANGED) -> Results:
    results: dict[str, dict[str, Person]] = {}
    for data, placement in trials:
        source = folder / f"{data}.zip"
        if not source.exists():
            print(f"left out, not in {folder}: {data}", file=sys.stderr)
            continue
        recordings = open_recordings(source)
        if data == "ipol265":  # its groups walk too differently to be pooled
            groups = list(recordings)
            for group in ("healthy", "neurological", "orthopedic"):
                some = (r for r in groups if r.condition.startswith(group))
                results[f"{data} {group}, {placement}"] = measure(some, placement, change)
        else:
            results[f"{data}, {placement}"] = measure(recordings, placement, change)
    return results


def main() -> int:
    """Measure whatever is there; exit status 2 without a folder of data sets."""
    data = os.environ.get("GAITCUE_DATA")
    if not data:
        print("set GAITCUE_DATA to the folder with the data sets", file=sys.stderr)
        return 2
    folder = Path(data)
    changes = {**ROBUSTNESS, **RATES}
    changed = {name: _run(folder, CHANGED, change) for name, change in changes.items()}
    text = write(_run(folder, WALKING), changed, _run(folder, STILL))
    (Path(__file__).parent.parent / "results" / "gait.md").write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
