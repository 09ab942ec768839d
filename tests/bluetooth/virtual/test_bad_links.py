"""Every sensor over a link with every fault at once: nothing breaks, and time never runs back."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from gaitcue.bluetooth.device import Battery, Notice
from gaitcue.bluetooth.stream import Assembler, Item
from gaitcue.bluetooth.virtual.direct import DirectLink
from gaitcue.bluetooth.virtual.faults import (
    Connected,
    Disconnected,
    Faults,
    Happening,
    apply_faults,
)
from gaitcue.bluetooth.virtual.sensor import VirtualSensor, transmissions
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.bluetooth.virtual.simulated_time import run_in_simulated_time
from gaitcue.events import DataProblem
from gaitcue.imu import Samples

SECONDS = 60.0
FAULTS = Faults(
    loss=3,
    jitter=0.03,
    bursts=10,
    stalls=60,
    longest_stall=5,
    disconnects=60,
    skew=-100,
    duplicates=3,
    reordered=3,
    wrong_bytes=5,
)


def walk(rate: float) -> Samples:
    """Acceleration and angular rate that no sensor clips and no fault could make."""
    time = np.arange(int(SECONDS * rate)) / rate
    acc = np.column_stack([3 * np.sin(11 * time), 2 * np.cos(7 * time), 9.8 + 0 * time])
    return Samples(time=time, acc=acc, gyr=acc / 9, placement=None, rate=rate)


def heard(sensor: VirtualSensor, faults: Faults, seed: int) -> list[Item]:
    """All that an assembler gives of a walk."""
    assembler = Assembler(
        rate=sensor.timing.rate, gyroscope=sensor.device().gyroscope, placement=None
    )
    link = apply_faults(transmissions(sensor, walk(sensor.timing.rate)), faults, seed)
    return assembled(assembler, sensor, link)


def assembled(
    assembler: Assembler, sensor: VirtualSensor, happenings: Iterable[Happening]
) -> list[Item]:
    items: list[Item] = []

    def start(at: float) -> None:
        device = sensor.device()
        answers: list[tuple[str, bytes]] = []
        link = DirectLink(sensor, lambda *value: answers.append(value))
        run_in_simulated_time(device.start(link))
        items.extend(assembler.connected(device.timing, device.decoder()))
        for answer in answers:
            items.extend(assembler.value(at, *answer))

    start(0.0)
    for each in happenings:
        if isinstance(each, Connected):
            start(each.time)
        elif isinstance(each, Disconnected):
            sensor.disconnected()
            items.extend(assembler.disconnected())
        else:
            items.extend(assembler.value(each.time, each.characteristic, each.value))
    return items + assembler.disconnected()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", sorted(VIRTUAL_SENSORS))
def test_every_fault_at_once(name: str, seed: int) -> None:
    sensor = VIRTUAL_SENSORS[name]()
    sensor.largest_notification = 244
    items = heard(sensor, FAULTS, seed)
    assert {type(each) for each in items} <= {Samples, DataProblem, Battery, Notice}
    blocks = [each for each in items if isinstance(each, Samples)]
    time = np.concatenate([each.time for each in blocks])
    assert (np.diff(time) > 0).all()
    lost = np.concatenate([each.missing for each in blocks])
    assert 0.5 < (~lost).sum() / (SECONDS * sensor.timing.rate) < 1.0
    assert any(isinstance(each, DataProblem | Notice) for each in items)


@pytest.mark.parametrize("name", sorted(VIRTUAL_SENSORS))
def test_a_good_link_loses_nothing(name: str) -> None:
    sensor = VIRTUAL_SENSORS[name]()
    sensor.largest_notification = 244
    items = heard(sensor, Faults(jitter=0.02), 1)
    assert not [each for each in items if isinstance(each, DataProblem)]
    blocks = [each for each in items if isinstance(each, Samples)]
    assert not any(each.missing.any() for each in blocks)
    rows = sum(map(len, blocks))
    assert rows == pytest.approx(SECONDS * sensor.timing.rate, abs=2 * sensor.rows)


def test_a_damaged_first_stamp_of_angular_rate_is_no_burden() -> None:
    sensor = VIRTUAL_SENSORS["polar-verity"]()
    sensor.largest_notification = 244
    sent = list(islice(transmissions(sensor, walk(sensor.timing.rate)), 40))
    stamp = 7  # the highest but one byte of the stamp
    value = sent[1].value
    sent[1] = replace(sent[1], value=value[:stamp] + b"\xff" + value[stamp + 1 :])
    assembler = Assembler(rate=sensor.timing.rate, gyroscope=True, placement=None)
    items = assembled(assembler, sensor, sent)
    rows = sum(len(each) for each in items if isinstance(each, Samples))
    assert rows < 2 * len(sent) * sensor.rows
