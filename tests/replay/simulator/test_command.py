"""``gaitcue simulate`` from the command line."""

from pathlib import Path

import pytest

from gaitcue.cli import main
from gaitcue.imu import Placement, Side
from gaitcue.recording import open_recordings


def test_it_writes_a_walk_folder_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "walk"
    flags = "--scenario sitting --placement wrist --side left --rate 30 --seed 4"
    assert main(["simulate", "-o", str(folder), *flags.split()]) == 0
    assert capsys.readouterr().out == f"{folder}\n"
    (walk,) = open_recordings(folder)
    (sensor,) = walk.sensors
    assert (sensor.placement, sensor.side, sensor.rate) == (Placement.WRIST, Side.LEFT, 30.0)


@pytest.mark.parametrize(
    "flags",
    ["--rate 5", "--rate nan", "--seed -1", "--noise -1", "--clip 0", "--loss 100", "--tremor -2"],
)
def test_an_impossible_flag_is_one_sentence_and_status_2(
    flags: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "-o", str(tmp_path / "walk"), *flags.split()]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("gaitcue: ")
    assert captured.err.count("\n") == 1
    assert not (tmp_path / "walk").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    assert main(["simulate", "-o", str(tmp_path), "--scenario", "sitting"]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
