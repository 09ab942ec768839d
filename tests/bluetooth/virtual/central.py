"""A host on bumble's in-process link: two controllers, no radio, no operating system."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from bumble import core
from bumble.controller import Controller
from bumble.device import Connection, Peer
from bumble.device import Device as BumbleDevice
from bumble.gatt import Characteristic
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from gaitcue.bluetooth.device import Advertisement

if TYPE_CHECKING:
    from bumble.gatt_client import CharacteristicProxy

CENTRAL = "F0:F1:F2:F3:F4:F0"


def full(short_or_long: core.UUID) -> str:
    """All 128 bits, in lower case."""
    return str(UUID(bytes=short_or_long.to_bytes(force_128=True)[::-1]))


def hci(link: LocalLink, name: str) -> tuple[Controller, AsyncPipeSink]:
    """A controller on `link`, and the sink that leads to it."""
    controller = Controller(name, link=link)
    return controller, AsyncPipeSink(controller)


class Central:
    """Finds the peripheral, connects, and is a `Link` for a device."""

    def __init__(self, link: LocalLink, received: Callable[[str, bytes], None]) -> None:
        controller, sink = hci(link, "central")
        host = Host(controller, sink)
        self._device = BumbleDevice(name="central", address=Address(CENTRAL), host=host)
        self._received = received
        self._connection: Connection | None = None
        self._found: dict[str, CharacteristicProxy[bytes]] = {}
        self._subscribed: set[str] = set()
        self._waiting: list[tuple[str, Callable[[bytes], bool], asyncio.Future[bytes]]] = []
        self.disconnected = asyncio.Event()

    async def scan(self) -> Advertisement:
        """What the sensor says of itself within a second, in all its advertisements."""
        await self._device.power_on()
        name, services, manufacturer, address = "", set(), {}, ""

        def on_advertisement(advertisement) -> None:  # type: ignore[no-untyped-def]
            nonlocal name, address
            address = str(advertisement.address)
            data = advertisement.data
            name = data.get(data.COMPLETE_LOCAL_NAME) or name
            for group in data.get_all(data.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS):
                services.update(map(full, group))
            manufacturer.update(dict(data.get_all(data.MANUFACTURER_SPECIFIC_DATA)))

        self._device.on("advertisement", on_advertisement)
        await self._device.start_scanning(active=True)
        await asyncio.sleep(1.0)
        await self._device.stop_scanning()
        return Advertisement(
            address=address,
            name=name,
            services=tuple(services),
            manufacturer=manufacturer,
        )

    async def connect(self, address: str) -> None:
        if not self._device.powered_on:
            await self._device.power_on()
        self._subscribed.clear()
        self.disconnected.clear()
        self._connection = await self._device.connect(Address(address))
        self._connection.on("disconnection", lambda _: self.disconnected.set())
        peer = Peer(self._connection)
        await peer.request_mtu(247)
        await peer.discover_services()
        for service in peer.services:
            for found in await service.discover_characteristics():
                self._found[full(found.uuid)] = found

    async def disconnect(self) -> None:
        assert self._connection is not None
        await self._connection.disconnect()

    async def read(self, characteristic: str) -> bytes:
        value = await self._characteristic(characteristic).read_value()
        self._received(characteristic, value)
        return value

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:
        await self._characteristic(characteristic).write_value(value, with_response=response)

    async def subscribe(self, characteristic: str) -> None:
        if characteristic in self._subscribed:
            return
        self._subscribed.add(characteristic)
        found = self._characteristic(characteristic)

        def on_value(value: bytes) -> None:
            self._received(characteristic, value)
            for name, matches, answer in self._waiting:
                if name == characteristic and not answer.done() and matches(value):
                    answer.set_result(value)

        indicates = Characteristic.Properties.INDICATE in found.properties
        await found.subscribe(on_value, prefer_notify=not indicates)

    async def reply(
        self, characteristic: str, matches: Callable[[bytes], bool], timeout: float
    ) -> bytes:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((characteristic, matches, answer))
        return await asyncio.wait_for(answer, timeout)

    @property
    def largest_notification(self) -> int:
        assert self._connection is not None
        return self._connection.att_mtu - 3

    def _characteristic(self, name: str) -> "CharacteristicProxy[bytes]":
        if name in self._found:
            return self._found[name]
        raise LookupError(f"the sensor has no characteristic {name}")
