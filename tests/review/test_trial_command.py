"""The verb ``gaitcue trial``, on simulated walks that were made with a trial."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gaitcue import cli
from gaitcue.cue import CoachSettings
from gaitcue.events import FreezeStart, Profile
from gaitcue.recording import open_recordings, write_walk
from gaitcue.replay import choose_sensor, replay
from gaitcue.replay.settings import WalkSettings
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

SCENARIO = Scenario(
    name="freezes",
    segments=(
        Walk(duration=12),
        *(
            segment
            for _ in range(4)
            for segment in (Freeze(kind=FreezeKind.SHUFFLING, duration=8), Walk(duration=14))
        ),
    ),
)


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a walk `plain` and two of a trial, `one` and `two`."""
    folder = tmp_path_factory.mktemp("walks")
    walked = simulate(SCENARIO, seed=1)
    for name, trial in (("plain", None), ("one", 11), ("two", 12)):
        settings = WalkSettings(profile=Profile.ASSIST, coach=CoachSettings(trial=trial))
        write_walk(replace(walked, settings=settings.as_json()), folder / name)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = cli.main(["trial", *map(str, arguments)])
    return status, capsys.readouterr().out


def test_the_freezes_of_all_walks_count(walks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, walks / "one", walks / "two", "--json")
    told = json.loads(out)
    assert status == 1, "too few to tell an effect"
    plain = next(iter(open_recordings(walks / "plain")))
    events = replay(choose_sensor(plain), profile=Profile.ASSIST, height=plain.height)
    found = sum(isinstance(event, FreezeStart) for event in events)
    assert found > 1
    assert told["cued"] + told["withheld"] + told["left_out"] == 2 * found
    assert min(told["cued"], told["withheld"]) > 0
    assert told["difference"] is None


def test_too_few_freezes_are_said_to_be_too_few(
    walks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = run(capsys, walks / "one")
    assert status == 1
    assert "Not enough freezes yet" in out


def test_a_walk_without_a_trial_has_nothing_to_tell(
    walks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = run(capsys, walks / "plain")
    assert status == 1
    assert "With a beat: 0 freezes" in out


def test_the_report_of_such_a_walk_tells_of_it(walks: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert cli.main(["replay", str(walks / "one"), "--report", str(page)]) == 0
    html = page.read_text("utf-8")
    assert "own trial" in html
    assert "rescued" in html or "withheld" in html
