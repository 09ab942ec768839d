"""M5StickC Plus2: pins. Not yet run on hardware.

Pins by its maker's schematic, as devices.esphome.io gives them.
"""

MODEL = "M5StickC Plus2"

HIGH_AT_ONCE = (4,)
"""Holds the power on: without it the device switches off within 0.1 s when on battery."""

SDA, SCL, IMU_ADDRESS = 21, 22, 0x68

VIBRATION = None
"""Set to 32 or 33 with a vibration unit on the Grove port."""
BUZZER = 2
LIGHT, LIGHT_ON = 19, 1

BUTTON, BUTTON_PRESSED, BUTTON_PULL_UP = 37, 0, False
"""The large button beside the screen; the board has a pull-up resistor."""

BATTERY, BATTERY_DIVIDER = 38, 2
