"""What runs: sets the parts up, goes round, and leaves nothing on whatever happens."""

import sys
from time import sleep_ms

import machine

from gaitcue import VERSION, status
from gaitcue.battery import Battery
from gaitcue.button import Button
from gaitcue.clock import Clock
from gaitcue.device import Device
from gaitcue.motion_unit import MotionUnit
from gaitcue.outputs import Outputs
from gaitcue.pins import check
from gaitcue.radio import Radio
from micropython import const

_WATCHDOG = const(2000)
"""ms of standing still, after which the hardware resets the device."""
_I2C_FREQUENCY = const(400_000)
"""Hz, the most that the motion units take."""
_UNIT_TRIES = const(3)


class Nothing:
    """In place of a button or battery that a board does not have."""

    def poll(self, ms) -> int:
        """Never anything."""
        return 0

    def changed(self) -> bool:
        """Never."""
        return False


def run() -> None:
    """Until the device is switched off, or somebody interrupts it over USB."""
    watchdog = machine.WDT(timeout=_WATCHDOG)
    try:
        _run(watchdog)
    except KeyboardInterrupt:
        # The watchdog cannot be switched off: whoever wants to change files needs it fed.
        timer = machine.Timer(0)
        timer.init(period=_WATCHDOG // 4, callback=lambda _: watchdog.feed())
        print("gaitcue is interrupted; switch off and on to start it again")


def _run(watchdog) -> None:
    outputs = Outputs(None, None, None, 1)
    device = None
    try:
        board = _board()
        radio = Radio("unknown" if board is None else board.MODEL, VERSION)
        watchdog.feed()  # the radio may take long to start
        if board is None:
            device = Device(radio, Clock(), outputs, None, Nothing(), Battery(None, 1))
            device.fail(status.MISCONFIGURED)
        else:
            outputs = Outputs(board.VIBRATION, board.BUZZER, board.LIGHT, board.LIGHT_ON)
            device = _device(board, radio, outputs)
        watchdog.feed()
        if machine.reset_cause() == machine.WDT_RESET:
            device.status.faults |= status.WATCHDOG
            device.status.happened(status.RESTARTED)
        _go_round(device, watchdog)
    except Exception as error:
        outputs.off()
        sys.print_exception(error)
        if device is not None:  # nothing is felt any more, and the host is told
            device.fail(status.PROGRAM)
            _go_round(device, watchdog)
    finally:
        outputs.off()


def _go_round(device: Device, watchdog) -> None:
    while True:
        device.round()
        watchdog.feed()
        device.rest()


def _board():
    """The board file, None if it is wrong."""
    try:
        import board  # pyright: ignore - a copy of a file in boards/

        check(board)
    except Exception as error:
        print(error)
        return None
    return board


def _device(board, radio, outputs) -> Device:
    if board.BUTTON is None:
        button = Nothing()
    else:
        button = Button(board.BUTTON, board.BUTTON_PRESSED, board.BUTTON_PULL_UP)
    battery = Battery(board.BATTERY, board.BATTERY_DIVIDER)
    device = Device(radio, Clock(), outputs, _unit(board), button, battery)
    if device.unit is None:
        device.fail(status.NO_ANSWER)
    return device


def _unit(board) -> MotionUnit | None:
    i2c = machine.I2C(
        0, sda=machine.Pin(board.SDA), scl=machine.Pin(board.SCL), freq=_I2C_FREQUENCY
    )
    for _ in range(_UNIT_TRIES):
        try:
            return MotionUnit(i2c, board.IMU_ADDRESS)
        except (OSError, ValueError) as error:
            print("motion sensor:", error)
            sleep_ms(50)
    return None
