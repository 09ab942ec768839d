"""Each virtual sensor is the inverse of its device, and answers as its device expects."""

from collections.abc import Iterator

import numpy as np
import pytest

from gaitcue.bluetooth.device import (
    BATTERY_LEVEL,
    Advertisement,
    Battery,
    Device,
    Frame,
    Message,
)
from gaitcue.bluetooth.virtual.direct import DirectLink
from gaitcue.bluetooth.virtual.sensor import BATTERY, VirtualSensor, transmissions
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.bluetooth.virtual.simulated_time import run_in_simulated_time
from gaitcue.imu import FloatArray, Samples

ACC_STEP = 0.03
"""m/s²: no sensor here is coarser than 3 mg."""
GYR_STEP = 0.003
"""rad/s: none is coarser than 0.15 deg/s."""

COUNTING = [
    name for name, sensor in VIRTUAL_SENSORS.items() if sensor().timing.index_modulus is not None
]


@pytest.fixture(params=sorted(VIRTUAL_SENSORS))
def sensor(request: pytest.FixtureRequest) -> VirtualSensor:
    chosen = VIRTUAL_SENSORS[request.param]()
    chosen.largest_notification = 244
    return chosen


class Host:
    """A device's decoder, joined to a sensor that it has started."""

    def __init__(self, sensor: VirtualSensor) -> None:
        self.device: Device = sensor.device()
        self.decode = self.device.decoder()
        self.messages: list[Message] = []
        self.sensor = sensor
        self.link = DirectLink(sensor, self.receive)

    def receive(self, characteristic: str, value: bytes) -> None:
        assert len(value) <= self.sensor.largest_notification
        self.messages += self.decode(characteristic, value)

    def start(self) -> None:
        run_in_simulated_time(self.device.start(self.link))
        self.messages.clear()

    def frames(self) -> Iterator[Frame]:
        yield from (each for each in self.messages if isinstance(each, Frame))


def motion(sensor: VirtualSensor, seconds: float = 20.0) -> Samples:
    """A walk-like motion within the range of every sensor, at the sensor's rate."""
    rate = sensor.timing.rate
    time = np.arange(int(seconds * rate)) / rate
    phases = np.arange(3)
    swing = np.sin(2 * np.pi * 1.8 * time[:, None] + phases)
    acc = 4 * swing + [9.8, 0.5, -1.0]
    gyr = 1.5 * np.cos(2 * np.pi * 0.9 * time[:, None] + phases)
    return Samples(time=time, acc=acc, gyr=gyr, placement=None, rate=rate)


def joined(parts: list[FloatArray | None]) -> FloatArray:
    return np.concatenate([part for part in parts if part is not None])


def test_the_device_knows_the_sensor_by_its_advertisement(sensor: VirtualSensor) -> None:
    says = Advertisement(
        address="F0:F1:F2:F3:F4:F5",
        name=sensor.local_name,
        services=sensor.services,
        manufacturer=sensor.manufacturer,
    )
    assert sensor.device.recognises(says)


def test_the_device_starts_and_stops_the_sensor(sensor: VirtualSensor) -> None:
    host = Host(sensor)
    assert not sensor.streaming
    run_in_simulated_time(host.device.start(host.link))
    assert sensor.streaming
    run_in_simulated_time(host.device.stop(host.link))
    sensor.disconnected()
    assert not sensor.streaming


def test_what_is_encoded_is_decoded(sensor: VirtualSensor) -> None:
    host = Host(sensor)
    host.start()
    walk = motion(sensor)
    for each in transmissions(sensor, walk):
        host.receive(each.characteristic, each.value)
    frames = list(host.frames())
    assert len(frames) == len(host.messages)
    acc = joined([f.acc for f in frames])
    assert len(walk) - sensor.rows < len(acc) <= len(walk)
    np.testing.assert_allclose(acc, walk.acc[: len(acc)], atol=ACC_STEP / 2)
    if host.device.gyroscope:
        assert walk.gyr is not None
        gyr = joined([f.gyr for f in frames])
        np.testing.assert_allclose(gyr, walk.gyr[: len(acc)], atol=GYR_STEP / 2)


def test_stamps_and_counts_are_those_of_the_rows(sensor: VirtualSensor) -> None:
    host = Host(sensor)
    host.start()
    timing = sensor.timing
    for each in transmissions(sensor, motion(sensor)):
        host.receive(each.characteristic, each.value)
    row = {True: 0, False: 0}
    first: dict[bool, Frame] = {}
    for frame in host.frames():
        kind = frame.acc is not None
        rows = len(frame.acc if frame.acc is not None else frame.gyr)  # type: ignore[arg-type]
        begin = first.setdefault(kind, frame)
        if timing.index_modulus is not None:
            assert begin.index is not None
            assert frame.index == (begin.index + row[kind]) % timing.index_modulus
        if timing.tick is not None and timing.tick_modulus is not None:
            assert frame.ticks is not None
            assert begin.ticks is not None
            elapsed = (frame.ticks - begin.ticks) % timing.tick_modulus * timing.tick
            assert elapsed == pytest.approx(row[kind] / timing.rate, abs=1.01 * timing.tick)
        row[kind] += rows


def test_out_of_range_is_clipped(sensor: VirtualSensor) -> None:
    host = Host(sensor)
    host.start()
    acc = np.tile([1000.0, -1000.0, 0.0], (sensor.rows, 1))
    gyr = np.tile([100.0, -100.0, 0.0], (sensor.rows, 1))
    for characteristic, value in sensor.encode(acc, gyr, 0):
        host.receive(characteristic, value)
    for frame in host.frames():
        for values in (frame.acc, frame.gyr):
            if values is not None:
                assert (np.sign(values[:, :2]) == [1, -1]).all()


def test_missing_samples_are_not_sent(sensor: VirtualSensor) -> None:
    host = Host(sensor)
    host.start()
    walk = motion(sensor, 2.0)
    walk.acc[sensor.rows] = np.nan
    sent = list(transmissions(sensor, walk))
    whole = list(transmissions(sensor, motion(sensor, 2.0)))
    assert 0 < len(sent) < len(whole)


@pytest.mark.parametrize("name", COUNTING)
def test_it_counts_anew_when_started_again(name: str) -> None:
    sensor = VIRTUAL_SENSORS[name]()
    sensor.largest_notification = 244
    first = []
    for begin in (0.0, 1.0):
        host = Host(sensor)
        host.start()
        for each in transmissions(sensor, motion(sensor, 2.0), since=begin):
            host.receive(each.characteristic, each.value)
        first.append(next(host.frames()).index)
        sensor.disconnected()
    assert first[0] == first[1] < 5


def test_the_battery_is_read_and_told(sensor: VirtualSensor) -> None:
    sensor.charge = 42
    host = Host(sensor)
    host.start()
    percent = run_in_simulated_time(host.device.battery(host.link))
    assert percent in (None, 42)
    for characteristic, value in sensor.battery():
        if characteristic == BATTERY_LEVEL:
            assert value == b"\x2a"
        else:
            host.receive(characteristic, value)
            assert host.messages[-1] == Battery(percent=42)
    if BATTERY in sensor.attributes:
        assert percent == 42
