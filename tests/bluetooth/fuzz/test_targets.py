"""The fuzz targets hold for what they begin with, and can fail; ``fuzz.py`` runs them for long."""

import numpy as np
import pytest
from laws import KINDS, Heard, decoded
from targets import TARGETS, Target

from gaitcue.bluetooth.device import Frame
from gaitcue.bluetooth.devices import DEVICES


def test_every_device_is_fuzzed() -> None:
    assert {kind.device for kind in KINDS} == set(DEVICES)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_promises_hold_for_the_seeds_and_their_neighbours(target: Target) -> None:
    random = np.random.default_rng(1)
    seeds = target.seeds()
    assert seeds
    for seed in seeds:
        target.one(seed)
        for _ in range(3):
            changed = bytearray(seed)
            for at in random.integers(0, max(1, len(seed)), 3).tolist():
                changed[at : at + 1] = random.bytes(1)
            target.one(bytes(changed))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.device.name)
def test_a_made_up_sample_is_seen(kind) -> None:
    made_up = Frame(acc=np.array([[1.23456, 0, 0]]), gyr=None, index=0, ticks=0)
    with pytest.raises((AssertionError, IndexError)):
        decoded(kind, lambda *_: [made_up], Heard(), kind.characteristics[0], bytes(28))
