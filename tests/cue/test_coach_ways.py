"""The coach beyond the plain case: what a freeze looks like, other modes, buttons, outputs."""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from cue_walks import commands, freeze_end, freeze_start, output, press, steps, strides, walking

from gaitcue.cue import (
    ChangeReason,
    Coach,
    CoachSettings,
    CueMode,
    Decision,
    EndReason,
    StartReason,
    TrainingPart,
)
from gaitcue.errors import InputError
from gaitcue.events import (
    Button,
    CueChange,
    CueEnd,
    CuePattern,
    CueStart,
    CueStrength,
    CueWithheld,
    Event,
    Phenotype,
)

E = TypeVar("E", bound=Event)

AKINETIC = Phenotype.AKINETIC


def coached(events: Sequence[Event], until: float = 120.0, **settings: object) -> list[Decision]:
    return commands(Coach(CoachSettings(**settings)), events, until=until)  # type: ignore[arg-type]


def of(kind: type[E], decisions: Sequence[Decision]) -> list[E]:
    return [event for event in decisions if isinstance(event, kind)]


def test_a_trembling_freeze_gets_a_beat_and_one_without_movement_is_made_ready() -> None:
    for phenotype, pattern in ((Phenotype.TREMBLING, "beat"), (AKINETIC, "get_ready")):
        start = of(CueStart, coached([freeze_start(10, phenotype=phenotype)]))[0]
        assert (start.pattern, start.strength) == (pattern, CueStrength.DISCREET)


def test_a_cue_becomes_clear_after_four_seconds_without_progress() -> None:
    clearer = of(CueChange, coached([freeze_start(10)]))[0]
    assert (clearer.reason, clearer.strength) == (ChangeReason.NO_PROGRESS, CueStrength.CLEAR)
    assert 14 <= clearer.time < 14.6, "and between two beats"
    assert (clearer.time - 10) / 0.6 % 1 == pytest.approx(0.5)


def test_a_cue_that_helped_within_four_seconds_stays_discreet() -> None:
    assert of(CueChange, coached([freeze_start(10), freeze_end(10, 13), *steps(13, 9)])) == []


def test_another_kind_of_cue_is_tried_once_and_then_it_ends_and_is_not_begun_again() -> None:
    out = coached([freeze_start(10), freeze_start(50), freeze_start(60)])
    clearer, other = of(CueChange, out)
    assert (other.reason, other.pattern) == (ChangeReason.OTHER_WAY, CuePattern.COUNT)
    assert other.time == pytest.approx(10 + 19.5 * 0.6)
    assert clearer.time < other.time
    (end,) = of(CueEnd, out)
    assert end.reason == EndReason.LIMIT


def test_a_beat_asked_for_is_given_at_once_in_every_mode() -> None:
    for mode in CueMode:
        programme = (TrainingPart(60, 100),) if mode is CueMode.TRAINING else ()
        out = coached([press(10, Button.CUE_ME)], mode=mode, programme=programme)
        start = of(CueStart, out)[0]
        assert (start.time, start.reason) == (10, StartReason.PRESSED)


def test_who_stands_is_made_ready_and_who_walks_gets_the_beat() -> None:
    assert of(CueStart, coached([press(10, Button.CUE_ME)]))[0].pattern == CuePattern.GET_READY
    walked = [*steps(5, 9), press(10, Button.CUE_ME)]
    assert of(CueStart, coached(walked))[0].pattern == CuePattern.BEAT


def test_a_beat_asked_for_ends_after_two_steps_but_lasts_ten_beats() -> None:
    (end,) = of(CueEnd, coached([press(10, Button.CUE_ME), *steps(18, 9)]))
    assert end.reason == EndReason.STEPPING
    assert 19 < end.time < 20.5
    (end,) = of(CueEnd, coached([press(10, Button.CUE_ME), *steps(10.5, 9)]))
    assert end.beats in {9, 10}


def test_a_beat_asked_for_ends_though_nobody_steps_and_can_be_asked_for_again() -> None:
    (end,) = of(CueEnd, coached([press(10, Button.CUE_ME)]))
    assert (end.reason, 40 <= end.time < 41) == (EndReason.LIMIT, True)
    (end,) = of(CueEnd, coached([press(10, Button.CUE_ME), press(30, Button.CUE_ME)]))
    assert 60 <= end.time < 61


def test_asking_during_the_cue_of_a_freeze_makes_it_clear() -> None:
    change = of(CueChange, coached([freeze_start(10), press(12, Button.CUE_ME)]))[0]
    assert (change.time, change.strength) == (12, CueStrength.CLEAR)


def test_with_detection_off_only_the_button_cues() -> None:
    events = [*walking(0, 40), freeze_start(41), press(60, Button.CUE_ME)]
    assert [s.time for s in of(CueStart, coached(events, mode=CueMode.MANUAL))] == [60]


def test_stop_ends_a_cue_at_once_and_no_other_comes() -> None:
    after = [freeze_end(10, 20), freeze_start(30), press(40, Button.CUE_ME), *walking(50, 80)]
    for mode in (CueMode.ON_DEMAND, CueMode.CONTINUOUS):
        out = coached([freeze_start(10), press(12.3, Button.STOP), *after], mode=mode)
        assert [event.type for event in out] == ["cue_start", "cue_end"]
        assert (out[1].time, of(CueEnd, out)[0].reason) == (12.3, EndReason.STOPPED)


def test_not_a_freeze_ends_its_cue_and_the_next_seconds_are_quiet() -> None:
    dismissed = [freeze_start(10), press(12, Button.NOT_A_FREEZE)]
    (end,) = of(CueEnd, coached(dismissed))
    assert (end.time, end.reason) == (12, EndReason.DISMISSED)
    soon = [*dismissed, freeze_end(10, 14), freeze_start(20), freeze_end(20, 21)]
    assert len(of(CueStart, coached([*soon, freeze_start(30)]))) == 2
    assert of(CueStart, coached([*soon, freeze_start(30)]))[1].time == 30


def test_a_cue_ends_when_its_last_output_dies_and_none_starts_without_one() -> None:
    belt = output(5, working=True, name="belt")
    out = coached([belt, freeze_start(10), output(11, working=False), output(12, working=False)])
    assert of(CueEnd, out)[0].reason == EndReason.LIMIT, "the belt still works"
    events = [output(1, working=True), freeze_start(10), output(11, working=False)]
    (end,) = of(CueEnd, coached(events))
    assert (end.time, end.reason) == (11, EndReason.NO_OUTPUT)
    later = [freeze_end(10, 15), freeze_start(20), freeze_end(20, 25)]
    back = [output(30, working=True), freeze_start(40)]
    assert [s.time for s in of(CueStart, coached([*events, *later, *back]))] == [10, 40]


def test_a_freeze_whose_sound_was_lost_is_cued_again_when_it_is_back_but_for_no_longer() -> None:
    lost = [output(1, working=True), freeze_start(10), output(12, working=False)]
    out = coached([*lost, output(14, working=True)])
    assert [s.time for s in of(CueStart, out)] == [10, 14]
    assert 40 <= of(CueEnd, out)[1].time < 41, "30 s after the freeze was first cued"
    for over in (freeze_end(10, 13), press(13, Button.NOT_A_FREEZE)):
        assert len(of(CueStart, coached([*lost, over, output(14, working=True)]))) == 1
    assert len(of(CueStart, coached([*lost, output(50, working=True)]))) == 1


def test_continuous_cues_accompany_walking_and_not_standing() -> None:
    out = coached([*walking(10, 40), *walking(60, 90)], mode=CueMode.CONTINUOUS)
    assert [event.type for event in out] == ["cue_start", "cue_end"] * 2
    assert [s.time for s in of(CueStart, out)] == [11.5, 61.5]
    assert {s.reason for s in of(CueStart, out)} == {StartReason.WALKING}
    for end, over in zip(of(CueEnd, out), (43, 93), strict=True):
        assert end.reason == EndReason.STANDING
        assert over <= end.time < over + 0.6


def test_a_freeze_under_the_beat_makes_it_clear_and_stepping_makes_it_discreet_again() -> None:
    first, *rest = walking(10, 60)
    events = [first, *rest, freeze_start(30), freeze_end(30, 34), *steps(34.2, 4)]
    clear, discreet = of(CueChange, coached(events, mode=CueMode.CONTINUOUS))
    assert (clear.time, clear.reason, clear.strength) == (30, ChangeReason.FREEZE, "clear")
    assert (discreet.reason, discreet.strength) == (ChangeReason.STEPPING, "discreet")
    assert 35 < discreet.time < 36.5


def test_the_tempo_is_the_set_one_where_one_is_set() -> None:
    events = [*strides(0, 20, 110), *walking(20, 40)]
    assert of(CueStart, coached(events, mode=CueMode.CONTINUOUS, tempo=90))[0].tempo == 90
    assert of(CueStart, coached(events, mode=CueMode.CONTINUOUS))[0].tempo == 110
    assert of(CueStart, coached([freeze_start(10)], tempo=90))[0].tempo == 90


def test_a_training_programme_changes_the_tempo_in_its_time_and_ends() -> None:
    programme = (TrainingPart(20, 90), TrainingPart(20, 100), TrainingPart(10, 110))
    out = coached(walking(10, 100), mode=CueMode.TRAINING, programme=programme)
    assert of(CueStart, out)[0].tempo == 90
    changes = of(CueChange, out)
    assert [(c.tempo, c.reason) for c in changes] == [
        (100, ChangeReason.PROGRAMME), (110, ChangeReason.PROGRAMME)
    ]  # fmt: skip
    for change, due in zip(changes, (31.5, 51.5), strict=True):
        assert due <= change.time < due + 0.7
    (end,) = of(CueEnd, out)
    assert end.reason == EndReason.PROGRAMME_OVER
    assert 61.5 <= end.time < 62.1


def test_a_trial_cues_half_of_the_freezes_and_says_of_the_others_that_they_got_none() -> None:
    freezes = [e for k in range(40) for e in (freeze_start(20 * k + 5), freeze_end(20 * k + 5, 20 * k + 8))]  # fmt: skip # noqa: E501
    out = coached(freezes, until=900, trial=7)
    withheld, starts = of(CueWithheld, out), of(CueStart, out)
    assert len(withheld) == len(starts) == 20
    assert {s.reason for s in starts} == {StartReason.DRAWN}
    for block in range(10):
        within = [w for w in withheld if 80 * block <= w.time < 80 * (block + 1)]
        assert len(within) == 2, "two of every four"
    assert out == coached(freezes, until=900, trial=7)
    assert out != coached(freezes, until=900, trial=8)


def test_a_trial_lets_nobody_stand_for_long_and_a_button_overrules_it() -> None:
    seed = next(s for s in range(99) if of(CueWithheld, coached([freeze_start(10)], trial=s)))
    start = of(CueStart, coached([freeze_start(10)], trial=seed))[0]
    assert (start.time, start.reason, start.latency) == (15, StartReason.RESCUE, 5)
    asked = coached([freeze_start(10), press(12, Button.CUE_ME)], trial=seed)
    assert (of(CueStart, asked)[0].time, of(CueStart, asked)[0].reason) == (12, "pressed")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"tempo": 150.0}, "60 to 140"),
        ({"mode": CueMode.TRAINING}, "programme"),
        ({"programme": (TrainingPart(60, 100),)}, "programme"),
        ({"mode": CueMode.TRAINING, "programme": (TrainingPart(0, 100),)}, "longer than 0"),
        ({"mode": CueMode.TRAINING, "programme": (TrainingPart(9, 50),)}, "60 to 140"),
        ({"mode": CueMode.CONTINUOUS, "trial": 1}, "on_demand"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        CoachSettings(**settings)  # type: ignore[arg-type]
