"""MicroPython's `bluetooth` as far as the program uses it, joined to the simulated world."""

from uctypes import addressof

import world

FLAG_READ, FLAG_WRITE_NO_RESPONSE, FLAG_WRITE, FLAG_NOTIFY, FLAG_INDICATE = 2, 4, 8, 16, 32
LINK = 64


def UUID(value):
    """The bytes that a host sees; MicroPython's own is an object that gives them."""
    digits = value.replace("-", "") if isinstance(value, str) else "%04x" % value
    return bytes(reversed(bytes.fromhex(digits)))


def text(uuid):
    """As people write it."""
    digits = bytes(reversed(uuid)).hex()
    if len(digits) == 4:
        return "0000%s-0000-1000-8000-00805f9b34fb" % digits
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class BLE:
    handler = None

    def active(self, on):
        assert on

    def irq(self, handler):
        BLE.handler = handler

    def config(self, name=None, **settings):
        if name == "mac":
            return (0, b"\x24\x0a\xc4\x00\xca\xfe")

    def gatts_register_services(self, services):
        return tuple(tuple(world.register(text(c[0])) for c in service[1]) for service in services)

    def gatts_set_buffer(self, handle, size):
        pass

    def gatts_write(self, handle, data):
        world.put(handle, addressof(data), len(data))

    def gatts_read(self, handle):
        return bytes(world.value_byte(handle, i) for i in range(world.value_length(handle)))

    def gatts_notify(self, link, handle, data):
        self._send(0, link, handle, data)

    def gatts_indicate(self, link, handle, data):
        self._send(1, link, handle, data)

    def _send(self, kind, link, handle, data):
        error = world.send(kind, handle, addressof(data), len(data))
        if error < 0:
            raise TypeError("a fault that was asked for")
        if error:
            raise OSError(error)

    def gap_advertise(self, interval, adv_data=None, *, resp_data=None):
        world.advertise(addressof(adv_data), len(adv_data), addressof(resp_data), len(resp_data))


def happen():
    """Hand the next event to the program's handler."""
    kind = world.event_kind()
    value = world.event_value()
    BLE.handler(kind, (LINK, 0, b"") if kind in (1, 2) else (LINK, value))
