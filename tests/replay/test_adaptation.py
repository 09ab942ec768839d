"""A person's own sensitivity: what is chosen, from what is known, and ``gaitcue adapt``."""

from dataclasses import replace
from pathlib import Path

import pytest

from gaitcue import cli
from gaitcue.app.profile import TEMPLATE, read_profile
from gaitcue.errors import InputError
from gaitcue.events import (
    Button,
    Event,
    FreezeEnd,
    FreezeStart,
    Phenotype,
    Press,
    Profile,
    to_json,
)
from gaitcue.gait.freezing import LARGEST_SENSITIVITY
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings, write_walk
from gaitcue.recording.model import Kind, Recording
from gaitcue.replay import adaptation, choose_sensors, replay
from gaitcue.replay.adaptation import TRIED, Outcome, chosen, known_freezes, outcomes
from gaitcue.replay.settings import WalkSettings, settings_of
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

SCENARIO = Scenario(
    name="frozen",
    segments=(
        Walk(duration=14), Freeze(kind=FreezeKind.SHUFFLING, duration=8), Walk(duration=8),
    ),
)  # fmt: skip


def outcome(sensitivity: float, cued: int, false: int) -> Outcome:
    return Outcome(sensitivity=sensitivity, freezes=9, cued=cued, false=false)


@pytest.fixture(scope="module")
def walk() -> Recording:
    return simulate(SCENARIO, placement=Placement.LOWER_BACK, seed=2)


@pytest.mark.parametrize(
    ("tried", "best"),
    [
        ([outcome(-1, 3, 0), outcome(0, 4, 2), outcome(1, 8, 3)], 1),
        ([outcome(-1, 4, 0), outcome(0, 4, 2), outcome(1, 8, 9)], -1),
        ([outcome(-1, 4, 2), outcome(0, 4, 2), outcome(1, 5, 3)], 0),
    ],
)
def test_a_false_cue_undoes_a_freeze_found_and_between_equals_the_usual_wins(
    tried: list[Outcome], best: float
) -> None:
    assert chosen(tried).sensitivity == best


def test_false_cues_alone_never_silence_the_detector() -> None:
    many = [outcome(-1, 3, 0), outcome(-0.5, 4, 30), outcome(0, 4, 40), outcome(1, 4, 60)]
    assert chosen(many).sensitivity == -0.5
    unknown = [outcome(-1, 0, 0), outcome(-0.5, 0, 20), outcome(0, 0, 40), outcome(1, 0, 60)]
    assert chosen(unknown).sensitivity == -0.5


def test_more_sensitivity_never_finds_fewer_and_stays_in_bounds(walk: Recording) -> None:
    tried = outcomes([(walk, choose_sensors(walk))], Profile.QUIET)
    assert tuple(one.sensitivity for one in tried) == TRIED
    assert max(map(abs, TRIED)) <= LARGEST_SENSITIVITY / 2
    assert {one.freezes for one in tried} == {1}
    cued = [one.cued for one in tried]
    assert cued == sorted(cued)


def test_without_a_verdict_nothing_can_be_learned(walk: Recording) -> None:
    unmarked = replace(walk, annotated=frozenset(), annotations=())
    with pytest.raises(InputError, match="nobody said what was a freeze"):
        outcomes([(unmarked, choose_sensors(walk))], Profile.QUIET)


def test_what_the_walker_let_pass_was_a_freeze(
    walk: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def freeze(start: float, end: float) -> list[Event]:
        return [
            FreezeStart(
                time=start, decided=start + 1, score=0.9, phenotype=Phenotype.TREMBLING
            ),
            FreezeEnd(time=end, decided=end, start=start, score=0.9),
        ]  # fmt: skip

    no = Press(time=26.0, decided=26.0, button=Button.NOT_A_FREEZE)
    events = [*freeze(10, 16), *freeze(20, 25), no, *freeze(40, 47)]
    monkeypatch.setattr(adaptation, "replay", lambda *_, **__: iter(events))
    unmarked = replace(walk, annotated=frozenset(), annotations=())
    freezes = known_freezes(unmarked, choose_sensors(walk))
    assert [(one.onset, one.end) for one in freezes or []] == [(10, 16), (40, 47)]
    events.remove(no)
    assert known_freezes(unmarked, choose_sensors(walk)) is None
    marked = replace(unmarked, annotated=frozenset({Kind.FREEZE}))
    assert known_freezes(marked, choose_sensors(walk)) == []


def test_the_verb_writes_the_profile_and_takes_it_back(
    walk: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_walk(walk, tmp_path / "walk")
    profile = tmp_path / "profile.toml"
    assert cli.main(["adapt", str(tmp_path / "walk"), "--person", str(profile)]) == 0
    said = read_profile(profile).settings.sensitivity
    assert f"The sensitivity is {said:g} from now on" in capsys.readouterr().out
    notes = [line for line in TEMPLATE.splitlines() if not line.startswith("sensitivity")]
    now = profile.read_text("utf-8")
    assert [line for line in now.splitlines() if not line.startswith("sensitivity")] == notes
    profile.write_text("[detector]\nsensitivity = -1.5 # mine\n", encoding="utf-8")
    assert cli.main(["adapt", "--reset", "--person", str(profile)]) == 0
    assert profile.read_text("utf-8") == "[detector]\nsensitivity = 0.0 # mine\n"
    profile.write_text("# bare\n", encoding="utf-8")
    assert cli.main(["adapt", "--reset", "--person", str(profile)]) == 0
    assert read_profile(profile).settings.sensitivity == 0.0
    assert cli.main(["adapt", "--person", str(profile)]) == 2
    assert "or else give --reset" in capsys.readouterr().err


def test_a_walk_keeps_its_sensitivity_and_is_replayed_with_it(
    walk: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = WalkSettings(sensitivity=1.5)
    write_walk(replace(walk, settings=settings.as_json()), tmp_path / "walk")
    (again,) = open_recordings(tmp_path / "walk")
    assert settings_of(again) == settings
    (sensor,) = again.sensors
    name, height = again.name, again.height
    expected = {
        said: [
            to_json(e) for e in replay(sensor, sensitivity=said, height=height, recording=name)
        ]
        for said in (1.5, -2.0)
    }  # fmt: skip
    assert expected[1.5] != expected[-2.0]
    assert cli.main(["replay", str(tmp_path / "walk"), "--json"]) == 0
    assert capsys.readouterr().out.splitlines() == expected[1.5]
    assert cli.main(["replay", str(tmp_path / "walk"), "--json", "--sensitivity", "-2"]) == 0
    assert capsys.readouterr().out.splitlines() == expected[-2.0]
    assert cli.main(["replay", str(tmp_path / "walk"), "--sensitivity", "3"]) == 2
    assert "from -2 to 2, not 3" in capsys.readouterr().err
    with pytest.raises(InputError, match="from -2 to 2"):
        settings_of(replace(again, settings={"sensitivity": float("nan")}))
