"""What sensors are near, and whether they can be used."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from gaitcue.bluetooth.device import BATTERY_LEVEL, Advertisement, Device
from gaitcue.bluetooth.link import close
from gaitcue.bluetooth.trouble import FAILURES, explain
from gaitcue.errors import InputError

SCAN_TIME = 5.0
"""For a scan, s: most sensors advertise once a second or more often."""
LOOK_TIMEOUT = 10.0
"""For connecting to a sensor to see whether that works, s."""
UNKNOWN_SIGNAL = -127
"""bleak's word for an unknown signal strength, dBm."""

Recognise = Callable[[Advertisement], Device | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """A sensor of a known kind in reach.

    Attributes
    ----------
    problem
        Why it cannot be used, for people; empty when it can.
    battery
        Percent, None if unknown.
    handle
        What bleak connects to.
    """

    advertisement: Advertisement
    device: Device
    handle: BLEDevice = field(repr=False, compare=False)
    problem: str = ""
    battery: int | None = None

    @property
    def name(self) -> str:
        """What it calls itself, or its kind if it has no name."""
        return self.advertisement.name or self.device.title

    def as_json(self) -> dict[str, Any]:
        """As `gaitcue sensors --json` prints it."""
        return {
            "name": self.advertisement.name,
            "address": self.advertisement.address,
            "kind": self.device.name,
            "title": self.device.title,
            "usable": not self.problem,
            "problem": self.problem,
            "rate": self.device.timing.rate,
            "gyroscope": self.device.gyroscope,
            "signal": self.advertisement.rssi,
            "battery": self.battery,
        }


async def scan(recognise: Recognise, duration: float) -> list[Nearby]:
    """The sensors of known kinds that advertise within `duration` s, the strongest first.

    Raises
    ------
    InputError
        When Bluetooth cannot be used; the sentence says what to do.
    """
    try:
        seen = await BleakScanner.discover(timeout=duration, return_adv=True)
    except FAILURES as error:
        raise InputError(f"cannot look for sensors: {explain(error)}") from error
    found = []
    for handle, data in seen.values():
        advertisement = _advertisement(handle, data)
        device = recognise(advertisement)
        if device is not None:
            near = Nearby(advertisement=advertisement, device=device, handle=handle)
            found.append(replace(near, problem=device.refused))
    return sorted(found, key=lambda near: -(near.advertisement.rssi or UNKNOWN_SIGNAL))


def _advertisement(handle: BLEDevice, data: AdvertisementData) -> Advertisement:
    return Advertisement(
        address=handle.address,
        name=data.local_name or handle.name or "",
        services=tuple(uuid.lower() for uuid in data.service_uuids),
        manufacturer=dict(data.manufacturer_data),
        rssi=None if data.rssi == UNKNOWN_SIGNAL else data.rssi,
    )


async def look(found: list[Nearby]) -> AsyncIterator[Nearby]:
    """Connect to each usable one in turn: whether that works, and its battery level."""
    for near in found:
        yield near if near.problem else await _look(near)


async def _look(near: Nearby) -> Nearby:
    client = BleakClient(near.handle, timeout=LOOK_TIMEOUT)
    battery, problem = None, ""
    try:
        async with asyncio.timeout(LOOK_TIMEOUT):
            await client.connect()
            try:
                if client.services.get_characteristic(BATTERY_LEVEL) is not None:
                    battery = (await client.read_gatt_char(BATTERY_LEVEL))[0]
            finally:
                await close(client)
    except FAILURES as error:
        problem = explain(error)
    return replace(near, problem=problem, battery=battery)


def choose(found: list[Nearby], wanted: str) -> Nearby:
    """The sensor with that address, name or kind; an empty `wanted` means the only usable one.

    Raises
    ------
    InputError
        When there is none, several, or one that cannot be used.
    """
    word = wanted.casefold()
    fits = [
        near
        for near in found
        if word in (near.advertisement.address.casefold(), near.name.casefold(), near.device.name)
        or (not word and not near.problem)
    ]
    seen = ", ".join(f"{near.name} ({near.advertisement.address})" for near in fits or found)
    what = f"sensor {wanted!r}" if wanted else "usable sensor"
    if not fits:
        raise InputError(
            f"there is no {what} near: wake it up and bring it closer"
            + (f"; there are {seen}" if seen else "")
        )
    if len(fits) > 1:
        raise InputError(f"there is more than one {what} near: say which by its address: {seen}")
    if fits[0].problem:
        raise InputError(f"{fits[0].name} cannot be used: {fits[0].problem}")
    return fits[0]
