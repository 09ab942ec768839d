"""Finding the kind of sensor that an advertisement or a name belongs to."""

from collections.abc import Iterator
from importlib.metadata import entry_points

from gaitcue.bluetooth.device import Advertisement, Device
from gaitcue.bluetooth.devices.arduino import ArduinoNano
from gaitcue.bluetooth.devices.bangle import BangleJs2
from gaitcue.bluetooth.devices.gaitcue_sensor import GaitcueSensor
from gaitcue.bluetooth.devices.metamotion import MetaMotion
from gaitcue.bluetooth.devices.movella_dot import MovellaDot
from gaitcue.bluetooth.devices.movesense import Movesense
from gaitcue.bluetooth.devices.openearable import OpenEarable
from gaitcue.bluetooth.devices.pinetime import PineTime
from gaitcue.bluetooth.devices.polar import PolarH10, PolarOH1, PolarVerity
from gaitcue.bluetooth.devices.witmotion import WitMotion
from gaitcue.errors import InputError

DEVICES: tuple[type[Device], ...] = (
    GaitcueSensor, MovellaDot, Movesense, OpenEarable, PolarH10, PolarVerity, PolarOH1, MetaMotion,
    WitMotion, BangleJs2, ArduinoNano, PineTime,
)  # fmt: skip
"""Of this package; the first that recognises an advertisement has it."""

ENTRY_POINTS = "gaitcue.devices"
"""Entry point group in which other packages offer a `Device` class of their own."""


def recognise(advertisement: Advertisement) -> Device | None:
    """The sensor that `advertisement` comes from, None when it is of no known kind.

    Raises
    ------
    InputError
        When the device of another package cannot be loaded.
    """
    return next((kind() for kind in known_devices() if kind.recognises(advertisement)), None)


def device_named(name: str) -> Device:
    """The device that is called `name` on the command line.

    Raises
    ------
    InputError
        When there is none of that name, or the device of another package cannot be loaded.
    """
    known = list(known_devices())
    for kind in known:
        if kind.name == name:
            return kind()
    names = ", ".join(sorted(kind.name for kind in known))
    raise InputError(f"there is no device {name!r}: it is one of {names}")


def known_devices() -> Iterator[type[Device]]:
    """Kinds of this package, then those that other packages offer; raises InputError."""
    yield from DEVICES
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        try:
            kind = entry.load()
        except Exception as error:
            raise InputError(
                f"the device {entry.name!r} ({entry.value}) cannot be loaded: {error}"
            ) from error
        if not (isinstance(kind, type) and issubclass(kind, Device)):
            raise InputError(f"the device {entry.name!r} ({entry.value}) is not a Device class")
        yield kind
