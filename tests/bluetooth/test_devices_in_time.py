"""Every kind of sensor in `DEVICES`, virtual, from its bytes to timed samples."""

import asyncio

import numpy as np
import pytest

from gaitcue.bluetooth.stream import Assembler
from gaitcue.bluetooth.virtual.direct import DirectLink
from gaitcue.bluetooth.virtual.sensor import transmissions
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.bluetooth.virtual.simulated_time import SimulatedTimeLoop
from gaitcue.events import DataProblem
from gaitcue.imu import Samples

PERIOD = 20.0
"""s after which the motion repeats."""


def walk(rate, seconds=40.0):
    """Motion that tells when it was measured."""
    time = np.arange(int(seconds * rate)) / rate
    angle = 2 * np.pi * time[:, None] / PERIOD + np.arange(3)
    return Samples(
        time=time, acc=9 * np.sin(angle), gyr=1.5 * np.sin(angle), placement=None, rate=rate
    )


def measured(values, size):
    """When each row (n, 3) of the motion was measured, s, modulo `PERIOD`."""
    first, second = values[:, 0] / size, values[:, 1] / size
    angle = np.arctan2(first * np.sin(1), second - first * np.cos(1))
    return angle / (2 * np.pi) * PERIOD


@pytest.mark.parametrize("name", sorted(VIRTUAL_SENSORS))
@pytest.mark.parametrize("lost", [0, 1, 8])
def test_every_sample_is_in_its_place_and_timed(name, lost):
    sensor = VIRTUAL_SENSORS[name]()
    sensor.largest_notification = 244
    device = sensor.device()
    rate, rows = device.timing.rate, sensor.rows
    heard = []
    link = DirectLink(sensor, lambda characteristic, value: heard.append((characteristic, value)))
    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        runner.run(device.start(link))
    stream = Assembler(rate=rate, gyroscope=device.gyroscope, placement=None)
    items = stream.connected(device.timing, device.decoder())
    for characteristic, value in heard:
        items += stream.value(1.0 + 0.02, characteristic, value)
    random = np.random.default_rng(1)
    newest = gone = 0.0
    for each in transmissions(sensor, walk(rate)):
        newest = max(newest, each.time + 1.02 + 0.04 * random.random() ** 2)
        if 20 - 0.5 / rate <= each.time < 20 + (lost * rows - 0.5) / rate:
            gone += 1
            continue
        items += stream.value(newest, each.characteristic, each.value)
    items += stream.disconnected()

    blocks = [item for item in items if isinstance(item, Samples)]
    time = np.concatenate([block.time for block in blocks])
    missing = np.concatenate([block.missing for block in blocks])
    counted = device.timing.index_modulus is not None or device.timing.tick is not None
    assert (gone > 0) == (lost > 0)
    if counted:
        assert missing.sum() == lost * rows
    assert {item.kind for item in items if isinstance(item, DataProblem)} <= (
        set() if counted else {"uncounted_loss"}
    )
    came = (time > 4) & ~missing  # after what a sensor sends to show that it is started
    acc = np.concatenate([block.acc for block in blocks])[came]
    late = (time[came] - 1 - measured(acc, 9.0) + PERIOD / 2) % PERIOD - PERIOD / 2
    around_loss = (time[came] > 20.5) & (time[came] < 26)
    steady = late[~around_loss] if not counted else late
    assert abs(np.median(steady) - 0.02) < 2e-3
    assert np.abs(steady - 0.02).max() < (12e-3 if counted else 1.5 * rows / rate + 12e-3)
    if device.gyroscope:
        gyr = np.concatenate([block.gyr for block in blocks])[came]
        apart = (measured(acc, 9.0) - measured(gyr, 1.5) + PERIOD / 2) % PERIOD - PERIOD / 2
        assert np.abs(apart[~around_loss]).max() < 1.5 * rows / rate
