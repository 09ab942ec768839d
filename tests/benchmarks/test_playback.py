"""A kept walk with other freezes beside the walk tracked anew with them."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from benchmarks.freezing.simulated import simulated_walks
from benchmarks.peers.playback import Playback, keep

from gaitcue.events import CueStart, FreezeEnd, FreezeScore, Profile
from gaitcue.gait.freezing import detector
from gaitcue.imu import Placement
from gaitcue.recording.model import read_all
from gaitcue.replay import pipeline, replay

TICKS = 4000


def said(number):
    """Log-odds that wander, of one stretch."""
    return np.random.default_rng(number).normal(0, 0.5, TICKS).cumsum()


def with_gaps(sensor):
    """Twice for longer than tracking bears, in blocks of a second."""
    samples, _ = read_all(sensor)
    acc = samples.acc.copy()
    for part in (0.3, 0.7):
        at = int(part * len(samples))
        acc[at : at + int(2 * samples.rate)] = np.nan
    holed = replace(samples, acc=acc)
    edges = np.arange(0, len(holed), int(holed.rate)).tolist()
    blocks = [holed[a:b] for a, b in zip(edges, [*edges[1:], len(holed)], strict=True)]
    return replace(sensor, read=lambda: iter(blocks))


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.SHANK])
def test_a_kept_walk_gives_the_events_of_the_walk(placement):
    sensor = with_gaps(next(simulated_walks(placement)).sensors[0])
    stretches = iter(range(10))

    class Network:
        def __init__(self, *_, **__):
            self.odds = None

        def __call__(self, rows):
            if self.odds is None:  # only then does the stretch have a tick
                self.odds = iter(said(next(stretches)).tolist())
            return [next(self.odds) for _ in rows]

    with patch.object(detector, "Network", Network):
        expected = list(replay(sensor, profile=Profile.ASSIST))
    told = keep(sensor, None)

    def tracker(**setup):
        return Playback(told, [said(number) for number in range(10)], **setup)

    with patch.object(pipeline, "Tracker", tracker):
        found = list(replay(sensor, profile=Profile.ASSIST))
    assert found == expected
    for kind in (FreezeScore, FreezeEnd, CueStart):
        assert any(isinstance(event, kind) for event in found)
