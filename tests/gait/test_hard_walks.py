"""Steps of slow walking, and with a tremor on top of walking, standing and sitting."""

import numpy as np
import pytest
from gait_walks import track, walk

from gaitcue.events import Step
from gaitcue.imu import Placement, Side
from gaitcue.recording.model import Kind
from gaitcue.replay.score.matching import match_times
from gaitcue.replay.simulator import Scenario, Sit, Stand, Walk, Walker

TRUNK = (Placement.LOWER_BACK, Placement.CHEST)


def steps(samples):
    return np.array([event.time for event in track(samples) if isinstance(event, Step)])


def scenario(*segments, tremor=0.0):
    return Scenario(name="hard", segments=segments, walker=Walker(variability=0.05, tremor=tremor))


def side_of(placement):
    return Side.NONE if placement in TRUNK else Side.LEFT


@pytest.mark.parametrize(
    ("placement", "speed", "cadence", "found"),
    [
        (Placement.LOWER_BACK, 0.6, 90, 0.95),
        (Placement.LOWER_BACK, 0.4, 90, 0.4),
        (Placement.CHEST, 0.6, 90, 0.95),
        (Placement.CHEST, 0.4, 90, 0.85),
        (Placement.CHEST, 0.4, 70, 0.8),
    ],
)
def test_slow_steps_are_found_from_the_trunk(placement, speed, cadence, found):
    slow = scenario(
        Stand(duration=5), Walk(duration=40, speed=speed, cadence=cadence), Stand(duration=5)
    )
    samples, recording = walk(slow, placement)
    truth = np.array([a.onset for a in recording.of_kind(Kind.INITIAL_CONTACT)])
    detected = steps(samples)
    pairs = len(match_times(truth, detected, 0.25))
    assert pairs >= found * len(truth)
    assert pairs >= 0.85 * len(detected)


@pytest.mark.parametrize("placement", [*TRUNK, Placement.SHANK, Placement.FOOT, Placement.THIGH])
def test_a_tremor_changes_no_step_of_walking(placement):
    calm, trembling = (
        steps(
            walk(
                scenario(Walk(duration=30, speed=0.9, cadence=100), tremor=tremor),
                placement,
                side_of(placement),
            )[0]
        )
        for tremor in (0.0, 2.0)
    )
    assert len(calm) > 20
    assert len(match_times(calm, trembling, 0.1)) >= 0.97 * max(len(calm), len(trembling))


@pytest.mark.parametrize("still", [Stand(duration=40), Sit(duration=40)])
@pytest.mark.parametrize("placement", [p for p in Placement if p is not Placement.HEAD])
def test_a_tremor_of_who_stands_or_sits_is_no_step(still, placement):
    samples, _ = walk(scenario(still, tremor=2.0), placement, side_of(placement))
    assert len(steps(samples)) == 0
