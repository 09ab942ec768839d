"""A fake BlueZ with the message bus under it, on a unix socket, for bleak's own Linux backend.

With DBUS_SYSTEM_BUS_ADDRESS pointing at it, bleak runs unchanged: no daemon, no kernel, no root.
It does what bluetoothd does where that matters to us: it keeps the notify registrations of D-Bus
clients that are still connected when a sensor's link is lost, and serves them again after a
reconnect (bleak issue 2002).
"""

import asyncio
import io
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from dbus_fast import Message, MessageFlag, MessageType, Variant
from dbus_fast._private.unmarshaller import Unmarshaller

ADAPTER = "/org/bluez/hci0"
ADAPTER_INTERFACE = "org.bluez.Adapter1"
DEVICE_INTERFACE = "org.bluez.Device1"
SERVICE_INTERFACE = "org.bluez.GattService1"
CHARACTERISTIC_INTERFACE = "org.bluez.GattCharacteristic1"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
ADVERTISING_INTERVAL = 0.02
NO_DISCOVERY = "no discovery"
"""An entry of `Peripheral.connects`: connects, and is lost before its services are known."""


class BluezError(Exception):
    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(name, text)
        self.name, self.text = name, text


@dataclass(eq=False)
class Peripheral:
    """A sensor: services as {service: {characteristic: flags}}, values by characteristic.

    `connects` says how the next attempts end, one entry each: a D-Bus error's name, NO_DISCOVERY,
    or "" for well; well when there is none. Whether a read or write works is up to `errors`:
    {characteristic: D-Bus error's name}.
    """

    address: str
    name: str
    services: dict[str, dict[str, list[str]]]
    values: dict[str, bytes] = field(default_factory=dict)
    errors: dict[str, tuple[str, str]] = field(default_factory=dict)
    connects: list[str] = field(default_factory=list)
    written: list[tuple[str, bytes]] = field(default_factory=list)
    on_write: Callable[[str, bytes], None] = lambda *_: None
    attempts: int = 0
    advertising: bool = True
    paths: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{ADAPTER}/dev_" + self.address.replace(":", "_")

    def properties(self) -> dict[str, Variant]:
        return {
            "Address": Variant("s", self.address),
            "AddressType": Variant("s", "random"),
            "Name": Variant("s", self.name),
            "Alias": Variant("s", self.name),
            "Adapter": Variant("o", ADAPTER),
            "Paired": Variant("b", False),
            "Bonded": Variant("b", False),
            "Trusted": Variant("b", False),
            "Blocked": Variant("b", False),
            "LegacyPairing": Variant("b", False),
            "Connected": Variant("b", False),
            "ServicesResolved": Variant("b", False),
            "UUIDs": Variant("as", list(self.services)),
            "RSSI": Variant("n", -50),
        }


class _Peer:
    """One program on the bus."""

    def __init__(self, name: str, writer: asyncio.StreamWriter) -> None:
        self.name, self.rules, self._writer, self._serial = name, 0, writer, 0

    def send(self, message: Message) -> None:
        self._serial += 1
        message.serial = self._serial
        if not self._writer.is_closing():
            self._writer.write(message._marshall(False))

    def close(self) -> None:
        self._writer.close()


class FakeBluez:
    """``async with FakeBluez(path) as bluez``; `address` goes into DBUS_SYSTEM_BUS_ADDRESS."""

    def __init__(self, path: Path, *, powered: bool = True, running: bool = True) -> None:
        self.address = f"unix:path={path}"
        self._path, self._running, self._count = path, running, 0
        self._peers: dict[str, _Peer] = {}
        self._scanning: set[str] = set()
        self._notified: dict[str, list[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._peripherals: dict[str, Peripheral] = {}
        self._adapter = {
            "Address": Variant("s", "F0:00:00:00:00:01"),
            "Name": Variant("s", "fake"),
            "Alias": Variant("s", "fake"),
            "Powered": Variant("b", powered),
            "Discovering": Variant("b", False),
            "UUIDs": Variant("as", []),
            "Roles": Variant("as", ["central"]),
        }
        self._objects: dict[str, dict[str, dict[str, Variant]]] = {"/org/bluez": {}}

    async def __aenter__(self) -> Self:
        self._objects[ADAPTER] = {ADAPTER_INTERFACE: self._adapter}
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for peer in list(self._peers.values()):
            peer.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._peers:
            await asyncio.sleep(0)
        for _ in range(10):  # the other side sees the end of the bus
            await asyncio.sleep(0)

    # What a test does to it

    def add(self, *peripherals: Peripheral) -> None:
        self._peripherals |= {p.path: p for p in peripherals}

    def remember(self, peripheral: Peripheral) -> None:
        """It was seen before, so a program is told of it at once.

        bleak 3.1 never sees what is added while it takes in what is there (`async_init` of its
        BlueZManager): only programs that start while others scan can meet that.
        """
        self._add(peripheral.path, {DEVICE_INTERFACE: peripheral.properties()})

    async def only(self, programs: int) -> None:
        """Wait until there are no more `programs` than that on the bus.

        bleak's manager is one, and so is each of its clients.
        """
        while len(self._peers) > programs:
            await asyncio.sleep(0)

    def connected(self, peripheral: Peripheral) -> bool:
        properties = self._objects.get(peripheral.path, {}).get(DEVICE_INTERFACE)
        return bool(properties and properties["Connected"].value)

    def notify(self, peripheral: Peripheral, characteristic: str, value: bytes) -> None:
        path = peripheral.paths[characteristic]
        if path in self._objects:
            for _ in self._notified.get(path, ()):
                self._change(path, CHARACTERISTIC_INTERFACE, Value=Variant("ay", value))

    def notifying(self, peripheral: Peripheral, characteristic: str) -> bool:
        return bool(self._notified.get(peripheral.paths.get(characteristic, "")))

    def drop(self, peripheral: Peripheral) -> None:
        """The link is lost, or closed."""
        self._change(peripheral.path, DEVICE_INTERFACE, ServicesResolved=Variant("b", False))
        self._change(peripheral.path, DEVICE_INTERFACE, Connected=Variant("b", False))
        for path in [p for p in self._objects if p.startswith(peripheral.path + "/")]:
            self._remove(path)

    def remove_adapter(self, *, tells: bool = True) -> None:
        """It is pulled out, with all that hangs on it; `tells` that connections end by it."""
        self._scanning.clear()
        for peripheral in self._peripherals.values():
            if tells and self.connected(peripheral):
                self.drop(peripheral)
        for path in [p for p in self._objects if p.startswith(ADAPTER + "/")]:
            self._remove(path)
        self._remove(ADAPTER)

    def return_adapter(self) -> None:
        self._add(ADAPTER, {ADAPTER_INTERFACE: self._adapter})

    # The objects

    def _signal(self, path: str, interface: str, member: str, signature: str, *body: Any) -> None:
        for peer in self._peers.values():
            if peer.rules:
                peer.send(
                    Message(
                        message_type=MessageType.SIGNAL,
                        path=path,
                        interface=interface,
                        member=member,
                        signature=signature,
                        body=list(body),
                        sender=":1.0",
                    )
                )

    def _add(self, path: str, interfaces: dict[str, dict[str, Variant]]) -> None:
        self._objects[path] = interfaces
        self._signal("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", path, interfaces)

    def _remove(self, path: str) -> None:
        interfaces = list(self._objects.pop(path))
        self._signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", path, interfaces)

    def _change(self, path: str, interface: str, **properties: Variant) -> None:
        self._objects[path][interface].update(properties)
        self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", interface, properties, [])

    async def _advertise(self) -> None:
        while self._scanning:  # again and again: bleak misses what comes before its scan started
            for path, peripheral in self._peripherals.items():
                if not peripheral.advertising:
                    continue
                if path not in self._objects:
                    self._add(path, {DEVICE_INTERFACE: peripheral.properties()})
                else:
                    self._change(path, DEVICE_INTERFACE, RSSI=Variant("n", -50))
            await asyncio.sleep(ADVERTISING_INTERVAL)

    def _connect(self, peripheral: Peripheral) -> None:
        peripheral.attempts += 1
        outcome = peripheral.connects.pop(0) if peripheral.connects else ""
        if outcome not in ("", NO_DISCOVERY):
            raise BluezError(outcome)
        self._change(peripheral.path, DEVICE_INTERFACE, Connected=Variant("b", True))
        if outcome == NO_DISCOVERY:
            asyncio.get_running_loop().call_later(ADVERTISING_INTERVAL, self.drop, peripheral)
            return
        handle = 16
        for service, characteristics in peripheral.services.items():
            service_path = f"{peripheral.path}/service{handle:04x}"
            handle += 1
            properties = {
                "UUID": Variant("s", service),
                "Device": Variant("o", peripheral.path),
                "Primary": Variant("b", True),
                "Includes": Variant("ao", []),
            }
            self._add(service_path, {SERVICE_INTERFACE: properties})
            for characteristic, flags in characteristics.items():
                path = f"{service_path}/char{handle:04x}"
                handle += 2
                properties = {
                    "UUID": Variant("s", characteristic),
                    "Service": Variant("o", service_path),
                    "Value": Variant("ay", b""),
                    "Flags": Variant("as", flags),
                    "MTU": Variant("q", 247),
                }
                if "notify" in flags:
                    properties |= {
                        "Notifying": Variant("b", False),
                        "NotifyAcquired": Variant("b", False),
                    }
                peripheral.paths[characteristic] = path
                self._add(path, {CHARACTERISTIC_INTERFACE: properties})
        self._change(peripheral.path, DEVICE_INTERFACE, ServicesResolved=Variant("b", True))

    # The bus

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._count += 1
        peer = self._peers[f":1.{self._count}"] = _Peer(f":1.{self._count}", writer)
        try:
            await _authenticate(reader, writer)
            while True:
                head = await reader.readexactly(16)
                end = "<" if head[:1] == b"l" else ">"
                body, fields = struct.unpack(end + "4xI4xI", head)
                rest = await reader.readexactly((fields + 7) // 8 * 8 + body)
                message = Unmarshaller(io.BytesIO(head + rest)).unmarshall()
                assert message is not None
                self._answer(peer, message)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            del self._peers[peer.name]
            self._scanning.discard(peer.name)
            for names in self._notified.values():
                names[:] = [name for name in names if name != peer.name]
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _answer(self, peer: _Peer, message: Message) -> None:
        try:
            signature, body = self._call(peer, message)
            reply = Message.new_method_return(message, signature, body)
        except BluezError as error:
            reply = Message.new_error(message, error.name, error.text)
        if not message.flags & MessageFlag.NO_REPLY_EXPECTED:
            reply.sender = ":1.0"
            peer.send(reply)

    def _call(self, peer: _Peer, message: Message) -> tuple[str, list[Any]]:
        path, member, body = message.path or "", message.member, message.body
        match message.interface, member:
            case "org.freedesktop.DBus", "Hello":
                return "s", [peer.name]
            case "org.freedesktop.DBus", "AddMatch":
                peer.rules += 1
                return "", []
            case "org.freedesktop.DBus", "RemoveMatch":
                peer.rules -= 1
                return "", []
        if not self._running:
            raise BluezError("org.freedesktop.DBus.Error.ServiceUnknown", "not activatable")
        if message.interface == OBJECT_MANAGER:
            return "a{oa{sa{sv}}}", [self._objects]
        if path not in self._objects:
            raise BluezError("org.freedesktop.DBus.Error.UnknownObject", path)
        match message.interface, member:
            case "org.bluez.Adapter1", "StartDiscovery":
                self._scanning.add(peer.name)
                if all(task.done() for task in self._tasks):
                    task = asyncio.get_running_loop().create_task(self._advertise())
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
            case "org.bluez.Adapter1", "StopDiscovery":
                self._scanning.discard(peer.name)
            case "org.bluez.Adapter1", "SetDiscoveryFilter":
                pass
            case "org.bluez.Device1", "Connect":
                self._connect(self._peripherals[path])
            case "org.bluez.Device1", "Disconnect":
                if self.connected(self._peripherals[path]):
                    self.drop(self._peripherals[path])
            case "org.bluez.GattCharacteristic1", _:
                return self._characteristic(peer, path, member, body)
            case unknown:
                raise BluezError("org.bluez.Error.NotSupported", str(unknown))
        return "", []

    def _characteristic(
        self, peer: _Peer, path: str, member: str | None, body: list[Any]
    ) -> tuple[str, list[Any]]:
        peripheral = self._peripherals[path.split("/service", maxsplit=1)[0]]
        uuid = self._objects[path][CHARACTERISTIC_INTERFACE]["UUID"].value
        if uuid in peripheral.errors:
            raise BluezError(*peripheral.errors[uuid])
        names = self._notified.setdefault(path, [])
        match member:
            case "ReadValue":
                return "ay", [peripheral.values[uuid]]
            case "WriteValue":
                peripheral.written.append((uuid, bytes(body[0])))
                peripheral.on_write(uuid, bytes(body[0]))
            case "StartNotify":
                names.append(peer.name)
            case "StopNotify":
                names.remove(peer.name)
            case _:
                raise BluezError("org.bluez.Error.NotSupported", str(member))
        return "", []


async def _authenticate(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """D-Bus' handshake; file descriptors are agreed to, and never passed."""
    while (line := (await reader.readuntil(b"\r\n")).strip(b"\0\r\n")) != b"BEGIN":
        match line.split(b" ")[0]:
            case b"AUTH":
                writer.write(b"OK 0123456789abcdef0123456789abcdef\r\n")
            case b"NEGOTIATE_UNIX_FD":
                writer.write(b"AGREE_UNIX_FD\r\n")
            case _:
                writer.write(b"ERROR\r\n")
