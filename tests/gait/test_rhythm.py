"""Which contacts may open a walking bout, and what everyday movement does not."""

from dataclasses import replace

import numpy as np
import pytest
from gait_walks import track, walk
from scipy.spatial.transform import Rotation

from gaitcue.events import Step
from gaitcue.gait.contact import Contact
from gaitcue.gait.rhythm import is_walking
from gaitcue.imu import Placement, Side
from gaitcue.replay.simulator import Scenario, Stand


def contacts(times, tilts=None):
    tilts = np.deg2rad(tilts if tilts is not None else np.zeros(len(times)))
    return [
        Contact(
            time=t, decided=t, index=0, confidence=0.5, side=Side.NONE,
            up=(float(np.sin(a)), 0.0, float(np.cos(a))),
        )
        for t, a in zip(times, tilts, strict=True)
    ]  # fmt: skip


def test_even_and_limping_contacts_are_walking():
    assert is_walking(contacts([0, 0.5, 1.0, 1.5]))
    assert is_walking(contacts([0, 0.45, 1.2, 1.65]))
    assert is_walking(contacts([0, 0.5, 1.0, 1.5], [0, 8, -8, 5]))


def test_contacts_without_pace_or_attitude_are_not():
    assert not is_walking(contacts([0, 0.4, 1.8, 2.2]))
    assert not is_walking(contacts([0, 0.5, 1.0, 1.5], [0, 10, 25, 40]))


def test_where_up_is_unknown_the_pace_alone_decides():
    unknown = [replace(c, up=None) for c in contacts([0, 1, 2], [0, 60, 0])]
    assert is_walking(unknown)


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
