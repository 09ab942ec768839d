"""How many freezes are found at equally many false cues, on scores that are known."""

import numpy as np
import pytest
from benchmarks.freezing.examples import Example
from benchmarks.peers.equal import FALSE_CUES, at_equal_false_cues

from gaitcue.imu import Placement

TICKS = 4 * 3600
"""An hour."""

FREEZE = (1000.0, 1010.0)


def judged(person, freeze, jolts):
    """An hour with one freeze said to be as likely as `freeze`, and 20 jolts as `jolts`."""
    time = np.arange(TICKS) / 4
    frozen = (time >= FREEZE[0]) & (time < FREEZE[1])
    odds = np.linspace(-9, -8, TICKS)
    odds[frozen] = freeze
    for begin in range(100, 4 * 20 * 30, 4 * 30):
        odds[begin : begin + 4] = jolts
    example = Example(
        data="set",
        subject=person,
        recording="walk",
        placement=Placement.WAIST,
        gyroscope=False,
        time=time,
        rows=np.zeros((TICKS, 1), np.float32),
        doubt=np.zeros(TICKS),
        frozen=frozen,
        counts=np.ones(TICKS, np.bool_),
        freezes=(FREEZE,),
    )
    return example, odds


@pytest.mark.parametrize(
    ("freeze", "jolts", "found"), [(2.0, 1.0, [1, 1, 1, 1]), (1.0, 2.0, [0, 0, 0, 1])]
)
def test_only_what_stands_out_of_the_false_cues_is_found(freeze, jolts, found):
    people = [judged(str(number), freeze, jolts) for number in range(3)]
    rows = at_equal_false_cues({("set", Placement.WAIST): people})
    assert [row["asked"] for row in rows] == list(FALSE_CUES)
    assert [row["cued_5s"] for row in rows] == found
    assert all(row["false_cues_per_hour"] <= row["asked"] for row in rows)
    assert {row["freezes_5s"] for row in rows} == {3}


def test_a_set_without_freezes_is_left_out():
    example, odds = judged("1", 1.0, 1.0)
    calm = Example(**{name: getattr(example, name) for name in Example.__slots__} | {"freezes": ()})
    assert at_equal_false_cues({("set", Placement.WAIST): [(calm, odds)]}) == []
