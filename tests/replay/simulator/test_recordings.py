"""The walks in ``recordings/`` are exactly what their README says they are."""

import json
import shlex
from pathlib import Path

import pytest

from gaitcue.cli import main
from gaitcue.imu import STANDARD_GRAVITY
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Kind, read_all

RECORDINGS = Path(__file__).parents[3] / "recordings"
README = RECORDINGS / "README.md"
COMMANDS = [
    shlex.split(line)
    for line in README.read_text(encoding="utf-8").splitlines()
    if line.startswith("gaitcue simulate -o recordings/")
]


def folder_of(command: list[str]) -> str:
    return command[command.index("-o") + 1].removeprefix("recordings/")


def test_every_walk_is_described_and_has_its_command() -> None:
    folders = sorted(path.name for path in RECORDINGS.iterdir() if path.is_dir())
    assert sorted(map(folder_of, COMMANDS)) == folders
    table = README.read_text(encoding="utf-8").split("## How")[0]
    assert all(f"| `{folder}` |" in table for folder in folders)


@pytest.mark.parametrize("command", COMMANDS, ids=folder_of)
def test_the_command_gives_the_same_walk_again(command: list[str], tmp_path: Path) -> None:
    kept = RECORDINGS / folder_of(command)
    again = tmp_path / "walk"
    arguments = [str(again) if part.startswith("recordings/") else part for part in command[1:]]
    assert main(arguments) == 0
    assert sorted(p.name for p in kept.iterdir()) == sorted(p.name for p in again.iterdir())
    for name in ("motion.csv", "annotations.tsv"):
        assert (again / name).read_bytes() == (kept / name).read_bytes()
    said, says = (json.loads((p / "walk.json").read_text(encoding="utf-8")) for p in (kept, again))
    # The software's own version may go on.
    assert said | {"gaitcue": ""} == says | {"gaitcue": ""}


@pytest.mark.parametrize("command", COMMANDS, ids=folder_of)
def test_each_walk_is_small(command: list[str]) -> None:
    assert sum(p.stat().st_size for p in (RECORDINGS / folder_of(command)).iterdir()) < 1_000_000


def test_the_lossy_walk_has_gaps_and_clipped_strikes() -> None:
    (walk,) = open_recordings(RECORDINGS / "lossy_walk_lower_back")
    samples, _ = read_all(walk.sensors[0])
    assert samples.missing.mean() == pytest.approx(0.04, abs=0.003)
    at_the_end = abs(samples.acc[:, 0]) > 1.5 * STANDARD_GRAVITY - 0.001
    assert at_the_end.sum() > 20


def test_the_freezing_walk_tells_its_freezes() -> None:
    (walk,) = open_recordings(RECORDINGS / "freezing_walk_lower_back")
    assert [freeze.detail for freeze in walk.of_kind(Kind.FREEZE)] == [
        "start_hesitation",
        "trembling",
        "shuffling",
        "akinetic",
    ]
