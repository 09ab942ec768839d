"""The detector adapted to a person: what is learned and chosen, and ``gaitcue adapt``."""

import math
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
    FreezeScore,
    FreezeStart,
    Phenotype,
    Press,
    Profile,
    to_json,
)
from gaitcue.gait.freezing import LARGEST_SENSITIVITY, Correction
from gaitcue.gait.freezing import correction as teaching
from gaitcue.gait.freezing.model import LARGEST_CORRECTION, weights
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings, write_walk
from gaitcue.recording.model import Kind, Recording
from gaitcue.replay import adaptation, choose_sensors, replay
from gaitcue.replay.adaptation import (
    TRIED,
    KnownWalk,
    Outcome,
    adapted,
    chosen,
    known_freezes,
    known_walks,
    learned,
)
from gaitcue.replay.settings import WalkSettings, settings_of
from gaitcue.replay.simulator import Freeze, FreezeKind, Scenario, Walk, simulate

SCENARIO = Scenario(
    name="frozen",
    segments=(
        Walk(duration=14), Freeze(kind=FreezeKind.SHUFFLING, duration=8), Walk(duration=8),
    ),
)  # fmt: skip
BACK = Placement.LOWER_BACK


def outcome(sensitivity: float, cued: int, false: int, *, corrected: bool = False) -> Outcome:
    return Outcome(
        sensitivity=sensitivity, freezes=9, cued=cued, false=false, corrected=corrected
    )  # fmt: skip


@pytest.fixture(scope="module")
def walk() -> Recording:
    return simulate(SCENARIO, placement=BACK, seed=2)


@pytest.fixture(scope="module")
def correction(walk: Recording) -> Correction:
    return learned(often(walk))[BACK]


def often(walk: Recording) -> list[KnownWalk]:
    """Walks enough to learn from."""
    return known_walks([(walk, choose_sensors(walk))] * 10)


def scores(walk: Recording, correction: Correction | None, placement: Placement = BACK):
    given = {} if correction is None else {placement: correction}
    events = replay(*choose_sensors(walk), corrections=given)
    return [e for e in events if isinstance(e, FreezeScore)]


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


def test_a_correction_must_lose_no_freeze_and_cue_one() -> None:
    plain = [outcome(0, 4, 9), outcome(1, 6, 9)]
    quieter = outcome(0, 3, 0, corrected=True)
    as_good = outcome(0.5, 4, 9, corrected=True)
    assert chosen([*plain, quieter]) is plain[1]
    assert chosen([*plain, quieter, as_good]) is as_good
    nothing = [outcome(0, 0, 3), outcome(0, 0, 0, corrected=True)]
    assert chosen(nothing) is nothing[0]


def test_marked_freezes_teach_what_a_freeze_looks_like(
    walk: Recording, correction: Correction
) -> None:
    assert correction.fits
    (freeze,) = walk.of_kind(Kind.FREEZE)
    raised = [
        (after.score - before.score, freeze.onset <= before.time < freeze.end)
        for before, after in zip(scores(walk, None), scores(walk, correction), strict=True)
    ]
    within = [change for change, inside in raised if inside]
    without = [change for change, inside in raised if not inside]
    assert sum(within) / len(within) > sum(without) / len(without)
    assert learned(often(walk)) == {BACK: correction}


def test_a_correction_is_for_its_placement_only(walk: Recording, correction: Correction) -> None:
    assert scores(walk, correction, Placement.SHANK) == scores(walk, None)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_correction_is_bounded(walk: Recording, sign: float) -> None:
    values = (0.0,) * (len(weights().out) - 1) + (100.0 * sign,)
    moved = scores(walk, Correction(weights().fingerprint, values))
    for before, after in zip(scores(walk, None), moved, strict=True):
        change = math.log(after.score / (1 - after.score)) - math.log(
            before.score / (1 - before.score)
        )
        assert change == pytest.approx(sign * LARGEST_CORRECTION)


def test_nothing_is_learned_without_a_marked_freeze_or_from_little_else(walk: Recording) -> None:
    quiet = replace(walk, annotations=(), annotated=frozenset({Kind.FREEZE}))
    assert learned(often(quiet)) == {}
    assert learned(often(walk)[:7]) == {}


def test_what_is_adapted_finds_no_fewer_and_stays_in_bounds(
    walk: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "ENOUGH", 10.0)
    found = adapted(often(walk)[:1], Profile.QUIET)
    assert found.chosen.freezes == 1
    assert found.chosen.cued >= found.usual.cued
    assert found.chosen.corrected == bool(found.corrections)
    assert max(map(abs, TRIED)) <= LARGEST_SENSITIVITY / 2


def test_without_a_verdict_nothing_can_be_learned(walk: Recording) -> None:
    unmarked = replace(walk, annotated=frozenset(), annotations=())
    with pytest.raises(InputError, match="nobody said what was a freeze"):
        known_walks([(unmarked, choose_sensors(unmarked))])


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
    # What was missed is not known: nothing is learned of how freezes look.
    assert learned(often(unmarked)) == {}
    events.remove(no)
    assert known_freezes(unmarked, choose_sensors(walk)) is None
    marked = replace(unmarked, annotated=frozenset({Kind.FREEZE}))
    assert known_freezes(marked, choose_sensors(walk)) == []


def test_the_verb_writes_the_profile_and_takes_it_back(
    walk: Recording,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(teaching, "ENOUGH", 10.0)
    write_walk(walk, tmp_path / "walk")
    profile = tmp_path / "profile.toml"
    assert cli.main(["adapt", str(tmp_path / "walk"), "--person", str(profile)]) == 0
    settings = read_profile(profile).settings
    out = capsys.readouterr().out
    assert f"The sensitivity is {settings.sensitivity:g} from now on" in out
    assert ("as they look at the lower back" in out) == bool(settings.corrections)
    notes = [line for line in TEMPLATE.splitlines() if not line.startswith("sensitivity")]
    assert set(notes) <= set(profile.read_text("utf-8").splitlines())
    profile.write_text("[detector]\nsensitivity = -1.5 # mine\n", encoding="utf-8")
    assert cli.main(["adapt", "--reset", "--person", str(profile)]) == 0
    assert profile.read_text("utf-8") == "[detector]\nsensitivity = 0.0 # mine\n"
    profile.write_text("# bare\n", encoding="utf-8")
    assert cli.main(["adapt", "--reset", "--person", str(profile)]) == 0
    assert read_profile(profile).settings.sensitivity == 0.0
    assert cli.main(["adapt", "--person", str(profile)]) == 2
    assert "or else give --reset" in capsys.readouterr().err


def test_a_walk_keeps_what_it_was_made_with_and_is_replayed_with_it(
    walk: Recording, correction: Correction, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = WalkSettings(sensitivity=1.5, corrections={BACK: correction})
    write_walk(replace(walk, settings=settings.as_json()), tmp_path / "walk")
    (again,) = open_recordings(tmp_path / "walk")
    assert settings_of(again) == settings
    (sensor,) = again.sensors
    expected = {
        said: [
            to_json(e)
            for e in replay(
                sensor,
                sensitivity=said,
                corrections=settings.corrections,
                height=again.height,
                recording=again.name,
            )
        ]
        for said in (1.5, -2.0)
    }
    assert expected[1.5] != expected[-2.0]
    assert cli.main(["replay", str(tmp_path / "walk"), "--json"]) == 0
    assert capsys.readouterr().out.splitlines() == expected[1.5]
    assert cli.main(["replay", str(tmp_path / "walk"), "--json", "--sensitivity", "-2"]) == 0
    assert capsys.readouterr().out.splitlines() == expected[-2.0]
    assert cli.main(["replay", str(tmp_path / "walk"), "--sensitivity", "3"]) == 2
    assert "from -2 to 2, not 3" in capsys.readouterr().err
    with pytest.raises(InputError, match="from -2 to 2"):
        settings_of(replace(again, settings={"sensitivity": float("nan")}))


def test_what_was_learned_for_another_model_is_left_out_and_told(
    walk: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Correction("of another model", (1.0, 2.0))
    with pytest.raises(InputError, match="belongs to another freezing model"):
        list(replay(*choose_sensors(walk), corrections={BACK: other}))
    settings = WalkSettings(corrections={BACK: other})
    assert settings.usable()[0] == WalkSettings()
    write_walk(replace(walk, settings=settings.as_json()), tmp_path / "walk")
    write_walk(walk, tmp_path / "plain" / "walk")
    said = []
    for path in (tmp_path / "walk", tmp_path / "plain" / "walk"):
        assert cli.main(["replay", str(path), "--json"]) == 0
        said.append(capsys.readouterr())
    assert said[0].out == said[1].out
    told = f"{walk.name}: what gaitcue adapt learned of the walker belongs to another"
    assert said[0].err.count(told) == 1
    assert "another" not in said[1].err


@pytest.mark.parametrize(
    ("values", "wrong"), [((1.0,), "numbers, not 1"), ((float("nan"),), "finite")]
)
def test_a_correction_that_cannot_be_is_refused(values: tuple[float, ...], wrong: str) -> None:
    said = {"corrections": {"lower_back": {"model": weights().fingerprint, "values": values}}}
    recording = Recording(name="walk", subject="w", sensors=(), settings=said)
    with pytest.raises(InputError, match=wrong):
        settings_of(recording)
