"""Making speed personal by a walk of known distance: the arithmetic, and ``gaitcue calibrate``."""

from dataclasses import replace
from pathlib import Path

import pytest

from gaitcue import cli
from gaitcue.app.profile import TEMPLATE, read_profile
from gaitcue.errors import InputError
from gaitcue.events import Turn, WalkingBoutEnd
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings, write_walk
from gaitcue.replay.calibration import speed_factor
from gaitcue.replay.settings import WalkSettings, settings_of
from gaitcue.replay.simulator import Scenario, Stand, Walk, simulate

BOUT = WalkingBoutEnd(
    time=12.0,
    decided=15.0,
    start=2.0,
    steps=17,
    cadence=96.0,
    speed=0.8,
    speed_sd=0.11,
    distance=8.0,
)
TURN = Turn(time=6.0, decided=8.0, end=7.5, angle=3.1, peak_rate=2.0, steps=3)


def test_one_step_is_added_to_the_way_between_first_and_last_contact() -> None:
    assert speed_factor([BOUT], 8.5) == pytest.approx(1.0)
    assert speed_factor([BOUT], 10.2) == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("events", "distance", "words"),
    [
        ([], 10, "there are 0 stretches"),
        ([BOUT, replace(BOUT, start=20.0, time=30.0)], 10, "there are 2 stretches"),
        ([replace(BOUT, steps=6)], 10, "there are 0 stretches"),
        ([TURN, BOUT], 10, "there is a turn in it"),
        ([replace(BOUT, speed=None, distance=None)], 10, "could not be told"),
        ([BOUT], 1000, "looks like 8.5 m, not like 1000 m"),
    ],
)
def test_what_cannot_calibrate_is_refused(events: list, distance: float, words: str) -> None:
    with pytest.raises(InputError, match=words):
        speed_factor(events, distance)


def test_a_turn_after_the_walk_and_a_few_steps_aside_do_not_matter() -> None:
    late = replace(TURN, time=13.0, end=14.0)
    aside = replace(BOUT, start=20.0, time=23.0, steps=5)
    assert speed_factor([BOUT, late, aside], 8.5) == pytest.approx(1.0)


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a straight walk of a lower-back and one of a foot sensor."""
    folder = tmp_path_factory.mktemp("walks")
    scenario = Scenario(
        name="straight",
        segments=(Stand(duration=3), Walk(duration=14, speed=1.1, cadence=108), Stand(duration=4)),
    )
    for placement in (Placement.LOWER_BACK, Placement.FOOT):
        write_walk(simulate(scenario, placement=placement, seed=4), folder / placement)
    return folder


def test_the_factor_goes_into_the_profile_and_notes_stay(
    walks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "profile.toml"
    arguments = ["calibrate", str(walks / "lower_back"), "--person", str(profile), "--distance"]
    assert cli.main([*arguments, "15"]) == 0
    first = read_profile(profile).settings.speed_factor
    assert f"{first:.3f}" in capsys.readouterr().out
    assert first != 1.0
    assert profile.read_text("utf-8").endswith(TEMPLATE)
    assert cli.main([*arguments, "16.5"]) == 0
    assert read_profile(profile).settings.speed_factor == pytest.approx(1.1 * first, abs=0.002)
    assert (
        profile.read_text("utf-8").count("speed_factor =") == TEMPLATE.count("speed_factor =") + 1
    )


@pytest.mark.parametrize(
    ("walk", "distance", "words"),
    [
        ("foot", "14", "a foot sensor needs no calibration"),
        ("lower_back", "0", "--distance must be above 0 m"),
        ("lower_back", "1400", "not like 1400 m"),
    ],
)
def test_a_calibration_that_cannot_be_leaves_the_profile_alone(
    walks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    walk: str, distance: str, words: str,
) -> None:  # fmt: skip
    profile = tmp_path / "profile.toml"
    profile.write_text("# mine\n", encoding="utf-8")
    arguments = [str(walks / walk), "--person", str(profile), "--distance", distance]
    assert cli.main(["calibrate", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert profile.read_text("utf-8") == "# mine\n"


def test_a_walk_keeps_its_factor_and_a_senseless_one_is_refused(
    walks: Path, tmp_path: Path
) -> None:
    (recorded,) = open_recordings(walks / "lower_back")
    settings = WalkSettings(speed_factor=1.12)
    write_walk(replace(recorded, settings=settings.as_json()), tmp_path / "walk")
    (again,) = open_recordings(tmp_path / "walk")
    assert settings_of(again) == settings
    with pytest.raises(InputError, match=r"from 0\.6 to 1\.6"):
        settings_of(replace(recorded, settings={"speed_factor": 7}))
