"""Left and right from one sensor on the lower back."""

from dataclasses import replace

import numpy as np
import pytest
from gait_walks import STEADY, STOPS, track, walk

from gaitcue.events import Step
from gaitcue.imu import Placement, Samples, Side
from gaitcue.recording.model import Kind, Recording
from gaitcue.replay.simulator import SensorModel, Strap


def steps(samples: Samples) -> list[Step]:
    return [event for event in track(samples) if isinstance(event, Step)]


def told_and_right(found: list[Step], recording: Recording) -> tuple[float, float]:
    """The part of the steps whose side is told, and the part of those that is right."""
    contacts = recording.of_kind(Kind.INITIAL_CONTACT)
    told = [step for step in found if step.side is not Side.NONE]
    right = sum(
        min(contacts, key=lambda c: abs(c.onset - step.time)).side is step.side for step in told
    )
    return len(told) / len(found), right / len(told)


@pytest.mark.parametrize("strap", list(Strap))
@pytest.mark.parametrize("scenario", [STEADY, STOPS])
def test_the_feet_are_told_apart_however_the_strap_sits(scenario, strap):
    samples, recording = walk(scenario, model=SensorModel(strap=strap))
    told, right = told_and_right(steps(samples), recording)
    assert told > 0.75  # of a bout's first two steps nobody knows
    assert right > 0.95


def test_the_feet_are_soon_told_apart_again_after_lost_steps():
    samples, recording = walk(STEADY)
    acc, gyr = samples.acc.copy(), samples.gyr.copy()
    lost = (samples.time > 20) & (samples.time < 20.24)  # within which a contact may be lost
    acc[lost], gyr[lost] = np.nan, np.nan
    found = steps(replace(samples, acc=acc, gyr=gyr))
    later = [step for step in found if step.time > 24]
    assert told_and_right(later, recording)[1] == 1.0


@pytest.mark.parametrize("placement", [Placement.CHEST, Placement.HEAD, Placement.WAIST])
def test_where_nobody_has_checked_it_no_side_is_told(placement):
    samples, _ = walk(STEADY, placement)
    assert {step.side for step in steps(samples)} == {Side.NONE}


def test_without_a_gyroscope_no_side_is_told():
    samples, _ = walk(STEADY)
    assert {step.side for step in steps(replace(samples, gyr=None))} == {Side.NONE}
