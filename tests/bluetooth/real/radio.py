"""Virtual sensors in reach of bluetoothd: its adapter and theirs, on bumble's in-process link."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bleak import BleakScanner
from bleak.exc import BleakError
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.hci import Address, LeFeatureMask
from bumble.link import LocalLink
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink

from gaitcue.bluetooth.virtual.faults import Faults
from gaitcue.bluetooth.virtual.peripheral import Peripheral
from gaitcue.bluetooth.virtual.sensor import Values, VirtualSensor
from gaitcue.bluetooth.virtual.sensors import VIRTUAL_SENSORS
from gaitcue.imu import FloatArray, Samples

ADAPTER = "C0:FF:EE:00:00:01"
ADAPTER_TIMEOUT = 60.0
"""s; bluetoothd turns a new one on within one, if the machine is not busy."""
FREE_TIMEOUT = 30.0
"""s; bluetoothd ends a connection two after the last who wanted it."""


class Link(LocalLink):
    """Says from which of its addresses a controller sends: BlueZ connects from the public one.

    bumble's own says the random one in any case, and what is sent does not arrive.
    """

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        sender = sender_controller.le_connections[destination_address].self_address
        receiver = self.find_le_controller(destination_address)
        if receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, sender, transport, data)


class Worn:
    """A virtual sensor that plays a walk, with what it has sent and was written.

    Attributes
    ----------
    sent
        Its samples, encoded to be notified, in order.
    written
        What its host has written.
    free
        Is set while no host is connected.
    """

    def __init__(self, name: str, number: int) -> None:
        self.sensor: VirtualSensor = VIRTUAL_SENSORS[name]()
        self.address = f"F0:F1:F2:F3:F4:{number:02X}"
        self.sent: list[tuple[str, bytes]] = []
        self.written: list[tuple[str, bytes]] = []
        self.free = asyncio.Event()
        self.free.set()
        self._encode, self._write = self.sensor.encode, self.sensor.write
        self.sensor.encode = self._keep_sent
        self.sensor.write = self._keep_written

    def _keep_sent(self, acc: FloatArray, gyr: FloatArray, row: int) -> Values:
        values = self._encode(acc, gyr, row)
        self.sent += values
        return values

    def _keep_written(self, characteristic: str, value: bytes) -> Values:
        self.written.append((characteristic, value))
        return self._write(characteristic, value)

    def tell(self, what: str) -> None:
        """What a peripheral does; see `Peripheral`."""
        if what.endswith("is connected"):
            self.free.clear()
        elif what == "disconnected":
            self.free.set()


class Radio:
    """The air between bluetoothd's only adapter and the sensors."""

    def __init__(self) -> None:
        self._link = Link()
        self._count = 0

    @asynccontextmanager
    async def wear(
        self, *names: str, walk: Samples, faults: Faults | None = None
    ) -> AsyncIterator[list[Worn]]:
        """Sensors of these kinds, each of which plays `walk`."""
        worn, controllers, playing = [], [], []
        for name in names:
            self._count += 1
            each = Worn(name, self._count)
            controller = self._controller(each.address)
            sink = AsyncPipeSink(controller)
            peripheral = Peripheral(
                each.sensor, controller, sink, tell=each.tell, address=each.address
            )
            worn.append(each)
            controllers.append(controller)
            play = peripheral.play(walk, faults or Faults(), self._count)
            playing.append(asyncio.create_task(play))
        try:
            yield worn
        finally:
            # So that bluetoothd does not believe in connections to what is no more there.
            with suppress(TimeoutError):
                async with asyncio.timeout(FREE_TIMEOUT):
                    for each in worn:
                        await each.free.wait()
            for task in playing:
                task.cancel()
            await asyncio.wait(playing, timeout=FREE_TIMEOUT)
            for controller in controllers:
                controller.le_legacy_advertiser.stop()
                self._link.remove_controller(controller)

    async def plug_in(self) -> None:
        """Give bluetoothd its adapter, and wait until that is on."""
        self._transport = await open_transport("vhci")
        adapter = self._controller(ADAPTER)
        adapter.set_packet_sink(self._transport.sink)
        self._transport.source.set_packet_sink(adapter)
        async with asyncio.timeout(ADAPTER_TIMEOUT):
            while True:
                try:
                    await BleakScanner.discover(timeout=0.1)
                except (BleakError, OSError):
                    await asyncio.sleep(0.2)
                else:
                    return

    async def unplug(self) -> None:
        """Take the adapter away."""
        await self._transport.close()

    def _controller(self, address: str) -> Controller:
        controller = Controller(address, link=self._link, public_address=address)
        # Both tell of them, but the link between them does not carry them out.
        controller.le_features &= ~(
            LeFeatureMask.LL_PRIVACY | LeFeatureMask.LE_EXTENDED_ADVERTISING
        )
        return controller
