"""The parts of MicroPython's `machine` that the program uses, joined to the simulated world."""

from uctypes import addressof

import bluetooth
import world

PWRON_RESET, WDT_RESET = 1, 3
reset_cause = world.reset_cause


class Pin:
    IN, OUT, PULL_UP = 1, 3, 2

    def __init__(self, pin, mode=-1, pull=-1, value=None):
        if pin not in range(40) or pin in (20, 24, 28, 29, 30, 31):
            raise ValueError("invalid pin")
        if mode == Pin.OUT and pin > 33:
            raise ValueError("pin can only be input")
        self.pin = pin
        if value is not None:
            world.drive(pin, value)

    def value(self, value=None):
        if value is None:
            return world.level(self.pin)
        world.drive(self.pin, value)


class PWM:
    def __init__(self, pin, freq, duty_u16):
        self.pin = pin.pin
        self.duty_u16(duty_u16)

    def duty_u16(self, duty):
        world.drive(self.pin, duty)


class ADC:
    ATTN_11DB = 3

    def __init__(self, pin, atten):
        self.pin = pin

    def read_uv(self):
        return world.microvolts()


class I2C:
    def __init__(self, number, sda, scl, freq):
        assert freq <= 400_000

    def readfrom_mem_into(self, address, register, buffer):
        error = world.i2c_read(address, register, addressof(buffer), len(buffer))
        if world.pending_events():  # the stack calls back wherever the program is
            bluetooth.happen()
        if error:
            raise OSError(error)

    def writeto_mem(self, address, register, buffer):
        error = world.i2c_write(address, register, addressof(buffer), len(buffer))
        if error:
            raise OSError(error)


class WDT:
    def __init__(self, timeout):
        world.watchdog(timeout)

    def feed(self):
        world.feed()


class Timer:
    def __init__(self, number):
        pass

    def init(self, period, callback):
        world.keep_fed()
