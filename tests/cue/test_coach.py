"""The coach on demand, its default: a freeze is cued until stepping has returned."""

import pytest
from cue_walks import commands, freeze_end, freeze_start, steps, strides

from gaitcue.cue import Beats, Coach, CoachSettings, EndReason, StartReason
from gaitcue.errors import InputError
from gaitcue.events import CueChange, CueEnd, CueStart, Event, SensorGap


def cue(events: list[Event], **options: float) -> tuple[CueStart, CueEnd]:
    """The one cue that the events cause, whatever changes while it lasts."""
    out = commands(Coach(), events, until=options.get("until", 120.0))
    start, end = (event for event in out if not isinstance(event, CueChange))
    assert isinstance(start, CueStart)
    assert isinstance(end, CueEnd)
    return start, end


def tempo_after(before: list[Event], freeze: float, factor: float = 1.0) -> float:
    coach = Coach(CoachSettings(tempo_factor=factor))
    start = commands(coach, [*before, freeze_start(freeze)], until=freeze + 1)[0]
    assert isinstance(start, CueStart)
    return start.tempo


def test_a_freeze_starts_a_cue_when_it_is_decided_and_tells_the_latency() -> None:
    start, _ = cue([freeze_start(20.0, decided=21.5)])
    assert start.time == start.decided == 21.5
    assert start.latency == 1.5
    assert start.reason == StartReason.FREEZE


def test_walking_alone_starts_no_cue() -> None:
    assert commands(Coach(), [*steps(1, 100), *strides(1, 100)], until=70) == []


def test_the_tempo_is_the_walkers_own_cadence_times_the_factor() -> None:
    walk = strides(0, 20, cadence=112)
    assert tempo_after(walk, 30) == 112
    assert tempo_after(walk, 30, factor=0.9) == pytest.approx(100.8)
    assert tempo_after(walk, 30, factor=1.1) == pytest.approx(123.2)


@pytest.mark.parametrize("factor", [0.89, 1.11, float("nan")])
def test_a_factor_outside_its_range_is_refused(factor: float) -> None:
    with pytest.raises(InputError, match=r"0\.90 to 1\.10"):
        CoachSettings(tempo_factor=factor)


@pytest.mark.parametrize(("cadence", "tempo"), [(45.0, 60.0), (180.0, 140.0)])
def test_the_tempo_is_clamped(cadence: float, tempo: float) -> None:
    assert tempo_after(strides(0, 30, cadence), 60) == tempo


def test_without_steady_walking_before_the_tempo_is_the_stated_one() -> None:
    assert tempo_after([], 10) == 100
    assert tempo_after(strides(0, 4, cadence=120), 10) == 100


def test_hastened_steps_before_the_freeze_do_not_set_the_tempo() -> None:
    walk = strides(0, 20, cadence=96)
    hastened = strides(walk[-1].time, 14, cadence=170)  # steady in itself, ends with the freeze
    freeze = hastened[-1].time
    assert freeze - walk[-1].time < 6.0
    assert tempo_after([*walk, *hastened], freeze) == 96


def test_the_last_steady_walking_counts_however_long_ago() -> None:
    uneven = [s for k in range(30) for s in strides(40 + 4 * k, 1, cadence=60 + 40 * (k % 3))]
    assert tempo_after([*strides(0, 20, cadence=104), *uneven], 200) == 104
    newer = strides(170, 12, cadence=92)
    assert tempo_after([*strides(0, 20, cadence=104), *uneven, *newer], 200) == 92


def test_a_cue_lasts_ten_beats_when_these_are_the_shorter() -> None:
    walk = strides(0, 20, cadence=140)
    _, end = cue([*walk, freeze_start(20), freeze_end(20, 20.5), *steps(20.5, 4, cadence=140)])
    assert end.beats == 10


def test_a_cue_lasts_five_seconds_when_these_are_the_shorter() -> None:
    walk = strides(0, 20, cadence=60)
    _, end = cue([*walk, freeze_start(40), freeze_end(40, 40.5), *steps(40.5, 4, cadence=60)])
    assert 5.0 <= end.time - 40 < 6.0
    assert end.beats == 6  # at 0, 1, ... 5 s; the end waits until the last tick has sounded


def test_a_cue_goes_on_while_the_freeze_does() -> None:
    _, end = cue([freeze_start(10), *steps(12, 20, cadence=300), freeze_end(10, 32)])
    assert end.time > 32


def test_a_cue_ends_after_two_steps_and_a_short_tail() -> None:
    _, end = cue([freeze_start(10), freeze_end(10, 20), *steps(21, 9)])
    second = 21.6
    assert 0.5 <= end.time - second < 0.5 + 1.0
    assert end.reason == EndReason.STEPPING


def test_one_step_is_not_effective_stepping() -> None:
    _, end = cue([freeze_start(10), freeze_end(10, 20), *steps(21, 1), *steps(24, 1)])
    assert end.time > 24


def test_steps_taken_before_the_end_of_the_freeze_was_decided_count() -> None:
    freeze = [freeze_start(10), freeze_end(10, 20, decided=22)]
    _, end = cue([*freeze, *steps(20.1, 2, delay=0.3)])
    assert end.reason == EndReason.STEPPING
    assert 22.5 <= end.time < 23.5


def test_a_cue_ends_when_the_walker_stays_standing_after_the_freeze() -> None:
    _, end = cue([freeze_start(10), freeze_end(10, 20)])
    assert end.reason == EndReason.NO_STEPPING
    assert 25 <= end.time < 26


def test_a_beat_that_does_not_help_is_not_repeated_for_ever() -> None:
    _, end = cue([freeze_start(10)])
    assert end.reason == EndReason.LIMIT
    assert 40 <= end.time < 41


def test_a_freeze_during_the_tail_keeps_the_beat_and_starts_no_second_cue() -> None:
    again = [freeze_start(21.8), freeze_end(21.8, 30), *steps(30.5, 9)]
    start, end = cue([freeze_start(10), freeze_end(10, 20), *steps(21, 2), *again])
    assert start.time == 10
    assert 31.5 < end.time < 33


def test_a_freeze_right_after_a_cue_is_cued_at_once() -> None:
    first = [freeze_start(10), freeze_end(10, 20), *steps(21, 2)]
    out = commands(Coach(), [*first, freeze_start(23.3)], until=60)
    start, end, again, _ = (event for event in out if not isinstance(event, CueChange))
    assert start.time == 10
    assert end.time < 23.3
    assert again.time == 23.3


def test_an_episode_is_cued_once() -> None:
    told_twice = [freeze_start(10), freeze_start(45)]
    out = commands(Coach(), told_twice, until=120)
    assert len([event for event in out if isinstance(event, CueStart)]) == 1


def test_an_end_never_cuts_the_last_tick() -> None:
    start, end = cue([freeze_start(10), freeze_end(10, 20), *steps(21, 9)])
    beat = 60 / start.tempo
    assert (end.time - start.time) / beat % 1 == pytest.approx(0.5)
    assert end.beats == Beats(start.time, start.tempo).before(end.time)


def test_a_gap_that_reset_the_tracking_ends_a_cue() -> None:
    gap = SensorGap(time=12.0, decided=12.6, end=12.6, samples=60, reset=True)
    _, end = cue([freeze_start(10), gap])
    assert (end.time, end.reason) == (12.6, EndReason.SENSOR_GAP)


def test_a_bridged_gap_does_not() -> None:
    gap = SensorGap(time=12.0, decided=12.1, end=12.1, samples=10, reset=False)
    _, end = cue([freeze_start(10), gap])
    assert end.reason == EndReason.LIMIT


def test_stale_data_end_a_cue_a_second_after_the_last_sample() -> None:
    for tick in (0.001, 0.25, 7.0):
        *_, end = commands(
            Coach(), [freeze_start(10)], until=30, good=[(0, 12.34), (20, 30)], tick=tick
        )
        assert isinstance(end, CueEnd)
        assert (end.time, end.reason) == (13.34, EndReason.STALE_DATA)


def test_nothing_is_started_on_stale_data() -> None:
    assert commands(Coach(), [freeze_start(10, decided=14)], until=30, good=[(0, 12.5)]) == []


def test_a_freeze_after_the_data_came_back_is_cued() -> None:
    events = [freeze_start(10), freeze_start(25)]
    _, _, again, *_ = commands(Coach(), events, until=30, good=[(0, 12), (20, 30)])
    assert again.time == 25


def test_the_end_of_the_walk_ends_a_cue() -> None:
    _, end = cue([freeze_start(10)], until=14.4)
    assert (end.time, end.reason) == (14.4, EndReason.WALK_END)
    assert end.beats == 8
