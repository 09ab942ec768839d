"""Stay connected to a sensor, and store what it sends with the time at which it came.

Where bleak's BlueZ backend needs care:

- After a lost connection it keeps its D-Bus connection, and bluetoothd then delivers every
  notification of the next connection once more for it (bleak issue 2002). So each attempt has a
  new client, and the old one is disconnected first, which closes that D-Bus connection.
- A client whose service discovery failed never connects again: another reason for a new one.
  What it held is freed by the failure itself.
- AcquireNotify loses notifications when the event loop stands still for seconds, StartNotify
  delivers them late. So it is StartNotify.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from gaitcue.bluetooth.device import Device, Link, SensorRefusedError
from gaitcue.bluetooth.latency import ask_clock
from gaitcue.bluetooth.trouble import FAILURES, explain, is_forgotten

SILENCE = 2.0
"""A connected sensor that sends nothing for so long (s) is taken for lost: longer than the 1.4 s
between the frames of the slowest one that is served."""
OWN_STALL = 0.5
"""A look at the link that comes so late (s) says that this process stood still, not the link."""
CONNECT_TIMEOUT = 10.0
"""For one attempt to connect, s; others have to wait for it, as adapters take one at a time."""
START_TIMEOUT = 20.0
"""For configuring and starting a sensor, s: more than any exchange of ours takes."""
STOP_TIMEOUT = 2.0
"""For telling a sensor to stop, s; a person has asked to quit and waits."""
FIRST_WAIT, LONGEST_WAIT = 0.25, 8.0
"""Between attempts, s: doubled from the first to the longest."""
LEAST_NOTIFICATION = 20
"""Bytes that fit into a notification at the smallest ATT MTU of 23 (Bluetooth Core, Vol 3 F)."""


LOST = "the connection was lost"


class Clock(Protocol):
    """Time, so that tests need not wait for it."""

    def now(self) -> float:
        """Monotonic time, s."""

    async def sleep(self, duration: float) -> None:
        """Wait `duration` s."""


class MonotonicClock:
    """The computer's own."""

    def now(self) -> float:
        """As `time.monotonic`."""
        return time.monotonic()

    async def sleep(self, duration: float) -> None:
        """As `asyncio.sleep`."""
        await asyncio.sleep(duration)


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection."""

    time: float


@dataclass(frozen=True, slots=True)
class Notification:
    """Bytes as they came, notified or read."""

    time: float
    characteristic: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Started:
    """The sensor is configured and started; its `Device.timing` holds from now on."""

    time: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The sensor is being asked for its clock; its answer comes as a `Notification`."""

    time: float
    token: int


@dataclass(frozen=True, slots=True)
class Streaming:
    """It is all set; `battery` percent, None if it does not tell."""

    time: float
    battery: int | None


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is lost, or an attempt failed; `reason` is one for people."""

    time: float
    reason: str


Item = Connected | Started | Notification | Asked | Streaming | Lost

Store = Callable[[Item], None]
"""Takes each item at once and without waiting, such as ``queue.put_nowait``."""


async def stay_connected(
    device: Device,
    sensor: BLEDevice,
    store: Store,
    *,
    connecting: asyncio.Lock,
    linked: Callable[[Link | None], None] | None = None,
    clock: Clock | None = None,
) -> None:
    """Connect to `sensor`, start it and store what it sends; connect again whenever it is lost.

    Runs until it is cancelled, and then stops and disconnects the sensor.

    Parameters
    ----------
    connecting
        Shared by all sensors: adapters make one connection at a time.
    linked
        Takes the link when it streams, for what else the sensor can do, and None when it is over.
    """
    clock = clock or MonotonicClock()
    wait = FIRST_WAIT
    while True:
        lost = asyncio.Event()
        gone = forgotten = False
        client = _new_client(sensor, lost)
        session = Session(client, store, clock)
        try:
            async with connecting:
                await client.connect()  # cleans up behind itself when it fails or is cancelled
            store(Connected(clock.now()))
            try:
                reason = await _stream(device, session, lost, linked)
            finally:
                if linked:
                    linked(None)
                gone = lost.is_set()
                await close(client)
        except FAILURES as error:
            reason = LOST if gone else explain(error)
            forgotten = is_forgotten(error)
        except SensorRefusedError as error:
            reason = str(error)
            wait = LONGEST_WAIT  # until a person has changed something
        if forgotten:
            sensor, reason = await _find_again(sensor, connecting, reason)
        store(Lost(clock.now(), reason))
        if session.heard:
            wait = FIRST_WAIT
        await clock.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def _new_client(sensor: BLEDevice, lost: asyncio.Event) -> BleakClient:
    def on_loss(_: BleakClient) -> None:
        lost.set()

    return BleakClient(sensor, disconnected_callback=on_loss, timeout=CONNECT_TIMEOUT)


async def _find_again(
    sensor: BLEDevice, connecting: asyncio.Lock, reason: str
) -> tuple[BLEDevice, str]:
    """Scan for a sensor that BlueZ has forgotten; with the reason if it is not there."""
    try:
        async with connecting:
            found = await BleakScanner.find_device_by_address(sensor.address, CONNECT_TIMEOUT)
    except FAILURES as error:
        return sensor, explain(error)
    return found or sensor, reason


async def close(client: BleakClient) -> None:
    """Disconnect a client that was connected, and free what bleak holds.

    One whose `connect` failed has been cleaned up; bleak waits for ever when such a one is
    disconnected that was cancelled before it was on D-Bus.
    """
    try:
        await client.disconnect()
    except FAILURES:
        return  # the other end is gone already; bleak closes its D-Bus connection in any case


async def _stream(
    device: Device,
    session: "Session",
    lost: asyncio.Event,
    linked: Callable[[Link | None], None] | None,
) -> str:
    """Start the sensor, and return when it is lost or silent: which, in words."""
    try:
        async with asyncio.timeout(START_TIMEOUT):
            await device.start(session)
        session.started()
        await _ask_clock(device, session)
        session.streaming(await _battery(device, session))
        if linked:
            linked(session)
        await session.watch(lost)
    except asyncio.CancelledError:
        await _stop(device, session, linked)
        raise
    if lost.is_set():
        return LOST
    await _stop(device, session, linked)
    return f"no data for {SILENCE:g} s"


async def _ask_clock(device: Device, session: "Session") -> None:
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            await ask_clock(device, session, session.asked)
    except (*FAILURES, SensorRefusedError):
        return  # the latency stays unknown


async def _battery(device: Device, session: "Session") -> int | None:
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            return await device.battery(session)
    except (*FAILURES, SensorRefusedError):
        return None


async def _stop(
    device: Device, session: "Session", linked: Callable[[Link | None], None] | None
) -> None:
    if linked:
        linked(None)  # before all else, so that nobody begins anew what is being stopped
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            await device.stop(session)
    except (*FAILURES, SensorRefusedError):
        return  # it is being disconnected, which stops it as well as can be


class Session:
    """One connection: the `gaitcue.bluetooth.device.Link` that a device works with."""

    def __init__(self, client: BleakClient, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._last = clock.now()
        self._waiting: list[tuple[str, Callable[[bytes], bool], asyncio.Future[bytes]]] = []
        self._subscribed: set[str] = set()
        self.heard = False

    async def read(self, characteristic: str) -> bytes:
        """The characteristic's value, stored too: a decoder may need it."""
        value = bytes(await self._client.read_gatt_char(characteristic))
        self._store(Notification(self._clock.now(), characteristic.lower(), value))
        return value

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:
        """Write `value`."""
        await self._client.write_gatt_char(characteristic, value, response=response)

    async def subscribe(self, characteristic: str) -> None:
        """Have its notifications stored from now on; does nothing the second time."""
        key = characteristic.lower()
        if key in self._subscribed:
            return
        self._subscribed.add(key)

        def on_notification(_: BleakGATTCharacteristic, value: bytearray) -> None:
            self._last = self._clock.now()
            self._store(Notification(self._last, key, bytes(value)))
            self.heard = True
            if self._waiting:
                self._answer(key, bytes(value))

        await self._client.start_notify(
            characteristic, on_notification, bluez={"use_start_notify": True}
        )

    async def reply(
        self, characteristic: str, matches: Callable[[bytes], bool], timeout: float
    ) -> bytes:
        """The first notification of a subscribed characteristic that `matches`."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        entry = (characteristic.lower(), matches, answer)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout):
                return await answer
        finally:
            self._waiting.remove(entry)

    def _answer(self, characteristic: str, value: bytes) -> None:
        for wanted, matches, answer in self._waiting:
            if wanted == characteristic and not answer.done() and matches(value):
                answer.set_result(value)

    @property
    def largest_notification(self) -> int:
        """Bytes that fit into one notification.

        BlueZ tells the MTU of a connection nowhere but in its characteristics.
        """
        return max(
            (
                c.max_write_without_response_size
                for c in self._client.services.characteristics.values()
            ),
            default=LEAST_NOTIFICATION,
        )

    def started(self) -> None:
        """Store that the sensor is started."""
        self._store(Started(self._clock.now()))

    def asked(self, token: int) -> None:
        """Store that the sensor is asked for its clock."""
        self._store(Asked(self._clock.now(), token))

    def streaming(self, battery: int | None) -> None:
        """Store that all is set; the sensor's silence counts from now on."""
        self._last = self._clock.now()
        self._store(Streaming(self._last, battery))

    async def watch(self, lost: asyncio.Event) -> None:
        """Return when the connection is `lost`, or there was nothing for `SILENCE`."""
        while not lost.is_set():
            due = self._last + SILENCE
            if self._clock.now() >= due:
                return
            await first_of(lost.wait(), self._clock.sleep(due - self._clock.now()))
            if self._clock.now() > due + OWN_STALL:
                self._last = self._clock.now()  # what came meanwhile has yet to be read


async def first_of(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait for whichever is done first, and drop the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
