"""Starts the device's own files in MicroPython on Linux."""

import sys

import world

sys.modules["uctypes"] = world  # for its addressof
__import__("boot")
__import__("main")
