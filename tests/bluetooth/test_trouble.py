"""What is said when Bluetooth cannot be used, by operating system."""

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from gaitcue.bluetooth.trouble import explain

SYSTEMS = {"linux": "bluetoothctl", "win32": "Settings", "darwin": "System Settings"}
Reason = BleakBluetoothNotAvailableReason


@pytest.mark.parametrize("system", SYSTEMS)
def test_off_denied_and_unpaired_are_told_in_the_systems_own_terms(system: str) -> None:
    off = explain(BleakBluetoothNotAvailableError("", Reason.POWERED_OFF), system)
    assert off.startswith("Bluetooth is off")
    assert SYSTEMS[system] in off
    denied = explain(BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), system)
    assert denied.startswith("no permission to use Bluetooth")
    assert ("usermod" in denied) == (system == "linux")
    unpaired = explain(BleakGATTProtocolError(0x05), system)
    assert unpaired.startswith("it is not paired")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_of_its_own(reason: Reason) -> None:
    text = explain(BleakBluetoothNotAvailableError("raw", reason), "linux")
    assert "raw" not in text
    assert "Bluetooth" in text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "apt install bluez"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), "no permission"),
        (BleakDBusError("org.bluez.Error.NotReady", []), "is off"),
        (BleakDeviceNotFoundError("C0"), "not in reach"),
        (BleakError("device 'dev_C0' not found"), "not in reach"),
        (TimeoutError(), "does not answer"),
        (FileNotFoundError(), "D-Bus"),
        (PermissionError(), "no permission"),
        (BleakError("something else.\nmore"), "something else"),
        (EOFError(), "D-Bus"),
    ],
)
def test_failures_on_linux(error: Exception, words: str) -> None:
    assert words in explain(error, "linux")
