"""How sure a step is, by how plain its contact was."""

import pytest
from gait_walks import track, walk
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.events import Step
from gaitcue.gait.confidence import ROTATION, TRUNK, curve
from gaitcue.imu import Placement, Side
from gaitcue.replay.simulator import Scenario, Walk


@given(size=st.floats(1e-3, 1e3), placement=st.sampled_from(Placement), gyroscope=st.booleans())
def test_a_confidence_is_a_probability_that_grows_with_size(size, placement, gyroscope):
    sure = curve(placement, gyroscope=gyroscope)
    assert 0 < sure(size) <= 1
    assert sure(size) <= sure(2 * size)


def test_the_curves_give_what_was_counted():
    # Steps of 4, 10 and 30 cm/s at a lower back, of 1 and 3 rad/s at a foot.
    assert [round(TRUNK(fall), 2) for fall in (0.04, 0.1, 0.3)] == [0.53, 0.84, 0.97]
    assert [round(ROTATION(peak), 2) for peak in (1.0, 3.0)] == [0.91, 0.99]


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.FOOT])
def test_slow_steps_are_told_as_less_sure_than_brisk_ones(placement):
    side = Side.LEFT if placement is Placement.FOOT else Side.NONE
    slow, brisk = (
        [
            event.confidence
            for event in track(
                walk(
                    Scenario(
                        name="pace", segments=(Walk(duration=20, speed=speed, cadence=cadence),)
                    ),
                    placement,
                    side,
                )[0]
            )
            if isinstance(event, Step)
        ]
        for speed, cadence in ((0.6, 90), (1.3, 115))
    )
    assert sum(slow) / len(slow) < sum(brisk) / len(brisk) - 0.01
