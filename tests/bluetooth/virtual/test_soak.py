"""Three minutes of the soak in ``benchmarks/soak.py``, over links five times as bad."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from gaitcue.imu import Samples

SOAK = Path(__file__).parents[3] / "benchmarks" / "soak.py"


@pytest.fixture(scope="module")
def soak() -> ModuleType:
    spec = importlib.util.spec_from_file_location("soak", SOAK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["soak"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


def test_every_delivered_sample_comes_out_once_and_each_lost_one_is_counted(
    soak: ModuleType,
) -> None:
    faults = replace(soak.FAULTS, disconnects=300, stalls=60)
    results, _ = soak.soak(0.05, faults, seed=2)  # raises at the first wrong sample
    assert sum(each.breaks for each in results) > 30
    for each in results:
        assert each.came_out == each.received > 5_000
        assert each.lost_and_counted > 0
        assert each.worst_gap_off <= 5
        assert each.sd_ms < 5
        assert set(each.problems) <= {"repeated_samples"}


def test_the_check_sees_a_sample_that_is_lost_repeated_or_swapped(soak: ModuleType) -> None:
    def check(rows: list[int]) -> None:
        checking = soak.Check(100.0)
        checking.connected()
        checking.arrived(soak.numbered(np.arange(10)))
        time = np.arange(len(rows)) / 100
        acc = soak.numbered(np.array(rows))
        checking.output(Samples(time=time, acc=acc, gyr=None, placement=None, rate=100.0))
        checking.finish()

    check(list(range(10)))
    for wrong in ([*range(9)], [0, 1, *range(1, 10)], [1, 0, *range(2, 10)], [*range(11)]):
        with pytest.raises(soak.WrongSampleError):
            check(wrong)
