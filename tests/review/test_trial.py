"""The effect of the walker's own trial, from the events of its walks."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from gaitcue.cue.trial import WITHHELD_FOR
from gaitcue.events import (
    CuePattern,
    CueStart,
    CueStrength,
    CueWithheld,
    Event,
    FreezeEnd,
    SensorGap,
    WalkEnd,
)
from gaitcue.review.trial import LEAST, Drawn, TrialFold, effect, effect_lines


def start(time: float, reason: str = "drawn") -> CueStart:
    return CueStart(
        time=time, decided=time, reason=reason, tempo=100, latency=1, pattern=CuePattern.BEAT,
        strength=CueStrength.DISCREET,
    )  # fmt: skip


def withheld(time: float) -> CueWithheld:
    return CueWithheld(time=time, decided=time, reason="freeze", latency=1)


def over(time: float) -> FreezeEnd:
    return FreezeEnd(time=time, decided=time + 1, start=0, score=0.9)


def found(*events: Event) -> TrialFold:
    fold = TrialFold()
    for event in events:
        fold.add(event)
    return fold


def test_a_freeze_counts_from_when_its_cue_came_or_would_have_come() -> None:
    fold = found(start(10), over(12), withheld(20), over(23.5))
    assert fold.freezes == [Drawn(True, 2.0), Drawn(False, 3.5)]


def test_a_freeze_counts_up_to_the_cap_and_the_rescue_changes_nothing() -> None:
    fold = found(withheld(10), start(15, "rescue"), over(30), start(40), over(70))
    assert fold.freezes == [Drawn(False, WITHHELD_FOR), Drawn(True, WITHHELD_FOR)]


def test_a_freeze_that_was_over_before_it_was_decided_lasted_no_longer() -> None:
    assert found(withheld(10), over(9.5)).freezes == [Drawn(False, 0.0)]


def test_cues_that_were_not_drawn_do_not_count() -> None:
    assert found(start(10, "freeze"), over(12), start(20, "pressed")).freezes == []


def test_a_freeze_whose_end_nobody_knows_is_left_out_and_counted() -> None:
    gap = SensorGap(time=12, decided=13, end=13, samples=99, reset=True)
    end = WalkEnd(time=100, decided=100, samples=1, missing=0)
    fold = found(withheld(10), gap, start(20), over(21), start(90), end)
    assert fold.freezes == [Drawn(True, 1.0), Drawn(True, WITHHELD_FOR)]
    assert fold.left_out == 1


def arms(cued: list[float], without: list[float]) -> list[Drawn]:
    return [*(Drawn(True, x) for x in cued), *(Drawn(False, x) for x in without)]


def test_an_effect_is_told_with_its_interval() -> None:
    draw = np.random.default_rng(1)
    shorter = arms(list(draw.uniform(0, 3, 30)), list(draw.uniform(2, 5, 30)))
    told = effect(shorter)
    assert told.difference == pytest.approx(-2.0, abs=0.5)
    assert told.low is not None
    assert told.high is not None
    assert told.low < told.difference < told.high < 0  # type: ignore[operator]
    assert told.p is not None
    assert told.p < 0.001
    lines = effect_lines(told)
    assert "shortens" in lines[-1]
    assert effect(shorter) == told, "the same freezes tell the same"


def test_no_effect_is_not_made_one() -> None:
    same = list(np.random.default_rng(2).uniform(0, 5, 20))
    told = effect(arms(same, same))
    assert told.p is not None
    assert told.p > 0.9
    assert "cannot be told" in effect_lines(told)[-1]


def test_too_few_freezes_tell_nothing() -> None:
    told = effect(arms([1.0, 2.0] * LEAST, [3.0] * (LEAST - 2)))
    assert told.difference is None
    assert "2 more" in effect_lines(told)[-1]
    assert effect_lines(effect([]))[0] == "With a beat: 0 freezes"


def test_an_arm_that_is_all_alike_is_compared_all_the_same() -> None:
    told = effect(arms([1.0, 2.0, 3.0, 4.0] * 3, [WITHHELD_FOR] * 12))
    assert told.high is not None
    assert told.high < 0


def test_the_interval_is_that_of_welch() -> None:
    cued, without = (
        [0.5, 1.0, 2.5, 3.0, 4.0, 1.5, 2.0, 0.0],
        [2.0, 5.0, 5.0, 4.5, 1.0, 3.0, 5.0, 4.0, 2.5],
    )
    told = effect(arms(cued, without))
    expected = ttest_ind(cued, without, equal_var=False).confidence_interval(0.95)
    assert (told.low, told.high) == pytest.approx((expected.low, expected.high))
