"""The chance level: what shifted cues and scores reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.events import Profile, WalkStart
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score.agreement import roc_area
from gaitcue.replay.score.chance import (
    FALSE,
    FOUND,
    FOUND_STRICT,
    LONG_FOUND,
    SHIFTS,
    p_value,
    shifted_areas,
    shifted_counts,
)

HUNDRED = np.array([[0.0, 100.0]])


def start(name: str = "walk") -> WalkStart:
    return WalkStart(
        time=0.0, decided=0.0, sensor="s", placement=Placement.WAIST, side=Side.NONE, rate=100.0,
        gyroscope=True, profile=Profile.QUIET, software="test", recording=name,
    )  # fmt: skip


def freeze(onset: float, end: float) -> Annotation:
    return Annotation(kind=Kind.FREEZE, onset=onset, duration=end - onset)


def test_a_cue_meets_an_episode_by_chance_as_often_as_they_are_long() -> None:
    counts = shifted_counts([(12.0, 17.0)], [freeze(10, 20)], HUNDRED, start())
    # Of 100 s, a cue starts inside in 10 s, and one of 5 s overlaps in 15 s.
    assert counts[:, FOUND_STRICT].mean() == pytest.approx(0.10, abs=0.03)
    assert counts[:, FOUND].mean() == pytest.approx(0.15, abs=0.035)
    assert (counts[:, FALSE] == 1 - counts[:, FOUND_STRICT]).all()
    assert (counts[:, FOUND] == counts[:, LONG_FOUND]).all()


def test_a_cue_shifted_past_the_end_goes_on_at_the_beginning() -> None:
    counts = shifted_counts([(0.0, 50.0)], [freeze(0, 1)], HUNDRED, start())
    assert counts[:, FOUND].mean() == pytest.approx(0.51, abs=0.05)
    assert (counts[:, LONG_FOUND] == 0).all()


def test_only_time_in_the_experiment_is_shifted_through() -> None:
    experiment = np.array([[0.0, 10.0], [90.0, 100.0]])  # 20 s in all
    counts = shifted_counts([(92.0, 93.0)], [freeze(5, 95)], experiment, start())
    # In the experiment the episode is of 10 s.
    assert counts[:, FOUND_STRICT].mean() == pytest.approx(0.5, abs=0.05)
    outside = shifted_counts([(50.0, 55.0)], [freeze(5, 8)], experiment, start())
    assert (outside == 0).all()


def test_a_cue_that_always_sounds_finds_everything_by_chance_too() -> None:
    counts = shifted_counts([(0.0, 100.0)], [freeze(10, 12), freeze(50, 60)], HUNDRED, start())
    assert (counts[:, FOUND] == 2).all()
    assert p_value(2, counts[:, FOUND].astype(float)) == 1.0


def test_shifts_are_the_same_for_the_same_walk_and_others_for_another() -> None:
    one, again, other = (
        shifted_counts([(12.0, 17.0)], [freeze(10, 20)], HUNDRED, start(name))
        for name in ("a", "a", "b")
    )
    assert (one == again).all()
    assert (one != other).any()


def test_p_value_counts_the_observed_one_too() -> None:
    shifted = np.array([0.0, 1.0, 2.0, 3.0])
    assert p_value(3.0, shifted) == pytest.approx(2 / 5)
    assert p_value(9.0, shifted) == pytest.approx(1 / 5)
    assert p_value(0.0, shifted, low_is_good=True) == pytest.approx(2 / 5)


WALKS = st.lists(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=6),
    min_size=1,
    max_size=3,
)


@given(WALKS)
def test_areas_by_chance_are_areas_of_shifted_scores(walks: list[list[tuple[int, bool]]]) -> None:
    scores = [np.array([score for score, _ in walk], dtype=float) for walk in walks]
    frozen = [np.array([label for _, label in walk]) for walk in walks]
    labels = np.concatenate(frozen)
    areas = shifted_areas(np.concatenate(scores), labels, np.array([len(walk) for walk in walks]))
    if not 0 < labels.sum() < len(labels):
        assert len(areas) == 0
        return
    shifted = [np.empty(0)]
    for each in scores:
        shifted = [np.concatenate([s, np.roll(each, r)]) for s in shifted for r in range(len(each))]
    reachable = np.unique([roc_area(each, labels) for each in shifted])
    assert len(areas) == SHIFTS
    assert np.abs(areas[:, None] - reachable).min(axis=1).max() < 1e-9
