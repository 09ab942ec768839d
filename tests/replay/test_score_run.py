"""Scoring recordings from motion to figures, on simulated walks."""

import json
from dataclasses import replace

import pytest

from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Kind, Recording
from gaitcue.replay.score import score
from gaitcue.replay.simulator import SCENARIOS, Scenario, Stand, Walk, simulate

SHORT = Scenario(name="short", segments=(Stand(duration=3), Walk(duration=15), Stand(duration=3)))


def walker(subject: str, seed: int = 0, source: str = "simulated") -> Recording:
    return replace(simulate(SHORT, seed=seed), subject=subject, source=source)


def both_feet() -> Recording:
    left, right = (
        simulate(SHORT, placement=Placement.FOOT, side=side) for side in (Side.LEFT, Side.RIGHT)
    )
    return replace(left, sensors=left.sensors + right.sensors)


def test_the_json_object_has_the_documented_keys_for_all_and_for_each_person() -> None:
    result = score([walker("b"), walker("a", 1), walker("a", 2)])
    record = json.loads(json.dumps(result.as_json(), allow_nan=False))
    people = record.pop("per_subject")
    assert record.pop("intervals")["steps_f1"] is not None
    assert record.pop("mean_window_auc") is None
    assert list(people) == ["a", "b"]
    keys = {
        "recordings", "subjects", "hours", "window_auc", "episodes", "episodes_5s",
        "false_cues_per_hour", "latency_s", "percent_time_frozen", "steps", "speed",
        "stride_length", "cue_stop_delay_s", "episode_count", "agreement", "tolerances", "chance",
        "voluntary_stops",
    }  # fmt: skip
    assert keys <= set(record)
    assert set(people["a"]) == set(people["b"]) == set(record)
    assert (record["recordings"], record["subjects"]) == (3, 2)
    assert (people["a"]["recordings"], people["a"]["subjects"]) == (2, 1)
    assert record["hours"] == pytest.approx(3 * 21 / 3600)
    assert record["window_auc"] is None  # nobody froze
    assert record["episodes"]["reference"] == 0


def test_a_walk_with_freezes_is_scored_end_to_end() -> None:
    walk = simulate(SCENARIOS["freezing"], seed=1)
    truth = walk.of_kind(Kind.FREEZE)
    pooled = score([walk]).pooled
    assert pooled.episodes.reference == len(truth)
    assert pooled.episodes_5s.reference == sum(freeze.duration >= 5 for freeze in truth)
    assert pooled.window_auc is not None
    assert pooled.window_auc > 0.5
    assert pooled.steps.reference == len(walk.of_kind(Kind.INITIAL_CONTACT))
    assert pooled.steps.f1 is not None
    assert pooled.steps.f1 > 0.8
    assert pooled.speed.reference == len(walk.of_kind(Kind.WALKING_BOUT))


def test_the_profile_decides_the_operating_point() -> None:
    walk = simulate(SCENARIOS["freezing"], seed=1)
    quiet, assist = (
        score([walk], profile=profile).pooled for profile in (Profile.QUIET, Profile.ASSIST)
    )
    assert assist.episodes.found is not None
    assert quiet.episodes.found is not None
    assert assist.episodes.found >= quiet.episodes.found


def test_the_tolerance_decides_what_is_a_step() -> None:
    wide, narrow = (score([walker("a")], tolerance=t).pooled.steps for t in (0.25, 1e-6))
    assert wide.matched
    assert narrow.matched == 0


def test_two_feet_are_one_walk() -> None:
    walk = both_feet()
    result = score([walk]).pooled
    assert result.recordings == 1
    assert result.hours == pytest.approx(21 / 3600)
    assert result.steps.reference == len(walk.of_kind(Kind.INITIAL_CONTACT))


def test_the_same_pseudonym_in_two_sources_is_two_people() -> None:
    result = score([walker("1", source="one"), walker("1", source="two"), walker("2")])
    assert list(result.tallies) == ["one/1", "two/1", "2"]


def test_recordings_that_cannot_be_scored_are_left_out_and_named() -> None:
    plain = replace(walker("a"), name="plain", annotations=(), annotated=frozenset())
    result = score([walker("a"), plain, both_feet()], placement=Placement.LOWER_BACK)
    assert result.pooled.recordings == 1
    assert len(result.left_out) == 2
    assert "plain" in result.left_out[0]
    assert "lower_back" in result.left_out[1]


@pytest.mark.parametrize(
    ("recordings", "reason"),
    [
        pytest.param([], "no recording", id="none"),
        pytest.param(
            [replace(walker("a"), annotations=(), annotated=frozenset())], "annotations", id="bare"
        ),
    ],
)
def test_nothing_to_score_is_one_sentence(recordings: list[Recording], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        score(recordings)
