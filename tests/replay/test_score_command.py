"""The verb ``score``: what is printed, and how it ends."""

import json
import shutil
from pathlib import Path

import pytest

from gaitcue.cli import main
from gaitcue.imu import Placement
from gaitcue.recording import write_walk
from gaitcue.replay.simulator import SCENARIOS, simulate


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two simulated walks: one on the lower back, one on the shank."""
    folder = tmp_path_factory.mktemp("walks")
    write_walk(simulate(SCENARIOS["freezing"], seed=1), folder / "one")
    write_walk(simulate(SCENARIOS["stops"], placement=Placement.SHANK, seed=2), folder / "two")
    return folder


def test_json_is_one_object_on_standard_output(
    walks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(walks / "one"), str(walks / "two"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["recordings"] == 2
    assert list(record["per_subject"]) == ["simulated"]


def test_a_pattern_stands_for_all_walks_it_fits(
    walks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(walks / "*"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["recordings"] == 2


def test_the_table_names_every_person(walks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(walks / "two"), "--profile", "assist"]) == 0
    table = capsys.readouterr().out
    assert "episodes found" in table
    assert table.splitlines()[-1].startswith("simulated")


def test_what_was_left_out_is_told_beside_the_result(
    walks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(walks / "*"), "--placement", "shank", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["recordings"] == 1
    assert "left out 1 recording" in told.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(["nowhere"], "no file or folder", id="no such path"),
        pytest.param(["one", "--placement", "wrist"], "nothing to score", id="no such sensor"),
        pytest.param(["one", "--tolerance", "-1"], "--tolerance", id="tolerance below zero"),
        pytest.param(["one", "--tolerance", "nan"], "--tolerance", id="no tolerance"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    walks: Path, arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(walks / arguments[0]), *arguments[1:]]) == 2
    told = capsys.readouterr()
    assert reason in told.err
    assert len(told.err.splitlines()) == 1
    assert told.out == ""


def test_a_walk_without_annotations_has_nothing_to_score(
    walks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(walks / "one", bare)
    (bare / "annotations.tsv").unlink()
    text = (bare / "walk.json").read_text()
    record = json.loads(text)
    (bare / "walk.json").write_text(json.dumps(record | {"annotated": []}))
    assert main(["score", str(bare)]) == 2
    assert "annotations" in capsys.readouterr().err
