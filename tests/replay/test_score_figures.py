"""Every figure of a score, on hand-made walks whose answers are worked out by hand."""

import dataclasses
import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.errors import InputError
from gaitcue.events import (
    CueEnd,
    CuePattern,
    CueStart,
    CueStrength,
    Event,
    FreezeEnd,
    FreezeScore,
    FreezeStart,
    Phenotype,
    Profile,
    SensorGap,
    Step,
    Stride,
    WalkEnd,
    WalkStart,
)
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Annotation, Kind
from gaitcue.replay.score.figures import Figures, figures
from gaitcue.replay.score.run import Score
from gaitcue.replay.score.table import UNDEFINED, render
from gaitcue.replay.score.tally import Tally, combine, tally_walk

RATE = 100.0
FREEZE = frozenset({Kind.FREEZE})
CONTACTS = frozenset({Kind.INITIAL_CONTACT})
BOUTS = frozenset({Kind.WALKING_BOUT})


def walk(
    *middle: Event | Sequence[Event],
    seconds: float = 100.0,
    placement: Placement = Placement.LOWER_BACK,
    side: Side = Side.NONE,
) -> list[Event]:
    """A walk that lasts `seconds` from time 0, with what happened in it."""
    start = WalkStart(
        time=0.0, decided=0.0, sensor="s", placement=placement, side=side, rate=RATE,
        gyroscope=True, profile=Profile.QUIET, software="test",
    )  # fmt: skip
    last = seconds - 1 / RATE
    end = WalkEnd(time=last, decided=last, samples=round(seconds * RATE), missing=0)
    flat = [e for item in middle for e in ([item] if isinstance(item, Event) else item)]
    return [start, *sorted(flat, key=lambda e: e.decided), end]


def cue(start: float, end: float, reason: str = "freeze") -> list[Event]:
    return [
        CueStart(
            time=start,
            decided=start,
            reason=reason,
            tempo=100.0,
            latency=0.0,
            pattern=CuePattern.BEAT,
            strength=CueStrength.DISCREET,
        ),
        CueEnd(time=end, decided=end, start=start, beats=10, reason="steps"),
    ]


def freeze(start: float, end: float) -> list[Event]:
    return [
        FreezeStart(time=start, decided=start, score=0.9, phenotype=Phenotype.TREMBLING),
        FreezeEnd(time=end, decided=end, start=start, score=0.9),
    ]


def freeze_score(time: float, score: float) -> Event:
    return FreezeScore(time=time, decided=time, score=score, freeze_index=None)


def step(time: float, side: Side = Side.NONE) -> Event:
    return Step(time=time, decided=time + 0.3, side=side, confidence=1.0)


def stride(start: float, end: float, speed: float | None, length: float | None = None) -> Event:
    return Stride(
        time=end, decided=end, start=start, duration=end - start, cadence=100.0, length=length,
        speed=speed, speed_sd=None,
    )  # fmt: skip


def label(kind: Kind, onset: float, end: float | None = None, **more: object) -> Annotation:
    duration = 0.0 if end is None else end - onset
    return Annotation(kind=kind, onset=onset, duration=duration, **more)  # type: ignore[arg-type]


def scored(
    events: list[Event], *labels: Annotation, annotated: frozenset[Kind] = FREEZE
) -> Figures:
    return figures(tally_walk(events, labels, annotated), subjects=1)


def test_episodes_by_any_overlap_and_by_cues_starting_inside() -> None:
    found = scored(
        walk(cue(12, 15), cue(28, 33), cue(59, 61), cue(90, 95)),
        label(Kind.FREEZE, 10, 20),  # a cue starts inside, 2 s after onset
        label(Kind.FREEZE, 30, 34),  # the cue began 2 s before it
        label(Kind.FREEZE, 50, 58),  # missed: the cue starts after it
    )
    assert dataclasses.astuple(found.episodes) == (3, 2, 1, 2 / 3, 1 / 3)
    assert dataclasses.astuple(found.episodes_5s) == (2, 1, 1, 0.5, 0.5)
    # Three cues start outside, in 100 s - 22 s without freezing.
    assert found.false_cues_per_hour == pytest.approx(3 * 3600 / 78)
    # Needless cueing: 28-30, 59-61 and 90-95, not 33-34 (nor 12-15).
    assert found.cued_minutes_per_hour == pytest.approx((2 + 2 + 5) / 60 * 3600 / 78)


def test_a_cue_on_the_very_onset_is_inside_and_on_the_very_end_is_not() -> None:
    found = scored(
        walk(cue(10, 12), cue(40, 42)), label(Kind.FREEZE, 10, 20), label(Kind.FREEZE, 35, 40)
    )
    assert (found.episodes.found, found.episodes.found_strict) == (1, 1)
    assert found.latency_s.median == 0.0


def test_latency_is_to_the_first_cue_inside() -> None:
    found = scored(
        walk(cue(11, 12), cue(14, 16), cue(33, 35), cue(52, 54)),
        label(Kind.FREEZE, 10, 20),
        label(Kind.FREEZE, 30, 40),
        label(Kind.FREEZE, 50, 60),
    )
    # 1, 2 and 3 s: P90 by linear interpolation is 2 + 0.8.
    assert found.latency_s.median == pytest.approx(2.0)
    assert found.latency_s.p90 == pytest.approx(2.8)


def test_tolerance_widens_every_episode_at_both_ends() -> None:
    found = scored(
        walk(cue(8.5, 9.8), cue(31.2, 34), cue(60, 62)),
        label(Kind.FREEZE, 10, 16),  # a cue ended 0.2 s before it
        label(Kind.FREEZE, 28, 30),  # a cue begins 1.2 s after it
        label(Kind.FREEZE, 80, 90),
    )
    assert [dataclasses.astuple(one) for one in found.tolerances] == [
        (0.0, 0.0, 0.0, pytest.approx(3 * 3600 / 82)),
        # 8.5 s is more than 0.3 s early, so that cue is both of use and false.
        (0.3, pytest.approx(1 / 3), 0.5, pytest.approx(3 * 3600 / 82)),
        (2.0, pytest.approx(2 / 3), 0.5, pytest.approx(1 * 3600 / 82)),
    ]


def test_stop_delay_is_from_the_end_of_the_episode_to_that_of_its_cue() -> None:
    found = scored(
        walk(cue(12, 21), cue(31, 33), cue(38, 43), cue(52, 60), cue(72, 79), cue(92, 99)),
        label(Kind.FREEZE, 10, 20),  # 1 s too long
        label(Kind.FREEZE, 30, 34),  # over before the episode
        label(Kind.FREEZE, 36, 40),  # 3 s too long
        label(Kind.FREEZE, 50, 55),  # goes on into the next one: no delay of this one
        label(Kind.FREEZE, 58, 59),  # 1 s too long
        label(Kind.FREEZE, 70, 79),  # to the moment
    )
    # 1, 3, 1 and 0 s.
    assert dataclasses.astuple(found.cue_stop_delay_s) == pytest.approx((4, 1.0, 2.4))


def test_a_cue_that_the_end_of_the_walk_cut_short_has_no_stop_delay() -> None:
    found = scored(walk(cue(92, 99.99)), label(Kind.FREEZE, 90, 95))
    assert found.cue_stop_delay_s.n == 0


def test_excluded_spans_and_missing_samples_are_not_counted() -> None:
    found = scored(
        walk(
            cue(5, 8),  # in the excluded span
            cue(45, 48),
            SensorGap(time=60, decided=70, end=70, samples=1000, reset=True),
        ),
        label(Kind.EXCLUDED, 0, 20),
        label(Kind.FREEZE, 2, 12),  # wholly excluded
        label(Kind.FREEZE, 61, 69),  # wholly missing: a lost link helps nobody
        label(Kind.FREEZE, 80, 90),
    )
    assert found.hours == pytest.approx(70 / 3600)
    assert found.hours_without_freezing == pytest.approx(60 / 3600)
    assert found.false_cues_per_hour == pytest.approx(60.0)
    assert (found.episodes.reference, found.episodes.found) == (2, 0)


@pytest.mark.parametrize("reason", ["pressed", "walking"])
def test_a_cue_that_answers_no_freeze_is_neither_right_nor_wrong(reason: str) -> None:
    found = scored(
        walk(cue(20, 30, reason), cue(52, 58, reason)),
        label(Kind.FREEZE, 50, 60),
        label(Kind.ACTIVITY, 15, 40, detail="sitting down"),
        annotated=frozenset({Kind.FREEZE, Kind.ACTIVITY}),
    )
    assert (found.false_cues_per_hour, found.cued_minutes_per_hour) == (0.0, 0.0)
    assert found.episodes.found == 0
    assert found.activities["sitting down"].cues_per_hour == 0.0


def test_a_cue_that_never_ends_lasts_to_the_end_of_the_walk() -> None:
    found = scored(walk(cue(20, 30)[0]), label(Kind.FREEZE, 50, 60))
    assert (found.episodes.found, found.episodes.found_strict) == (1, 0)


def test_window_auc_takes_the_label_at_the_decision() -> None:
    found = scored(
        walk(freeze_score(9.99, 0.1), freeze_score(10.0, 0.4), freeze_score(19.75, 0.6),
             freeze_score(20.0, 0.4), freeze_score(50.0, 0.2)),
        label(Kind.FREEZE, 10, 20),
    )  # fmt: skip
    # Frozen 0.4, 0.6 against 0.1, 0.4, 0.2: of six pairs five are won and one is a tie.
    assert found.window_auc == pytest.approx(5.5 / 6)


def test_scores_in_excluded_spans_are_left_out() -> None:
    events = walk(freeze_score(1.0, 0.9), freeze_score(11.0, 0.5), freeze_score(30.0, 0.1))
    labels = (label(Kind.EXCLUDED, 0, 5), label(Kind.FREEZE, 10, 20))
    assert scored(events, *labels).window_auc == 1.0


def test_percent_time_frozen_over_walks() -> None:
    tallies = [
        tally_walk(walk(freeze(0, detected)), [label(Kind.FREEZE, 50, 50 + reference)], FREEZE)
        for reference, detected in [(10, 20), (20, 30), (30, 40)]
    ]
    percent = figures(combine(tallies), subjects=1).percent_time_frozen
    # 10, 20, 30 % against 20, 30, 40 %: MS walks 200, MS methods 150, MS error 0.
    assert percent.icc == pytest.approx(200 / (200 + 2 * 150 / 3))
    assert percent.mae == pytest.approx(10.0)
    assert percent.ci_low is not None
    assert percent.ci_high is not None
    assert percent.ci_low < 2 / 3 < percent.ci_high
    two = figures(combine(tallies[:2]), subjects=1).percent_time_frozen
    assert (two.icc, two.ci_low, two.ci_high) == (None, None, None)
    assert two.mae == pytest.approx(10.0)


def test_the_number_of_episodes_over_walks() -> None:
    tallies = [
        tally_walk(
            walk(*(freeze(10.0 * i, 10.0 * i + 4) for i in range(detected))),
            [label(Kind.FREEZE, 10.0 * i, 10.0 * i + 4) for i in range(reference)],
            FREEZE,
        )
        for reference, detected in [(1, 2), (2, 3), (3, 4)]
    ]
    count = figures(combine(tallies), subjects=1).episode_count
    # As 1, 2, 3 against 2, 3, 4 in test_score_agreement.
    assert (count.icc, count.mae) == pytest.approx((2 / 3, 1.0))


def test_agreement_on_the_time_that_is_frozen_and_that_is_not() -> None:
    found = scored(walk(freeze(15, 25)), label(Kind.FREEZE, 10, 20))
    # 5 s by both, 5 s by the reference alone, 5 s as detected alone, 85 s by neither.
    assert dataclasses.astuple(found.agreement) == pytest.approx((10 / 20, 170 / 180))


def test_the_chance_level_is_what_shifted_cues_and_scores_reach() -> None:
    found = scored(
        walk(
            cue(11, 15),
            [freeze_score(float(t), 0.9 if 10 <= t < 20 else 0.1) for t in range(100)],
        ),
        label(Kind.FREEZE, 10, 20),
    )
    chance = found.chance
    assert chance.recall is not None
    assert chance.recall_strict is not None
    assert chance.window_auc is not None
    assert chance.false_cues_per_hour is not None
    # The cue of 4 s meets the 10 s by luck in 14 of 100, and starts in them in 10 of 100.
    assert (chance.recall.mean, chance.recall.p) == pytest.approx((0.14, 0.14), abs=0.04)
    assert chance.recall_strict.mean == pytest.approx(0.10, abs=0.03)
    assert chance.false_cues_per_hour.mean == pytest.approx(0.9 * 40, abs=1.5)
    assert chance.false_cues_per_hour.p == pytest.approx(chance.recall_strict.p)
    # Only one shift of the scores in 100 is as good as none.
    assert (found.window_auc, chance.window_auc.mean) == pytest.approx((1.0, 0.5), abs=0.03)
    assert chance.window_auc.p == pytest.approx(0.01, abs=0.012)
    assert scored(walk(cue(11, 15))).chance.recall is None


def test_steps_are_matched_one_to_one() -> None:
    contacts = [label(Kind.INITIAL_CONTACT, t) for t in (1.0, 1.5, 2.0, 2.5)]
    found = scored(
        walk(step(1.02), step(1.54), step(1.62), step(2.1), step(8.0)),
        *contacts,
        annotated=CONTACTS,
    )
    # 2.5 is missed; 1.62 and 8.0 are false. Errors 20, 40 and 100 ms.
    assert dataclasses.astuple(found.steps) == (4, 3, 2, 6 / 9, pytest.approx(40.0))


def test_steps_are_scored_near_bouts_only_where_the_reference_marks_bouts() -> None:
    labels = [label(Kind.WALKING_BOUT, 10, 20), label(Kind.INITIAL_CONTACT, 10.0)]
    events = walk(step(9.8), step(5.0), step(20.4), step(20.6))
    found = scored(events, *labels, annotated=CONTACTS | BOUTS)
    assert (found.steps.matched, found.steps.false) == (1, 1)  # 20.4 is within the margin
    everywhere = scored(events, *labels, annotated=CONTACTS)
    assert (everywhere.steps.matched, everywhere.steps.false) == (1, 3)


def test_a_foot_sensor_is_scored_on_its_own_side() -> None:
    labels = [
        label(Kind.INITIAL_CONTACT, 1.0, side=Side.LEFT),
        label(Kind.INITIAL_CONTACT, 1.5, side=Side.RIGHT),
        label(Kind.INITIAL_CONTACT, 2.0, side=Side.LEFT),
    ]
    steps = [step(1.01, Side.LEFT), step(1.52, Side.RIGHT), step(2.01, Side.LEFT)]
    events = walk(steps, placement=Placement.FOOT, side=Side.LEFT)
    one = scored(events, *labels, annotated=CONTACTS)
    assert (one.steps.reference, one.steps.matched, one.steps.false) == (2, 2, 0)
    both = scored(walk(steps), *labels, annotated=CONTACTS)
    assert (both.steps.reference, both.steps.matched, both.steps.false) == (3, 3, 0)


def test_tolerance_decides_what_is_a_match() -> None:
    events, contact = walk(step(1.3)), label(Kind.INITIAL_CONTACT, 1.0)
    narrow = figures(tally_walk(events, [contact], CONTACTS), subjects=1)
    wide = figures(tally_walk(events, [contact], CONTACTS, tolerance=0.5), subjects=1)
    assert (narrow.steps.matched, wide.steps.matched) == (0, 1)


def test_speed_and_stride_length_per_reference_bout() -> None:
    found = scored(
        walk(
            stride(9.4, 10.4, speed=9.0),  # its middle lies before the bout
            stride(10.0, 11.0, speed=1.0, length=1.1),
            stride(11.0, 12.0, speed=1.2, length=None),
            stride(12.0, 13.0, speed=None, length=1.3),
            stride(50.0, 51.0, speed=0.5, length=0.4),
        ),
        label(Kind.WALKING_BOUT, 10, 20, speed=1.0, stride_length=1.0),
        label(Kind.WALKING_BOUT, 50, 60, speed=0.8),
        label(Kind.WALKING_BOUT, 70, 80, speed=0.7),  # no stride in it
        annotated=BOUTS,
    )
    # 1.1 against 1.0 and 0.5 against 0.8: errors +0.1 and -0.3 m/s.
    assert dataclasses.astuple(found.speed) == pytest.approx((3, 2, 0.2, -0.1))
    assert dataclasses.astuple(found.stride_length) == pytest.approx((1, 1, 0.2, 0.2))


def test_everyday_activities_without_walking_give_false_cues_and_false_steps() -> None:
    found = scored(
        walk(step(2), step(5), step(40), step(42), step(60.4), step(70), step(95), cue(72, 75)),
        label(Kind.ACTIVITY, 0, 30, detail="sitting down"),
        label(Kind.ACTIVITY, 30, 60, detail="walking"),
        label(Kind.WALKING_BOUT, 30, 60),
        label(Kind.ACTIVITY, 60, 90, detail="sitting down"),
        annotated=frozenset({Kind.FREEZE, Kind.ACTIVITY, Kind.WALKING_BOUT}),
    )
    # 2, 5 and 70 s in 59 s; 60.4 s is at the bout's edge, and nothing is told about 95 s.
    assert found.false_steps_per_hour == pytest.approx(3 * 3600 / 59)
    assert found.false_cues_per_hour == pytest.approx(36)  # 1 in 100 s
    sitting = found.activities["sitting down"]
    assert sitting.hours == pytest.approx(60 / 3600)
    assert (sitting.steps_per_hour, sitting.cues_per_hour) == pytest.approx((240, 60))
    assert found.episodes.reference == 0
    assert found.episodes.recall is None
    assert found.window_auc is None


def test_what_was_not_annotated_is_undefined() -> None:
    found = scored(walk(step(1.0), cue(2, 5), freeze_score(3.0, 0.5)), annotated=frozenset())
    empty = dataclasses.asdict(found)
    assert empty.pop("recordings") == 1
    assert empty.pop("subjects") == 1
    assert empty.pop("hours") == pytest.approx(100 / 3600)
    assert empty.pop("activities") == {}
    assert empty.pop("tolerances") == ()
    for bouts in ("speed", "stride_length"):
        assert empty.pop(bouts) == {"reference": 0, "n": 0, "mae": None, "bias": None}
    leaves = [
        leaf
        for value in empty.values()
        for leaf in (value.values() if isinstance(value, dict) else [value])
    ]
    assert leaves
    assert all(leaf is None for leaf in leaves)


def test_nothing_detected_has_no_latency_and_finds_nothing() -> None:
    found = scored(
        walk(),
        label(Kind.FREEZE, 10, 20),
        label(Kind.INITIAL_CONTACT, 30.0),
        annotated=FREEZE | CONTACTS,
    )
    assert (found.latency_s.median, found.latency_s.p90) == (None, None)
    assert (found.episodes.recall, found.episodes.recall_strict) == (0.0, 0.0)
    assert dataclasses.astuple(found.steps) == (1, 0, 0, 0.0, None)


def test_no_contact_in_the_reference_leaves_f1_undefined() -> None:
    found = scored(walk(step(3.0)), annotated=CONTACTS)
    assert dataclasses.astuple(found.steps) == (0, 0, 1, None, None)


def test_a_walk_frozen_all_through_has_no_rate_of_false_cues() -> None:
    assert scored(walk(), label(Kind.FREEZE, 0, 100)).false_cues_per_hour is None


def test_events_of_half_a_walk_are_refused() -> None:
    with pytest.raises(InputError, match="whole walk"):
        tally_walk(walk()[:-1], [], FREEZE)


def test_the_table_says_undefined() -> None:
    text = render(Score({"p1": tally_walk(walk(), [], frozenset())}, ()))
    assert "None" not in text
    assert "nan" not in text
    assert text.count(UNDEFINED) > 10


def test_the_table_has_intervals_over_people_and_the_chance_level() -> None:
    people = {
        name: tally_walk(walk(*cues), [label(Kind.FREEZE, 10, 20)], FREEZE)
        for name, cues in (("a", [cue(12, 18)]), ("b", [cue(40, 50)]))
    }
    lines = render(Score(people, ())).splitlines()
    assert "episodes found                 1 of 2, 50% [0%, 100%]" in lines
    assert "cue stop delay, median         undefined" in lines
    (chance,) = [line.split() for line in lines if line.startswith("episodes found   ")][1:]
    assert chance[2] == "50%"


def test_json_keys_of_the_nested_figures() -> None:
    record = json.loads(json.dumps(dataclasses.asdict(scored(walk()))))
    keys = ["reference", "found", "found_strict", "recall", "recall_strict"]
    assert list(record["episodes"]) == keys
    assert list(record["episodes_5s"]) == keys
    for name in ("latency_s", "cue_stop_delay_s"):
        assert list(record[name]) == ["n", "median", "p90"]
    for name in ("percent_time_frozen", "episode_count"):
        assert list(record[name]) == ["icc", "ci_low", "ci_high", "mae"]
    assert list(record["steps"]) == ["reference", "matched", "false", "f1", "timing_ms"]
    assert {"n", "mae", "bias"} <= set(record["speed"])
    assert {"n", "mae", "bias"} <= set(record["stride_length"])


EPISODES = st.lists(st.integers(1, 12), min_size=1, max_size=5).map(
    lambda lengths: [(20.0 * i + 3, 20.0 * i + 3 + n) for i, n in enumerate(lengths)]
)


@given(EPISODES)
def test_a_perfect_detector_finds_all_and_nothing_else(truth: list[tuple[float, float]]) -> None:
    ticks = np.arange(0, 100, 0.25)
    frozen = [any(a <= t < b for a, b in truth) for t in ticks]
    events = walk(
        *(cue(a, b) for a, b in truth),
        *(freeze(a, b) for a, b in truth),
        [freeze_score(float(t), 0.9 if f else 0.1) for t, f in zip(ticks, frozen, strict=True)],
        [step(float(t)) for t in ticks[::4]],
    )
    found = scored(
        events,
        *(label(Kind.FREEZE, a, b) for a, b in truth),
        *(label(Kind.INITIAL_CONTACT, float(t)) for t in ticks[::4]),
        annotated=FREEZE | CONTACTS,
    )
    assert (found.episodes.recall, found.episodes.recall_strict) == (1.0, 1.0)
    assert (found.false_cues_per_hour, found.cued_minutes_per_hour) == (0.0, 0.0)
    assert (found.latency_s.median, found.latency_s.p90) == (0.0, 0.0)
    assert found.window_auc == 1.0
    assert found.percent_time_frozen.mae == pytest.approx(0.0)
    assert (found.steps.f1, found.steps.timing_ms, found.steps.false) == (1.0, 0.0, 0)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=5))
def test_pooled_counts_are_the_sums_of_the_parts(walks: list[tuple[int, int]]) -> None:
    parts: list[Tally] = [
        tally_walk(
            walk(cue(heard, heard + 5), step(heard), freeze_score(heard, heard / 90)),
            [label(Kind.FREEZE, onset, onset + 6), label(Kind.INITIAL_CONTACT, onset)],
            FREEZE | CONTACTS,
        )
        for heard, onset in walks
    ]
    pooled, each = figures(combine(parts), 1), [figures(part, 1) for part in parts]
    assert pooled.recordings == len(walks)
    assert pooled.hours == pytest.approx(sum(one.hours for one in each))
    for name in ("reference", "found", "found_strict"):
        assert getattr(pooled.episodes, name) == sum(getattr(one.episodes, name) for one in each)
    for name in ("reference", "matched", "false"):
        assert getattr(pooled.steps, name) == sum(getattr(one.steps, name) for one in each)
    backwards = figures(combine(reversed(parts)), 1)
    assert backwards.window_auc == pooled.window_auc
    assert backwards.latency_s == pooled.latency_s
