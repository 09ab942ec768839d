"""Posture learnt from walking, and straps that slip."""

from dataclasses import replace

import numpy as np
import pytest
from gait_walks import track, walk
from scipy.spatial.transform import Rotation

from gaitcue.events import (
    FreezeStart,
    MountingSlip,
    Posture,
    PostureChange,
    Profile,
    Step,
    WalkingBoutStart,
)
from gaitcue.gait.posture import SURE, BodyPosture
from gaitcue.imu import Placement, Samples, Side
from gaitcue.replay.simulator import Scenario, SensorModel, Sit, Stand, Strap, Walk
from gaitcue.replay.simulator.sensor import SLIP

ROOM = Scenario(
    name="room",
    segments=(
        Stand(duration=4),
        Walk(duration=15),
        Stand(duration=5),
        Sit(duration=20),
        Walk(duration=15),
        Stand(duration=4),
    ),
)
SITS = (24.0, 44.0)
WALKS = Scenario(name="walks", segments=(Stand(duration=3), Walk(duration=40), Stand(duration=5)))
TRUNK = [Placement.LOWER_BACK, Placement.WAIST, Placement.CHEST]


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def turned(samples: Samples, angle: float, start: float, end: float = 1e9, axis=(0, 1, 0)):
    """`samples` whose sensor is turned by `angle` rad on the body from `start` to `end` s."""
    rotation = Rotation.from_rotvec(angle * np.array(axis, dtype=float))
    rows = (samples.time >= start) & (samples.time < end)
    acc, gyr = samples.acc.copy(), samples.gyr.copy()
    acc[rows], gyr[rows] = rotation.apply(acc[rows]), rotation.apply(gyr[rows])
    return replace(samples, acc=acc, gyr=gyr)


@pytest.mark.parametrize("strap", list(Strap))
def test_a_thigh_tells_sitting_from_standing(strap):
    samples, _ = walk(ROOM, Placement.THIGH, Side.LEFT, model=SensorModel(strap=strap))
    changes = of(PostureChange, track(samples))
    assert [c.posture for c in changes] == [Posture.STANDING, Posture.SITTING, Posture.STANDING]
    _, down, up = changes
    assert down.time == pytest.approx(SITS[0] + 1, abs=1.0)  # 2 s to sit down, and 2 to get up
    assert up.time == pytest.approx(SITS[1] - 1, abs=1.0)
    assert down.decided - down.time < 4


@pytest.mark.parametrize("placement", TRUNK)
@pytest.mark.parametrize("strap", list(Strap))
def test_a_trunk_tells_lying_and_does_not_mistake_sitting_for_it(placement, strap):
    samples, _ = walk(ROOM, placement, model=SensorModel(strap=strap))
    (change,) = of(PostureChange, track(samples))
    assert change.posture is Posture.UPRIGHT
    axis = np.cross(samples.acc[100], (0.6, 0.0, 0.8))  # any level one
    level = turned(samples, np.pi / 2, 28, 40, axis=axis / np.linalg.norm(axis))
    changes = of(PostureChange, track(level))
    assert [c.posture for c in changes] == [Posture.UPRIGHT, Posture.LYING, Posture.UPRIGHT]
    assert [c.time for c in changes[1:]] == pytest.approx([28, 40], abs=1.0)


@pytest.mark.parametrize("placement", [Placement.WRIST, Placement.HEAD, Placement.SHANK])
def test_other_placements_say_nothing_of_posture(placement):
    samples, _ = walk(ROOM, placement, Side.LEFT if placement is not Placement.HEAD else Side.NONE)
    assert of(PostureChange, track(samples)) == []


def test_posture_is_not_known_before_walking():
    samples, _ = walk(ROOM, Placement.THIGH, Side.LEFT)
    seated = samples[2400:4400]
    assert of(PostureChange, track(seated)) == []


def fidgeting(samples: Samples, start: float, stop: float, rate: float = 1.6) -> Samples:
    """`samples` bobbing up and down in [start, stop) s, as of a foot that taps."""
    acc = samples.acc.copy()
    rows = (samples.time >= start) & (samples.time < stop)
    up = acc[rows].mean(axis=0)
    up /= np.linalg.norm(up)
    wave = 1.5 * np.sin(2 * np.pi * rate * (samples.time[rows] - start))
    acc[rows] += wave[:, np.newaxis] * up
    return replace(samples, acc=acc)


def test_who_is_known_to_sit_takes_no_steps_by_fidgeting():
    samples, _ = walk(ROOM, Placement.THIGH, Side.LEFT)
    restless = fidgeting(samples, 32, 36)
    assert [s for s in of(Step, track(restless)) if SITS[0] < s.time < SITS[1] - 1] == []
    # It would be walking for all that the signal tells if nobody had seen how this walker walks.
    unknown = restless[2500:]
    assert [s for s in of(Step, track(unknown)) if s.time < SITS[1] - 1]


@pytest.mark.parametrize(("first", "freezes"), [(0, 0), (2000, 1)])
def test_who_is_known_to_sit_does_not_freeze(monkeypatch, first, freezes):
    samples, _ = walk(ROOM, Placement.THIGH, Side.LEFT)
    ticks = iter(np.arange(first / 100, 80, 0.25))
    # What the model makes of ten seconds of sitting; a walk that begins with it knows no better.
    monkeypatch.setattr(
        "gaitcue.gait.freezing.detector.Network.__call__",
        lambda _, rows: [9.0 if 30 < next(ticks) < 40 else -9.0 for _ in rows],
    )
    events = track(samples[first:], profile=Profile.ASSIST)
    assert len(of(FreezeStart, events)) == freezes


@pytest.mark.parametrize(
    "placement", [Placement.LOWER_BACK, Placement.CHEST, Placement.THIGH, Placement.SHANK]
)
def test_a_strap_that_slips_is_told_and_learnt_anew(placement):
    leg = placement in (Placement.THIGH, Placement.SHANK)
    side = Side.LEFT if leg else Side.NONE
    samples, _ = walk(WALKS, placement, side)
    assert of(MountingSlip, track(samples)) == []
    slips, _ = walk(WALKS, placement, side, model=SensorModel(slips_at=20, strap=Strap.RANDOM))
    events = track(slips)
    (slip,) = of(MountingSlip, events)
    assert slip.angle == pytest.approx(SLIP, abs=np.deg2rad(10))
    assert slip.time == pytest.approx(20, abs=1.5)
    assert slip.decided - 20 < 8
    # Walking goes on, and nobody is said to lie or sit.
    assert {c.posture for c in of(PostureChange, events)} <= {Posture.UPRIGHT, Posture.STANDING}
    steps = np.array([s.time for s in of(Step, events)])
    assert np.diff(steps[steps > 23]).max() < 1.5


def test_a_strap_turned_about_the_vertical_changes_nothing():
    samples, _ = walk(WALKS)
    up = samples.acc[:300].mean(axis=0)
    slid = turned(samples, 1.0, 20, axis=up / np.linalg.norm(up))
    assert of(MountingSlip, track(slid)) == []


def test_walking_on_overrules_a_posture_in_which_nobody_walks():
    samples, _ = walk(ROOM, Placement.THIGH, Side.LEFT)
    # The phone turns in the pocket while the walker sits, and stays so.
    events = track(turned(samples, np.pi / 2, 30))
    postures = [c.posture for c in of(PostureChange, events)]
    (slip,) = of(MountingSlip, events)
    assert postures[-1] is Posture.STANDING
    again = [b for b in of(WalkingBoutStart, events) if b.time > SITS[1] - 1]
    assert again
    assert again[-1].decided - SITS[1] < SURE.contacts
    late = [s for s in of(Step, events) if s.time > SITS[1]]
    assert len(late) > 20  # of 26: those before it was known are told late, not lost
    assert slip.angle > np.deg2rad(25)


def test_a_gap_does_not_make_the_walker_unknown():
    posture = BodyPosture(Placement.THIGH)
    for tick in range(20):
        posture(tick / 4, tick / 4, (0.0, 0.0, 1.0), tick / 4)
    posture.begin_afresh()
    changes = [posture(5 + k / 4, 5 + k / 4, (1.0, 0.0, 0.0), 4.0) for k in range(20)]
    assert [e.posture for c in changes for e in c] == [Posture.SITTING]
    assert not posture.walks
