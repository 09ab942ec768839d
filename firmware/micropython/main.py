"""Runs after boot.py, for as long as the device is on."""

from gaitcue.program import run

run()
