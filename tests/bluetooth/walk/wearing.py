"""A simulated walker who wears a virtual sensor on the fake BlueZ, at any speed of time."""

import asyncio
import math
import time

from fake_bluez import FakeBluez, Peripheral

from gaitcue.bluetooth.virtual.sensor import Property, VirtualSensor, transmissions
from gaitcue.imu import Samples

FLAGS = {
    Property.READ: "read",
    Property.WRITE: "write",
    Property.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Property.NOTIFY: "notify",
    Property.INDICATE: "indicate",
}


AHEAD = 0.3
"""s that time may run ahead of what was sent."""

STEP = 0.25
"""s by which time goes on at most from one look at it to the next."""


class FastClock:
    """The computer's time, running `speed` times as fast, and standing still at `limit`.

    However long a busy machine pauses, time makes no leap: what came meanwhile is read first.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.limit = math.inf
        self._time, self._looked = 0.0, time.monotonic()

    def now(self) -> float:
        looked = time.monotonic()
        passed = min((looked - self._looked) * self.speed, STEP)
        self._time, self._looked = max(self._time, min(self._time + passed, self.limit)), looked
        return self._time

    async def sleep(self, duration: float) -> None:
        until = self.now() + duration
        while (left := until - self.now()) > 0:
            await asyncio.sleep(left / self.speed)


class Wearer:
    """Walks with `sensor` on the fake BlueZ, from when a host asks for samples until the end."""

    def __init__(
        self,
        bluez: FakeBluez,
        sensor: VirtualSensor,
        clock: FastClock,
        address: str = "D0:00:00:00:00:01",
    ) -> None:
        self.sent = 0
        self._bluez, self._sensor, self._clock = bluez, sensor, clock
        services: dict[str, dict[str, list[str]]] = {}
        for attribute in sensor.attributes:
            flags = [word for flag, word in FLAGS.items() if flag in attribute.properties]
            services.setdefault(attribute.service, {})[attribute.characteristic] = flags
        for service in sensor.services:
            services.setdefault(service, {})
        self.peripheral = Peripheral(
            address=address,
            name=sensor.local_name,
            services=services,
            values={
                a.characteristic: sensor.read(a.characteristic)
                for a in sensor.attributes
                if Property.READ in a.properties
            },
            on_write=self._written,
        )
        sensor.largest_notification = 244
        bluez.add(self.peripheral)

    def _written(self, characteristic: str, value: bytes) -> None:
        for name, answer in self._sensor.write(characteristic, value):
            self._bluez.notify(self.peripheral, name, answer)

    def forget(self) -> None:
        """Be as a sensor is whose link was lost."""
        self._sensor.disconnected()

    async def streaming(self) -> None:
        """Return when a host has asked for samples."""
        while not self._sensor.streaming:
            await asyncio.sleep(0.001)

    async def walk(self, motion: Samples, *, since: float = 0.0, until: float = 1e9) -> None:
        """Send what is measured from `since` to `until` s of `motion`, in its time."""
        await self.streaming()
        begun = self._clock.now() - since
        try:
            for sent in transmissions(self._sensor, motion, since=since):
                if sent.time >= until:
                    return
                self._clock.limit = begun + sent.time + AHEAD
                await self._clock.sleep(begun + sent.time - self._clock.now())
                self._bluez.notify(self.peripheral, sent.characteristic, sent.value)
                self.sent += 1
        finally:
            self._clock.limit = math.inf
