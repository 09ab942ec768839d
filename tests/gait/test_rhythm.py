"""Which contacts may open a walking bout, and what everyday movement does not."""

from dataclasses import replace

import numpy as np
import pytest
from gait_walks import track, walk
from scipy.spatial.transform import Rotation

from gaitcue.events import Step
from gaitcue.gait.contact import Contact
from gaitcue.gait.rhythm import LEG, TRUNK, WRIST, is_settling, opening
from gaitcue.imu import Placement, Side
from gaitcue.replay.simulator import Scenario, Stand


def contacts(times, tilts=None, falls=None):
    tilts = np.deg2rad(tilts if tilts is not None else np.zeros(len(times)))
    falls = falls if falls is not None else np.full(len(times), 0.3)
    return [
        Contact(
            time=t, decided=t, index=0, confidence=0.5, side=Side.NONE, size=float(f),
            up=(float(np.sin(a)), 0.0, float(np.cos(a))),
        )
        for t, a, f in zip(times, tilts, falls, strict=True)
    ]  # fmt: skip


def opens(some, rhythms=TRUNK):
    """How many of the contacts a bout opens with."""
    return len(opening(some, rhythms))


def test_four_plain_even_contacts_open_a_bout():
    assert opens(contacts([0, 0.5, 1.0, 1.5])) == 4
    assert opens(contacts([0, 0.5, 1.0, 1.5], [0, 8, -8, 5])) == 4
    assert opens(contacts([0, 0.5, 1.0])) == 0


def test_a_limp_or_a_missed_contact_takes_six():
    limp = [0, 0.4, 1.2, 1.6, 2.4, 2.8]
    assert opens(contacts(limp[:5])) == 0
    assert opens(contacts(limp)) == 6
    assert opens(contacts([0, 0.5, 1.0, 2.0, 2.5, 3.0][:4])) == 0


def test_slow_shuffling_takes_eight_and_no_wrist_shows_it():
    slow = contacts([1.2 * i for i in range(8)], falls=np.full(8, 0.05))
    assert opens(slow[:7]) == 0
    assert opens(slow) == 8
    assert opens(slow, WRIST) == 0


def test_contacts_without_pace_attitude_or_likeness_are_not_walking():
    even = [0.5 * i for i in range(8)]
    assert opens(contacts([0, 0.4, 1.8, 2.2, 3.9, 4.3, 5.9, 6.3])) == 0
    assert opens(contacts(even, [0, 10, 25, 40, 0, 20, 40, 60])) == 0
    assert opens(contacts(even, falls=[0.3, 0.3, 0.2, 0.9, 0.2, 0.2, 0.9, 0.9])) == 0
    # One leg's steps may be smaller, and so may the first of all.
    assert opens(contacts(even[:4], falls=[0.05, 0.2, 0.8, 0.25])) == 4


def test_a_leg_is_asked_for_an_even_pace_and_a_swing_but_not_for_its_attitude():
    strides = [replace(c, up=None, size=2.0) for c in contacts([0, 1, 2], [0, 60, 0])]
    assert opens(strides, LEG) == 3
    assert opens([*strides[:2], replace(strides[2], time=2.9)], LEG) == 0
    small = [replace(strides[0], time=2.4 * i, size=0.6) for i in range(5)]
    assert opens(small[:4], LEG) == 0
    assert opens(small, LEG) == 5


def test_what_follows_late_and_small_is_settling():
    last, late = contacts([0, 1.0], falls=[0.3, 0.05])
    assert is_settling(late, last, 0.5)
    assert not is_settling(late, last, 1.0)
    assert not is_settling(replace(late, size=0.2), last, 0.5)


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.CHEST])
def test_bending_over_to_and_fro_takes_no_steps(placement):
    samples, _ = walk(Scenario(name="bends", segments=(Stand(duration=30),)), placement)
    angle = np.deg2rad(60) * (1 - np.cos(2 * np.pi * 0.25 * samples.time)) / 2
    bend = Rotation.from_rotvec(angle[:, np.newaxis] * np.array([0.0, 1.0, 0.0]))
    jolt = 0.8 * np.sin(2 * np.pi * 1.5 * samples.time)[:, np.newaxis]
    acc = samples.acc * (1 + jolt / 9.81)
    steps = [
        [e for e in track(replace(samples, acc=moved)) if isinstance(e, Step)]
        for moved in (acc, bend.apply(acc))
    ]
    # The same jolts are steps as long as the trunk keeps upright.
    assert len(steps[0]) > 20
    assert steps[1] == []
