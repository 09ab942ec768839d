"""Where the benchmarks find the data sets, and where they put what they found."""

import os
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def data_folder() -> Path:
    """The folder that GAITCUE_DATA names; ends with exit status 2 where it names none."""
    folder = os.environ.get("GAITCUE_DATA")
    if not folder or not Path(folder).is_dir():
        print("set GAITCUE_DATA to the folder with the data sets", file=sys.stderr)
        raise SystemExit(2)
    return Path(folder)


def find(folder: Path, name: str) -> Path | None:
    """The data set's zip or unpacked folder; None where it is not there, which is said."""
    found = next((p for p in (folder / f"{name}.zip", folder / name) if p.exists()), None)
    if found is None:
        print(f"{name} is not in {folder}: left out", file=sys.stderr)
    return found
