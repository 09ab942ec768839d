"""How right gaitcue is on public labelled recordings: ``python -m benchmarks.accuracy [SET...]``.

Scores every data set found in the folder that the environment variable GAITCUE_DATA names, with
both profiles, and writes ``results/accuracy.md`` and ``results/accuracy.jsonl``. README.md beside
this file says what the figures mean and how they were come by.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.outcome import Outcome
from benchmarks.places import RESULTS, data_folder, find
from benchmarks.report import write_report
from tqdm import tqdm

from gaitcue.events import Profile
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings
from gaitcue.replay.score import score


@dataclass(frozen=True, slots=True)
class Trial:
    """One data set scored at one placement."""

    data: str
    placement: Placement


TRIALS = (
    Trial("daphnet", Placement.SHANK),
    Trial("daphnet", Placement.THIGH),
    Trial("daphnet", Placement.WAIST),
    Trial("tdcsfog", Placement.LOWER_BACK),
    Trial("turning_in_place", Placement.SHANK),
    Trial("stanford_lumbar", Placement.LOWER_BACK),
    Trial("mobgap_example", Placement.LOWER_BACK),
    Trial("voisard497", Placement.LOWER_BACK),
    Trial("voisard497", Placement.FOOT),
    Trial("ipol265", Placement.FOOT),
    Trial("gaitmap_example", Placement.FOOT),
    Trial("oxford_steps", Placement.THIGH),
    Trial("oxford_steps", Placement.CHEST),
    Trial("oxford_steps", Placement.WRIST),
    Trial("sisfall_elderly", Placement.WAIST),
    Trial("umafall", Placement.WAIST),
    Trial("umafall", Placement.SHANK),
    Trial("umafall", Placement.THIGH),
    Trial("umafall", Placement.CHEST),
    Trial("umafall", Placement.WRIST),
    Trial("weda_fall", Placement.WRIST),
)
"""Every data set at every placement in it, those with freezing first."""


def run(trial: Trial, profile: Profile, source: Path) -> Outcome:
    """Score one data set at one placement with one profile."""
    progress = tqdm(
        open_recordings(source), desc=f"{trial.data} {trial.placement} {profile}", disable=None
    )
    result = score(progress, placement=trial.placement, profile=profile)
    return Outcome(data=trial.data, placement=trial.placement, profile=profile, score=result)


def main() -> int:
    """Run every trial whose data are there; exit status 2 without any."""
    outcomes = [
        run(trial, profile, source)
        for trial, source in ask_for(TRIALS, __doc__)
        for profile in (Profile.QUIET, Profile.ASSIST)
    ]
    RESULTS.mkdir(exist_ok=True)
    lines = [json.dumps(outcome.as_json(), allow_nan=False) for outcome in outcomes]
    (RESULTS / "accuracy.jsonl").write_text("\n".join(lines) + "\n")
    (RESULTS / "accuracy.md").write_text(write_report(outcomes))
    return 0


def ask_for(trials: Sequence[Trial], description: str | None) -> list[tuple[Trial, Path]]:
    """The trials that the command line asks for and whose data are there, with their data.

    Exit status 2 when there is none.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("sets", nargs="*", help="only these data sets, by name")
    wanted = parser.parse_args().sets
    folder = data_folder()
    found = [(trial, find(folder, trial.data)) for trial in trials]
    there = [
        (trial, source)
        for trial, source in found
        if source is not None and (not wanted or trial.data in wanted)
    ]
    if not there:
        parser.error(f"none of the data sets is in {folder}")
    return there


if __name__ == "__main__":
    sys.exit(main())
