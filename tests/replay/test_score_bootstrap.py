"""Intervals over people."""

import numpy as np
import pytest

from gaitcue.replay.score import bootstrap
from gaitcue.replay.score.agreement import roc_area
from gaitcue.replay.score.bootstrap import intervals, mean_window_auc
from gaitcue.replay.score.chance import SHIFTS
from gaitcue.replay.score.episodes import Episode
from gaitcue.replay.score.freezing import FreezingTally
from gaitcue.replay.score.tally import Tally
from gaitcue.replay.score.walking import BoutTally


def person(
    found: list[bool], scores: list[float] | None = None, frozen: list[bool] | None = None
) -> Tally:
    """Somebody with one hour without freezing, and episodes that were found or not."""
    said = np.array(scores or [], dtype=float)
    nothing = BoutTally(np.empty((0, 2)))
    freezing = FreezingTally(
        episodes=tuple(
            Episode(duration=6.0, found=(f,) * 3, latency=None, stop_delay=None) for f in found
        ),
        false_cues=(sum(found),) * 3,
        free_seconds=3600.0,
        free_cued_seconds=0.0,
        agreed=np.array([1.0, 1.0, 1.0, 1.0]),
        scores=said,
        frozen=np.array(frozen or [], dtype=np.bool_),
        decisions=np.array([len(said)]),
        percent=np.empty((0, 2)),
        counts=np.empty((0, 2)),
        by_chance=np.zeros((SHIFTS, 5), dtype=np.int64),
    )
    return Tally(
        recordings=1, seconds=3600.0, freezing=freezing, stops=None, steps=None, speed=nothing,
        stride_length=nothing, still=None, activities={},
    )  # fmt: skip


def test_people_are_drawn_not_episodes() -> None:
    # Two people are drawn: both the first in a quarter of draws, both the second in another.
    found = intervals({"a": person([True]), "b": person([False])})
    assert found["recall"] == (0.0, 1.0)
    assert found["false_cues_per_hour"] == (0.0, 1.0)
    assert found["latency_median"] is None


def test_people_who_are_all_alike_leave_nothing_to_doubt() -> None:
    people = {name: person([True, False]) for name in "abcde"}
    assert intervals(people)["recall"] == (0.5, 0.5)


def test_one_person_has_no_interval() -> None:
    assert set(intervals({"a": person([True])}).values()) == {None}


def test_the_mean_of_a_normal_sample_has_the_interval_of_the_textbook() -> None:
    # Each of 100 people has one episode, of which 36 are found: 0.36 +- 1.96 * 0.048.
    people = {str(i): person([i < 36]) for i in range(100)}
    found = intervals(people)["recall"]
    assert found == pytest.approx((0.36 - 0.094, 0.36 + 0.094), abs=0.015)


def test_areas_of_drawn_people_are_those_of_their_scores_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    people = {
        name: person([True], rng.integers(0, 9, 20).tolist(), (rng.uniform(size=20) < 0.4).tolist())
        for name in "abc"
    }
    monkeypatch.setattr(bootstrap, "RESAMPLES", 200)
    draws = np.random.default_rng(bootstrap.SEED).integers(0, 3, (200, 3))
    tallies = [tally.freezing for tally in people.values()]
    areas = [
        roc_area(
            np.concatenate([tallies[p].scores for p in draw]),
            np.concatenate([tallies[p].frozen for p in draw]),
        )
        for draw in draws
    ]
    assert intervals(people)["window_auc"] == pytest.approx(
        tuple(np.percentile(np.array(areas, dtype=float), [2.5, 97.5]))
    )


def test_the_mean_area_leaves_out_who_never_freezes() -> None:
    people = [
        person([True], [0.1, 0.9], [False, True]),
        person([True], [0.1, 0.9], [True, False]),
        person([], [0.1, 0.9], [False, False]),
    ]
    assert mean_window_auc(people) == 0.5
    assert mean_window_auc(people[2:]) is None
