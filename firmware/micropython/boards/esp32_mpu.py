"""Any ESP32 with an MPU-6050 or MPU-6886 and a vibration motor: pins. Not yet run on hardware.

Pins as on the common 38-pin development board; change them to where your wires go.
"""

MODEL = "ESP32"

HIGH_AT_ONCE = ()

SDA, SCL, IMU_ADDRESS = 21, 22, 0x68

VIBRATION = 25
"""Drives the motor through a transistor, never directly: a pin gives 40 mA at most."""
BUZZER = None
"""The pin of a passive buzzer, where there is one."""
LIGHT, LIGHT_ON = 2, 1

BUTTON, BUTTON_PRESSED, BUTTON_PULL_UP = 0, 0, True
"""BOOT on most boards."""

BATTERY, BATTERY_DIVIDER = None, 1
"""A pin from 32 to 39 that sees the battery's voltage divided; None on a power bank."""
