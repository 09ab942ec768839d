"""A virtual sensor on the air: a Bluetooth LE peripheral on bumble, on any of its transports."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress

from bumble import data_types
from bumble.att import AttributeValue
from bumble.core import UUID, AdvertisingData, DataType, ProtocolError
from bumble.device import Connection, DeviceConfiguration
from bumble.device import Device as BumbleDevice
from bumble.gatt import Characteristic, Service
from bumble.hci import Address
from bumble.transport.common import TransportSink, TransportSource

from gaitcue.bluetooth.virtual.faults import Connected, Disconnected, Faults, apply_faults
from gaitcue.bluetooth.virtual.sensor import Property, Values, VirtualSensor, transmissions
from gaitcue.imu import Samples

ADVERTISING_INTERVAL = 100.0
"""ms; wearables advertise every 20 ms to 2 s."""

POWER_ON_TIMEOUT = 10.0
"""s; a controller answers the commands of the start within one."""

POWER_OFF_TIMEOUT = 2.0
"""s; a controller that has been unplugged never answers."""

ADVERTISEMENT_SIZE = 31
"""Bytes in a legacy advertisement (Bluetooth Core, Vol 6 Part B 2.3.1)."""


class Peripheral:
    """Plays walks as `sensor`, to one host at a time.

    Parameters
    ----------
    source, sink
        The HCI transport to a controller that nothing else uses.
    tell
        Is told in a few words what happens: somebody connects, samples flow, the link breaks.
    address
        A static random address, such as ``F0:F1:F2:F3:F4:F5``; by default one at random.
    """

    def __init__(
        self,
        sensor: VirtualSensor,
        source: TransportSource,
        sink: TransportSink,
        *,
        tell: Callable[[str], None],
        address: str | None = None,
    ) -> None:
        self._sensor = sensor
        self._tell = tell
        self._connection: Connection | None = None
        self._changed = asyncio.Event()
        self._outbox: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._sender: asyncio.Task[None] | None = None
        self._characteristics: dict[str, Characteristic[bytes]] = {}
        self._device = BumbleDevice.from_config_with_hci(
            DeviceConfiguration(
                name=sensor.local_name,
                address=Address(address) if address else Address.generate_static_address(),
                advertising_interval_min=ADVERTISING_INTERVAL,
                advertising_interval_max=ADVERTISING_INTERVAL,
            ),
            source,
            sink,
        )
        self._device.add_services(self._services())
        self._device.on("connection", self._on_connection)

    async def play(self, walk: Samples, faults: Faults, seed: int) -> None:
        """Advertise, and play `walk` from when a host first asks for samples until its end.

        The walk goes on while nobody listens, as a person does. Faults of one connection after the
        other differ, but are the same in every run with the same `seed`.

        Raises TimeoutError when the controller does not answer.
        """
        self._sensor.charge = faults.charge(0.0)
        async with asyncio.timeout(POWER_ON_TIMEOUT):
            await self._device.power_on()
        try:
            await self._play(walk, faults, seed)
            if self._connection is not None:
                await self._connection.disconnect()
        finally:
            self._empty_outbox()
            with suppress(TimeoutError):
                async with asyncio.timeout(POWER_OFF_TIMEOUT):
                    await self._device.power_off()

    async def _play(self, walk: Samples, faults: Faults, seed: int) -> None:
        loop = asyncio.get_running_loop()
        begun: float | None = None
        connections = 0
        end = len(walk) / walk.rate
        while begun is None or loop.time() - begun < end:
            try:
                async with asyncio.timeout_at(None if begun is None else begun + end):
                    await self._wait_for_host()
            except TimeoutError:
                break
            now = loop.time()
            if begun is None:
                begun = now
                self._sensor.clock = self._clock(begun, faults)
            since = now - begun
            self._tell(f"sending samples from {since:.1f} s of the walk on")
            link = apply_faults(
                transmissions(self._sensor, walk, since=since),
                faults,
                seed + connections,
                start=since,
            )
            connections += 1
            for each in link:
                if isinstance(each, Connected):
                    break
                if not await self._until(begun + each.time):
                    break
                if isinstance(each, Disconnected):
                    await self._break_link()
                    if math.isinf(each.until):
                        self._tell("the battery is empty")
                        return
                    await asyncio.sleep(begun + each.until - loop.time())
                    break
                self._age(faults.charge(each.time))
                self._outbox.put_nowait((each.characteristic, each.value))
            else:
                break
        await self._outbox.join()
        self._tell("the walk is over")

    @staticmethod
    def _clock(begun: float, faults: Faults) -> Callable[[], float]:
        """The sensor's own, which began with the walk at `begun` s on the loop's."""
        loop = asyncio.get_running_loop()
        return lambda: (loop.time() - begun) * (1 + faults.skew * 1e-6)

    async def _wait_for_host(self) -> None:
        """Advertise until a host is connected and has asked for samples."""
        while not (self._connection and self._sensor.streaming):
            if self._connection is None and not self._device.is_advertising:
                self._advertise_as()
                await self._device.start_advertising()
                self._tell(f"advertising as {self._sensor.local_name}")
            _heed_cancellation()
            self._changed.clear()
            await self._changed.wait()

    async def _until(self, time: float) -> bool:
        """Wait until `time` s on the loop's clock; False as soon as nobody listens any more."""
        loop = asyncio.get_running_loop()
        while self._connection and self._sensor.streaming:
            left = time - loop.time()
            if left <= 0:
                return True
            self._changed.clear()
            try:
                async with asyncio.timeout(left):
                    await self._changed.wait()
            except TimeoutError:
                return True
        return False

    async def _break_link(self) -> None:
        if self._connection is not None:
            self._tell("breaking the link")
            await self._connection.disconnect()

    def _age(self, charge: int) -> None:
        if charge != self._sensor.charge:
            self._sensor.charge = charge
            self._answer(self._sensor.battery())

    async def _send(self, connection: Connection) -> None:
        """Send what is in the outbox, in order."""
        while True:
            _heed_cancellation()
            name, value = await self._outbox.get()
            characteristic = self._characteristics[name]
            try:
                if Characteristic.Properties.INDICATE in characteristic.properties:
                    await self._device.indicate_subscriber(connection, characteristic, value)
                else:
                    await self._device.notify_subscriber(connection, characteristic, value)
            except (ProtocolError, TimeoutError):
                pass  # the host has gone meanwhile, and with it whoever would read this
            finally:
                self._outbox.task_done()

    def _empty_outbox(self) -> None:
        """With a link goes what was under way on it, such as an indication not yet confirmed."""
        if self._sender is not None:
            self._sender.cancel()
        while not self._outbox.empty():
            self._outbox.get_nowait()
            self._outbox.task_done()

    def _answer(self, values: Values) -> None:
        for each in values:
            self._outbox.put_nowait(each)
        self._changed.set()

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        connection.on("disconnection", self._on_disconnection)
        connection.on("connection_att_mtu_update", self._on_mtu)
        self._on_mtu()
        self._sender = asyncio.create_task(self._send(connection))
        self._tell(f"{connection.peer_address} is connected")
        self._changed.set()

    def _on_mtu(self) -> None:
        if self._connection is not None:
            self._sensor.largest_notification = self._connection.att_mtu - 3

    def _on_disconnection(self, reason: int) -> None:  # noqa: ARG002
        self._connection = None
        self._empty_outbox()
        self._sensor.disconnected()
        self._tell("disconnected")
        self._changed.set()

    def _services(self) -> list[Service]:
        found: dict[str, list[Characteristic[bytes]]] = {}
        for attribute in self._sensor.attributes:
            characteristic = self._characteristic(attribute.characteristic, attribute.properties)
            found.setdefault(attribute.service, []).append(characteristic)
            self._characteristics[attribute.characteristic] = characteristic
        return [Service(UUID(uuid), members) for uuid, members in found.items()]

    def _characteristic(self, name: str, properties: Property) -> Characteristic[bytes]:
        flags = Characteristic.Properties(0)
        for each in properties:
            flags |= Characteristic.Properties[str(each.name)]

        def read(connection: Connection) -> bytes:  # noqa: ARG001
            return self._sensor.read(name)

        def write(connection: Connection, value: bytes) -> None:  # noqa: ARG001
            self._answer(self._sensor.write(name, bytes(value)))

        def subscribed(
            connection: Connection,  # noqa: ARG001
            notify: bool,
            indicate: bool,
        ) -> None:
            self._answer(self._sensor.subscribed(name, on=notify or indicate))

        characteristic: Characteristic[bytes] = Characteristic(
            UUID(name),
            flags,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            AttributeValue(read=read, write=write),
        )
        characteristic.on("subscription", subscribed)
        return characteristic

    def _advertise_as(self) -> None:
        """Services in the advertisement itself, and the name too if it fits, else beside it."""
        sensor = self._sensor
        flags = AdvertisingData.Flags
        first: list[DataType] = [
            data_types.Flags(flags.LE_GENERAL_DISCOVERABLE_MODE | flags.BR_EDR_NOT_SUPPORTED)
        ]
        if sensor.services:
            first.append(
                data_types.CompleteListOf128BitServiceUUIDs([UUID(s) for s in sensor.services])
            )
        rest: list[DataType] = [
            data_types.ManufacturerSpecificData(company, data)
            for company, data in sensor.manufacturer.items()
        ]
        name = data_types.CompleteLocalName(sensor.local_name)
        fits = len(bytes(AdvertisingData([*first, name]))) <= ADVERTISEMENT_SIZE
        (first if fits else rest).append(name)
        self._device.advertising_data = bytes(AdvertisingData(first))
        self._device.scan_response_data = bytes(AdvertisingData(rest))


def _heed_cancellation() -> None:
    """Raise a cancellation that was lost.

    Until Python 3.12 `asyncio.wait_for`, with which bumble waits for its controller, loses one that
    comes together with what it waits for.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
