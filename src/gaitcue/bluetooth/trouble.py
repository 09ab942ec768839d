"""What goes wrong with Bluetooth, in words that say what to do about it."""

import re
import sys

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from gaitcue.bluetooth.device import DecodeError

FAILURES = (BleakError, DecodeError, TimeoutError, OSError, EOFError)
"""What bleak and the system under it raise when a link or Bluetooth itself fails.

EOFError is D-Bus closing; OSError a missing D-Bus, or Windows' own errors.
"""

_Reason = BleakBluetoothNotAvailableReason

_NO_ADAPTER = "this computer has no Bluetooth adapter: plug one in (Bluetooth 4.0 or newer)"
_NO_LOW_ENERGY = "the Bluetooth adapter cannot connect to sensors (no Low Energy): use another one"
_OFF = {
    "linux": "Bluetooth is off: turn it on in the settings, or with `bluetoothctl power on` (if "
    "that fails: `rfkill unblock bluetooth`)",
    "win32": "Bluetooth is off: turn it on in Settings > Bluetooth & devices",
    "darwin": "Bluetooth is off: turn it on in System Settings > Bluetooth",
}
_DENIED = {
    "linux": "no permission to use Bluetooth: add yourself to the group `bluetooth` (`sudo usermod "
    "-aG bluetooth $USER`) and log in again",
    "win32": "no permission to use Bluetooth: allow it in Settings > Privacy & security > Radios",
    "darwin": "no permission to use Bluetooth: allow your terminal program in System Settings > "
    "Privacy & Security > Bluetooth",
}
_UNPAIRED = {
    "linux": "it is not paired: run `bluetoothctl pair ADDRESS` with the sensor's address",
    "win32": "it is not paired: add it in Settings > Bluetooth & devices",
    "darwin": "it is not paired: connect again and confirm the question macOS asks",
}
_NO_BLUEZ = (
    "the Bluetooth service (BlueZ) is not running: install it (`sudo apt install bluez`) and start "
    "it (`sudo systemctl start bluetooth`)"
)
_NO_BUS = (
    "the system's message bus (D-Bus) cannot be reached, and Bluetooth goes through it: in a "
    "container, give it /run/dbus/system_bus_socket of the host"
)
_DBUS = {
    "org.freedesktop.DBus.Error.ServiceUnknown": _NO_BLUEZ,
    "org.freedesktop.DBus.Error.NameHasNoOwner": _NO_BLUEZ,
    "org.freedesktop.DBus.Error.AccessDenied": _DENIED["linux"],
    "org.bluez.Error.NotReady": _OFF["linux"],
    "org.bluez.Error.Blocked": _OFF["linux"],
    "org.bluez.Error.AuthenticationFailed": _UNPAIRED["linux"],
    "org.bluez.Error.AuthenticationRejected": _UNPAIRED["linux"],
    "org.bluez.Error.NotAuthorized": _UNPAIRED["linux"],
}
_UNPAIRED_CODES = {
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
}


def explain(error: BaseException, platform: str = sys.platform) -> str:
    """What `error` means and what to do, in one sentence without a full stop.

    `platform` is as `sys.platform`; one that is none of Linux, Windows and macOS is told as Linux.
    """
    system = platform if platform in _OFF else "linux"
    match error:
        case BleakBluetoothNotAvailableError():
            return _unavailable(error.reason, system)
        case BleakDBusError(dbus_error=name) if name in _DBUS:
            return _DBUS[name]
        case BleakGATTProtocolError(code=code) if code in _UNPAIRED_CODES:
            return _UNPAIRED[system]
        case _ if is_forgotten(error):
            return "it is not in reach: bring it closer, and wake it up"
        case TimeoutError():
            return "it does not answer: bring it closer, and see that nothing else is connected"
        case EOFError() | FileNotFoundError() | ConnectionError() if system == "linux":
            return _NO_BUS
        case PermissionError():
            return _DENIED[system]
    return _sentence(error)


def is_forgotten(error: BaseException) -> bool:
    """Whether the system knows the sensor no more, so that only another scan helps.

    BlueZ forgets sensors some time after a scan, and all of them with their adapter.
    """
    return isinstance(error, BleakDeviceNotFoundError) or (
        type(error) is BleakError and re.fullmatch("device '.*' not found", str(error)) is not None
    )


def _unavailable(reason: BleakBluetoothNotAvailableReason, system: str) -> str:
    match reason:
        case _Reason.NO_BLUETOOTH:
            return _NO_ADAPTER
        case _Reason.NO_BLE_CENTRAL_ROLE:
            return _NO_LOW_ENERGY
        case _Reason.POWERED_OFF:
            return _OFF[system]
        case _Reason.DENIED_BY_USER | _Reason.DENIED_BY_SYSTEM | _Reason.DENIED_BY_UNKNOWN:
            return _DENIED[system]
        case _:
            return "Bluetooth is not available, and the system does not say why: turn it off and on"


def _sentence(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return text.splitlines()[0].rstrip(".")
