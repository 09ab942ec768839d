"""What a virtual sensor is: the sensor's side of a protocol, the inverse of its `Device`."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import ClassVar

import numpy as np

from gaitcue.bluetooth.device import BATTERY_LEVEL, Device
from gaitcue.bluetooth.virtual.faults import Notification
from gaitcue.imu import FloatArray, Samples

BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
"""The standard battery service (Bluetooth SIG)."""

Values = list[tuple[str, bytes]]
"""Characteristics and what they notify, in order."""


class Property(Flag):
    """What can be done with a characteristic."""

    READ = auto()
    WRITE = auto()
    WRITE_WITHOUT_RESPONSE = auto()
    NOTIFY = auto()
    INDICATE = auto()


@dataclass(frozen=True, slots=True)
class Attribute:
    """A characteristic, in the order in which a host finds it."""

    service: str
    characteristic: str
    properties: Property


BATTERY = Attribute(BATTERY_SERVICE, BATTERY_LEVEL, Property.READ | Property.NOTIFY)


class VirtualSensor(ABC):
    """One sensor that is not there.

    Attributes
    ----------
    device
        The kind of device it plays; the two tell each other the same bytes.
    local_name, services
        What it advertises.
    attributes
        What a host finds on it.
    rows
        Samples it sends at a time.
    streaming
        Whether the host has asked for samples.
    charge
        Of its battery, percent.
    largest_notification
        Bytes that fit into one (ATT MTU - 3).
    clock
        Tells the time of the sensor's own clock, s, by which samples are stamped; None while it
        is not known, and then it is not told either.
    """

    device: ClassVar[type[Device]]
    local_name: ClassVar[str]
    services: ClassVar[tuple[str, ...]] = ()
    manufacturer: ClassVar[Mapping[int, bytes]] = {}
    attributes: ClassVar[tuple[Attribute, ...]]
    rows: int

    def __init__(self) -> None:
        self.streaming = False
        self.charge = 100
        self.largest_notification = 20
        self.clock: Callable[[], float] | None = None
        self.timing = self.device().timing

    @abstractmethod
    def encode(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:
        """The notifications for samples (n, 3) m/s² and rad/s, n up to `rows`.

        `row` is the number of the first since the sensor was switched on. A value outside its range
        is clipped.
        """

    def disconnected(self) -> None:
        """The link is gone: be as a sensor is without a host."""
        self.streaming = False

    def read(self, characteristic: str) -> bytes:
        """The value of one of `attributes` that can be read."""
        if characteristic == BATTERY_LEVEL:
            return bytes([self.charge])
        return b""

    def write(self, characteristic: str, value: bytes) -> Values:  # noqa: ARG002
        """Take what the host writes, and answer."""
        return []

    def subscribed(self, characteristic: str, *, on: bool) -> Values:  # noqa: ARG002
        """Take that the host subscribes to `characteristic` or no longer does, and answer."""
        return []

    def battery(self) -> Values:
        """What it notifies when `charge` has changed."""
        return [(BATTERY_LEVEL, bytes([self.charge]))] if BATTERY in self.attributes else []


def counts(values: FloatArray, unit: float, largest: int = 0x7FFF) -> FloatArray:
    """`values` in whole counts of `unit` each, clipped to the range of the sensor."""
    return np.clip(np.rint(values / unit), -largest - 1, largest)


def transmissions(
    sensor: VirtualSensor, walk: Samples, *, since: float = 0.0
) -> Iterator[Notification]:
    """What `sensor` sends of `walk`, timed by its own clock, which starts with the walk at 0 s.

    It begins with the first sample at `since` s or later. The walk is brought to the sensor's rate.
    Samples that are missing in it are not sent.
    """
    acc, gyr = _at_rate(walk, sensor.timing.rate)
    whole = ~np.isnan(np.hstack([acc, gyr]))
    for row in range(math.ceil(since * sensor.timing.rate), len(acc), sensor.rows):
        rows = slice(row, row + sensor.rows)
        if whole[rows].all():
            sent = (min(row + sensor.rows, len(acc)) - 1) / sensor.timing.rate
            for characteristic, value in sensor.encode(acc[rows], gyr[rows], row):
                yield Notification(sent, characteristic, value)


def _at_rate(walk: Samples, rate: float) -> tuple[FloatArray, FloatArray]:
    """Acceleration and angular rate (n, 3) of `walk` at `rate`; zero if it has no gyroscope."""
    gyr = np.zeros_like(walk.acc) if walk.gyr is None else walk.gyr
    if rate == walk.rate or not len(walk):
        return walk.acc, gyr
    elapsed = walk.time - walk.time[0]
    at = np.arange(0.0, elapsed[-1] + 0.5 / walk.rate, 1 / rate)
    acc_there, gyr_there = (
        np.column_stack([np.interp(at, elapsed, column) for column in values.T])
        for values in (walk.acc, gyr)
    )
    return acc_there, gyr_there
