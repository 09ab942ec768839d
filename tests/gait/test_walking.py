"""Steps, strides, bouts, turns and freezes of simulated walkers, against the exact truth."""

from dataclasses import replace

import numpy as np
import pytest
from gait_walks import SHORT, SITTING, STANDING, STEADY, STOPS, track, walk

from gaitcue.events import (
    DataProblem,
    FreezeEnd,
    FreezeStart,
    Profile,
    Step,
    Stride,
    Turn,
    WalkingBoutEnd,
    WalkingBoutStart,
)
from gaitcue.gait import Tracker
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Kind

TRUNK = [Placement.LOWER_BACK, Placement.WAIST, Placement.CHEST, Placement.HEAD]
LEG = [Placement.SHANK, Placement.FOOT]


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def matched(times, reference, tolerance):
    """How many of `reference` have one of `times` within `tolerance` s."""
    times = np.asarray(times)
    return sum(np.abs(times - r).min() <= tolerance for r in reference)


@pytest.mark.parametrize("placement", [*TRUNK, Placement.THIGH, Placement.WRIST])
def test_a_trunk_sensor_finds_the_steps_of_both_feet(placement):
    samples, recording = walk(STEADY, placement)
    truth = [a.onset for a in recording.of_kind(Kind.INITIAL_CONTACT)]
    steps = [event.time for event in of(Step, track(samples))]
    # The arm swings out of step with the trunk, so that a wrist's times are off by a part of it.
    tolerance = 0.25 if placement is Placement.WRIST else 0.15
    assert matched(steps, truth, tolerance) >= 0.95 * len(truth)
    assert len(steps) <= 1.02 * len(truth)


@pytest.mark.parametrize("placement", LEG)
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
@pytest.mark.parametrize("gyroscope", [True, False])
def test_a_leg_sensor_finds_its_own_steps(placement, side, gyroscope):
    samples, recording = walk(STEADY, placement, side)
    truth = [a.onset for a in recording.of_kind(Kind.INITIAL_CONTACT) if a.side is side]
    steps = of(Step, track(samples if gyroscope else replace(samples, gyr=None)))
    assert matched([s.time for s in steps], truth, 0.25) >= 0.93 * len(truth)
    assert len(steps) <= 1.03 * len(truth) + 1
    assert {step.side for step in steps} == {side}


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, *LEG])
def test_cadence_and_speed_of_steady_walking(placement):
    samples, recording = walk(STEADY, placement, Side.NONE)
    events = track(samples, height=recording.height)
    assert np.median([s.cadence for s in of(Stride, events)]) == pytest.approx(110, abs=2)
    (bout,) = of(WalkingBoutEnd, events)
    (truth,) = recording.of_kind(Kind.WALKING_BOUT)
    assert bout.speed == pytest.approx(truth.speed, abs=0.2)
    assert bout.distance == pytest.approx(bout.speed * (bout.time - bout.start))
    assert bout.cadence == pytest.approx(110, abs=3)
    assert bout.steps == pytest.approx(len(recording.of_kind(Kind.INITIAL_CONTACT)), abs=4)


def test_a_taller_walker_takes_longer_steps():
    samples, _ = walk(STEADY)
    short, tall = (
        np.median([s.length for s in of(Stride, track(samples, height=h))]) for h in (1.5, 1.9)
    )
    assert short < tall


@pytest.mark.parametrize("placement", [p for p in Placement if p is not Placement.LOWER_BACK])
def test_only_a_measured_error_is_stated(placement):
    samples, _ = walk(STEADY, placement)
    assert {s.speed_sd for s in of(Stride, track(samples))} == {None}
    back, _ = walk(STEADY)
    assert all(s.speed_sd is not None for s in of(Stride, track(back)))


def test_a_leg_without_gyroscope_tells_no_length():
    samples, _ = walk(STEADY, Placement.SHANK)
    strides = of(Stride, track(replace(samples, gyr=None)))
    assert strides
    assert all(s.length is None and s.speed is None and s.speed_sd is None for s in strides)


def test_bouts_end_at_pauses():
    samples, recording = walk(STOPS)
    bouts = of(WalkingBoutEnd, track(samples))
    truth = recording.of_kind(Kind.WALKING_BOUT)
    assert len(bouts) == len(truth) == 4
    for bout, reference in zip(bouts, truth, strict=True):
        assert bout.start == pytest.approx(reference.onset, abs=1.0)
        assert bout.time == pytest.approx(reference.end, abs=1.0)
        assert bout.decided - bout.time == pytest.approx(3.0, abs=0.5)


@pytest.mark.parametrize("scenario", [SITTING, STANDING])
@pytest.mark.parametrize("placement", [p for p in Placement if p is not Placement.WRIST])
def test_who_sits_or_stands_takes_no_steps(scenario, placement):
    samples, _ = walk(scenario, placement)
    events = track(samples, profile=Profile.ASSIST)
    assert of(WalkingBoutStart, events) == []
    assert of(FreezeStart, events) == []


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.CHEST, *LEG])
def test_a_turn_has_its_angle_and_sense(placement):
    samples, recording = walk(SHORT, placement)
    (turn,) = of(Turn, track(samples))
    (truth,) = recording.of_kind(Kind.TURN)
    assert turn.angle == pytest.approx(np.pi, abs=np.deg2rad(10))
    # A leg turns with its swings, so that its turn begins and ends up to a stride away.
    tolerance = 1.2 if placement in LEG else 0.5
    assert turn.time == pytest.approx(truth.onset, abs=tolerance)
    assert turn.end == pytest.approx(truth.end, abs=tolerance)
    assert turn.peak_rate > np.pi / 3


def test_without_gyroscope_there_are_no_turns():
    samples, _ = walk(SHORT)
    assert of(Turn, track(replace(samples, gyr=None))) == []


def test_a_trembling_freeze_is_found_at_the_shank():
    samples, recording = walk(SHORT, Placement.SHANK)
    events = track(samples, profile=Profile.ASSIST)
    (truth,) = recording.of_kind(Kind.FREEZE)
    (begin,), (end,) = of(FreezeStart, events), of(FreezeEnd, events)
    assert truth.onset < begin.decided < truth.onset + 4
    assert truth.end - 1 < end.time < truth.end + 3
    assert end.start == begin.time
    assert end.score >= begin.score


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.SHANK])
def test_a_stop_on_purpose_is_no_freeze(placement):
    samples, _ = walk(STOPS, placement)
    assert of(FreezeStart, track(samples)) == []


def test_the_quiet_profile_needs_a_higher_score():
    samples, _ = walk(SHORT, Placement.SHANK)
    (assist,) = of(FreezeStart, track(samples, profile=Profile.ASSIST))
    assert of(FreezeStart, track(samples, profile=Profile.QUIET, sensitivity=-1.0)) == []
    (turned_up,) = of(FreezeStart, track(samples, profile=Profile.QUIET))
    assert assist.decided <= turned_up.decided
    assert assist.score <= turned_up.score


def test_clipped_and_stuck_axes_are_told():
    samples, _ = walk(STEADY, Placement.SHANK)
    clipped = replace(samples, acc=np.clip(samples.acc, -16, 16))
    problems = {p.kind: p for p in of(DataProblem, track(clipped))}
    truth = (np.abs(samples.acc) >= 16).sum()
    assert problems["clipped"].count > 0
    assert sum(p.count for p in of(DataProblem, track(clipped))) <= truth
    stuck = samples.acc.copy()
    stuck[1000:2500, 0] = stuck[1000, 0]
    kinds = [p.kind for p in of(DataProblem, track(replace(samples, acc=stuck)))]
    assert "stuck" in kinds
    assert of(DataProblem, track(samples)) == []


def test_gravity_that_is_not_there_is_told():
    samples, _ = walk(STEADY)
    problems = of(DataProblem, track(replace(samples, acc=samples.acc / 4)))
    assert {p.kind for p in problems} == {"gravity"}
    assert sum(p.count for p in problems) == len(samples)
    assert "0.2" in problems[0].detail


def test_what_cannot_be_tracked_is_refused():
    with pytest.raises(ValueError, match="at least 16 Hz"):
        Tracker(placement=Placement.FOOT, rate=10.0, gyroscope=True)
    with pytest.raises(ValueError, match="without gravity"):
        Tracker(placement=Placement.LOWER_BACK, rate=100.0, gyroscope=True, gravity=False)
    samples, _ = walk(STEADY)
    tracker = Tracker(placement=Placement.LOWER_BACK, rate=100.0, gyroscope=True)
    with pytest.raises(ValueError, match="gyroscope"):
        tracker.update(replace(samples, gyr=None))
