"""The device's side of the link, on MicroPython's `bluetooth`: services, one host, what it writes.

The stack calls back at any point of the program, so its events are only noted here, and taken by
the program in its own time.
"""

from time import ticks_us

import bluetooth
from micropython import const

_CONNECTED = const(1)
_DISCONNECTED = const(2)
_WRITTEN = const(3)
_MTU_EXCHANGED = const(21)
"""Events of MicroPython's stack."""
READ, WRITE_COMMAND, WRITE, NOTIFY, INDICATE = (
    bluetooth.FLAG_READ,
    bluetooth.FLAG_WRITE_NO_RESPONSE,
    bluetooth.FLAG_WRITE,
    bluetooth.FLAG_NOTIFY,
    bluetooth.FLAG_INDICATE,
)
_SMALLEST_MTU = const(23)
_LARGEST_MTU = const(247)
"""What fits into one packet with the data length extension."""
_MOST_WAITING = const(8)
"""Writes that wait for the program, which takes them every 10 ms."""
CUE_STOP = b"\x13"
_APPEARANCE = const(0x0541)
"""Motion sensor."""
_ADVERTISING_INTERVAL = const(100_000)
"""µs."""


def uuid(slot: int) -> bluetooth.UUID:
    """Of the service, or one of its characteristics."""
    return bluetooth.UUID("d32a%04x-ddc9-4ac9-bf24-0c9e49a54759" % slot)


SERVICES = (
    (
        uuid(1),
        (
            (uuid(2), NOTIFY),
            (uuid(3), WRITE | INDICATE),
            (uuid(4), READ | NOTIFY),
            (uuid(5), READ),
            (uuid(6), WRITE_COMMAND),
        ),
    ),
    (bluetooth.UUID(0x180F), ((bluetooth.UUID(0x2A19), READ | NOTIFY),)),
    (
        bluetooth.UUID(0x180A),
        tuple((bluetooth.UUID(name), READ) for name in (0x2A29, 0x2A24, 0x2A26)),
    ),
)


class Radio:
    """On the air from the start. `link` is the host's connection, None without one."""

    def __init__(self, model: str, version: str):
        ble = self._ble = bluetooth.BLE()
        ble.active(True)
        self.link = None
        self.mtu = _SMALLEST_MTU
        self.lost = False
        """Whether the link was lost since the program last asked."""
        self.stop_asked = False
        """Whether the host said that the cue must stop; the program takes it back."""
        self.overflowed = False
        """Whether a write was left out, as too many waited; the program takes it back."""
        self._writes = []
        self._pending = False
        ble.irq(self._irq)
        address = ble.config("mac")[1]
        name = "gaitcue-%02X%02X" % (address[4], address[5])
        ble.config(gap_name=name, mtu=_LARGEST_MTU)
        own, battery, about = ble.gatts_register_services(SERVICES)
        self._motion, self._control, self._status, self._feature, self._cue = own
        (self._battery,) = battery
        ble.gatts_set_buffer(self._control, 32)
        ble.gatts_set_buffer(self._cue, 32)
        for handle, text in zip(about, ("gaitcue", model, version)):
            ble.gatts_write(handle, text.encode())
        self._advertisement = (
            b"\x02\x01\x06\x11\x07"
            + bytes(uuid(1))  # pyright: ignore - it has the buffer protocol
            + bytes((0x03, 0x19, _APPEARANCE & 0xFF, _APPEARANCE >> 8))
        )
        self._response = bytes((len(name) + 1, 0x09)) + name.encode()
        self._advertise()

    @property
    def asks(self) -> bool:
        """Whether the host has done something that the program has not taken yet."""
        return bool(self._writes) or self.stop_asked or self.lost

    def describe(self, feature: bytes) -> None:
        """Tell what the device can do."""
        self._ble.gatts_write(self._feature, feature)

    def send_motion(self, data) -> bool:
        """Notify motion data; gives whether the stack had room for them."""
        link = self.link  # which may be lost from one line to the next
        if link is None:
            return False
        try:
            self._ble.gatts_notify(link, self._motion, data)  # pyright: ignore
        except OSError:  # no memory for it at the moment, or the link was just lost
            return False
        return True

    def tell_status(self, data) -> None:
        """Let the status be read, and notify it if a host is there."""
        self._tell(self._status, data)

    def tell_battery(self, percent: int) -> None:
        """Let the charge be read, and notify it if a host is there."""
        self._tell(self._battery, bytes((percent,)))

    def answer(self, data: bytes) -> None:
        """Indicate the answer to the control point's request."""
        self._pending = False
        self._indicate(data)

    def take(self):
        """The oldest write not taken yet: tick, whether to answer, and value; None without one."""
        return self._writes.pop(0) if self._writes else None

    def _tell(self, handle, data) -> None:
        self._ble.gatts_write(handle, data)
        link = self.link
        if link is not None:
            try:
                self._ble.gatts_notify(link, handle, data)  # pyright: ignore
            except OSError:
                pass  # the next one tells it

    def _indicate(self, data: bytes) -> None:
        link = self.link
        if link is not None:
            try:
                self._ble.gatts_indicate(link, self._control, data)  # pyright: ignore
            except OSError:
                pass  # the host asks again

    def _advertise(self) -> None:
        self._ble.gap_advertise(
            _ADVERTISING_INTERVAL, self._advertisement, resp_data=self._response
        )

    def _irq(self, event: int, data) -> None:
        if event == _WRITTEN:
            self._written(data[1])
        elif event == _MTU_EXCHANGED:
            self.mtu = min(data[1], _LARGEST_MTU)
        elif event == _CONNECTED:
            self.link = data[0]
            self.mtu = _SMALLEST_MTU
            self._pending = False
        elif event == _DISCONNECTED:
            self.link = None
            self.lost = True
            self._writes.clear()
            self._advertise()

    def _written(self, handle) -> None:
        tick = ticks_us()
        value = bytes(self._ble.gatts_read(handle))
        if handle == self._control:
            if self._pending:
                self._indicate(b"\x80" + value[:1] + b"\x04")
                return
            self._pending = True
        elif value == CUE_STOP:
            self.stop_asked = True
            return
        if len(self._writes) < _MOST_WAITING:
            self._writes.append((tick, handle == self._control, value))
        else:
            self.overflowed = True
