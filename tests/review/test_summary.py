from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from walks import freeze, sensor, walk

from gaitcue.errors import InputError
from gaitcue.events import (
    CueEnd,
    DataProblem,
    Event,
    SensorGap,
    Stride,
    WalkEnd,
    WalkingBoutEnd,
    WalkStart,
)
from gaitcue.imu import Placement
from gaitcue.review import WalkSummary, summarise, summary_lines
from gaitcue.review.spread import SpreadFold


def only(events: list[Event], *kinds: type[Event]) -> list[Event]:
    return [e for e in events if isinstance(e, (WalkStart, WalkEnd, *kinds))]


def with_freezes(*spans: tuple[float, float], seconds: float = 100.0) -> list[Event]:
    begin, *rest, end = walk(seconds, freezes=0)
    for at, length in spans:
        rest += freeze(at, length)
    return [begin, *sorted(rest, key=lambda e: e.decided), end]


def absent(summary: WalkSummary) -> set[str]:
    return {f.name for f in fields(summary) if getattr(summary, f.name) is None}


def test_percent_time_frozen_is_over_the_measured_time():
    summary = summarise(with_freezes((10, 4), (50, 6)), [sensor(100)])
    assert summary.duration == pytest.approx(100)
    assert summary.measured_time == pytest.approx(99)
    assert summary.freezes == 2
    assert summary.time_frozen == pytest.approx(10)
    assert summary.percent_time_frozen == pytest.approx(100 * 10 / 99)
    assert summary.freeze_duration is not None
    assert summary.freeze_duration.median == pytest.approx(5)


def test_time_frozen_has_no_missing_samples_in_it():
    summary = summarise(with_freezes((28, 10)), [sensor(100)])  # one second is missing from 30 s on
    assert summary.time_frozen == pytest.approx(9)
    assert summary.episodes[0].duration == pytest.approx(10)


def test_speed_is_distance_over_time_and_keeps_its_error():
    events = walk(60, freezes=0)
    strides = [e for e in events if isinstance(e, Stride)]
    summary = summarise(events, [sensor()])
    assert summary.speed is not None
    expected = sum(e.length for e in strides) / sum(e.duration for e in strides)
    assert summary.speed.mean == pytest.approx(expected)
    assert summary.speed_sd == pytest.approx(0.15)
    assert summary.cadence is not None
    median = np.median([e.cadence for e in strides])
    assert summary.cadence.median == pytest.approx(median, abs=0.05)


def test_an_episode_knows_its_cue():
    begin, *rest, end = with_freezes((10, 4))
    again = freeze(15, 2)[0], freeze(15, 2)[2]  # begins while the first one's beat is still on
    cue_end = next(e for e in rest if isinstance(e, CueEnd))
    rest[rest.index(cue_end)] = replace(cue_end, time=20.0, decided=20.0, reason="no_stepping")
    rest = sorted([*rest, *again, *only(freeze(60, 3), type(again[0]), type(again[1]))[0:2]],
                  key=lambda e: e.decided)  # fmt: skip
    first, second, third = summarise([begin, *rest, end], [sensor(100)]).episodes
    assert (first.cued, first.cue_latency, first.cue_end) == ("started", 1.0, "no_stepping")
    assert (second.cued, second.cue_latency, second.cue_end) == ("already_on", None, "no_stepping")
    assert (third.cued, third.cue_latency, third.cue_end) == ("not", None, "")


@pytest.mark.parametrize(
    ("events", "one", "missing"),
    [
        (walk(60), sensor(), set()),
        (walk(60, freezes=0), sensor(), {"freeze_duration", "cue_latency", "cue_tempo"}),
        (walk(60, turns=False), sensor(gyroscope=False), {"turns", "turn_duration"}),
        (walk(60, turns=False), sensor(gravity=False), {"turns", "turn_peak_rate"}),
        (
            walk(60, speed=False),
            sensor(placement=Placement.SHANK, gyroscope=False),
            {"speed", "speed_sd", "stride_length", "distance"},
        ),
        (only(walk(60)), sensor(), {"cadence", "speed", "freezes", "percent_time_frozen"}),
        (walk(60, ended=False), sensor(), {"samples", "missing"}),
        (only(walk(1)), sensor(), {"freezes", "cadence"}),
    ],
)
def test_whatever_is_not_measurable_has_its_reason(events, one, missing):
    summary = summarise(events, [one])
    assert missing <= absent(summary)
    assert set(summary.reasons) == absent(summary)
    assert all(reason.endswith(".") for reason in summary.reasons.values())
    assert summary_lines(summary)


def test_without_a_gyroscope_no_turn_is_claimed():
    summary = summarise(walk(60, turns=False), [sensor(gyroscope=False)])
    assert summary.turns is None
    assert "gyroscope" in summary.reasons["turns"]
    assert summarise(walk(20, turns=False), [sensor(20)]).turns == 0


def test_problems_of_a_kind_are_told_once_with_their_number():
    (problem,) = summarise(walk(60, problems=5), [sensor()]).problems
    assert (problem.kind, problem.times, problem.count, problem.first) == ("clipped", 5, 35, 3.0)
    lines = summary_lines(summarise(walk(60, problems=5), [sensor()]))
    assert "  Problem: clipped samples (5 times, 35 in all)" in lines


def test_gaps_are_counted():
    summary = summarise(walk(60), [sensor()])
    assert (summary.gaps, summary.longest_gap, summary.resets) == (1, pytest.approx(1.0), 1)
    assert summary.missing == 100


def test_events_that_break_off_end_with_the_last_of_them():
    begin, *rest = with_freezes((50, 30))
    summary = summarise([begin, *(e for e in rest if e.decided < 60)], [sensor(100)])
    assert not summary.complete
    assert summary.freezes == 1
    assert summary.episodes[0].end == pytest.approx(summary.end, abs=0.02)


@pytest.mark.parametrize(
    "events", [[], walk(60)[1:], [*walk(60), *walk(60)], [walk(60)[0], *walk(60)]]
)
def test_what_is_not_one_walk_is_refused(events):
    with pytest.raises(InputError):
        summarise(events, [sensor()])


def test_lists_are_bounded_and_numbers_are_not():
    summary = summarise(walk(7200, freezes=300), [sensor(7200)])
    assert summary.freezes == 300
    assert len(summary.episodes) == 200
    assert summary.freeze_duration is not None
    assert summary.freeze_duration.count == 300


def test_gaps_that_are_long_past_are_forgotten():
    def gaps(n):
        for k in range(n):
            yield SensorGap(time=k, decided=k + 0.5, end=k + 0.5, samples=50, reset=False)

    begin, end = only(walk(60))
    few = summarise([begin, *gaps(1000), *freeze(1001, 4), replace(end, time=1010.0)], [sensor()])
    assert few.gaps == 1000
    assert few.measured_time == pytest.approx(1010.01 - 500)
    assert few.time_frozen == pytest.approx(4)


def test_times_in_words_are_since_the_walk_began():
    far = summary_lines(summarise(walk(60, start=1.7e9), [sensor(start=1.7e9)]))
    near = summary_lines(summarise(walk(60), [sensor()]))
    assert far == near
    assert "  Freezing: 2 episodes, 5.0 s in all, 8.5 % of the measured time" in near
    assert "    at 0:05.0 for 3.0 s, trembling or shuffling, cued 1.0 s later" in near


def test_no_freezing_is_not_claimed_where_nobody_looked():
    lines = summary_lines(summarise(only(walk(60), DataProblem), [sensor()]))
    assert any(line.startswith("  Freezing: not known.") for line in lines)
    assert not any("none found" in line for line in lines if "Freezing" in line)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=60))
def test_a_spread_is_right_to_half_its_resolution(values):
    fold = SpreadFold(0.01, 100.0)
    for value in values:
        fold.add(value)
    spread = fold.result()
    assert spread is not None
    quartiles = (spread.lower, spread.median, spread.upper)
    assert quartiles == pytest.approx(np.percentile(values, [25, 50, 75]), abs=0.0051)
    assert spread.mean == pytest.approx(np.mean(values))


def test_a_spread_leaves_out_what_is_no_number_and_stays_small():
    fold = SpreadFold(1.0, 10.0)
    for value in (None, float("nan"), float("inf")):
        fold.add(value)
    assert fold.result() is None
    fold.add(1e9)
    spread = fold.result()
    assert spread is not None
    assert spread.median == 10.0


def test_a_bout_of_fewer_than_six_steps_is_no_walking_bout_but_its_steps_count():
    begin, *rest, end = walk(60, freezes=0)
    short = WalkingBoutEnd(
        time=58.0,
        decided=59.0,
        start=56.0,
        steps=5,
        cadence=120.0,
        speed=1.0,
        speed_sd=0.11,
        distance=2.0,
    )
    before = summarise([begin, *rest, end], [sensor()])
    summary = summarise([begin, *rest, short, end], [sensor()])
    assert (before.walking_bouts, before.short_bouts) == (1, 0)
    assert (summary.walking_bouts, summary.short_bouts) == (1, 1)
    assert summary.steps == before.steps + 5
    assert summary.walking_time == pytest.approx(before.walking_time + 2)
    assert short not in summary.bouts
    assert "1 bout and 1 shorter" in "\n".join(summary_lines(summary))
    only_short = summarise([begin, short, end], [sensor()])
    assert "5 steps" in "\n".join(summary_lines(only_short))


def test_a_foot_tells_turns_without_gravity_and_nothing_else_does():
    foot, shank = (sensor(gravity=False, placement=p) for p in (Placement.FOOT, Placement.SHANK))
    quiet = walk(60, turns=False)
    assert summarise(quiet, [foot]).turns == 0
    assert summarise(quiet, [shank]).turns is None
