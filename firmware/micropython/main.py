"""Runs after boot.py, for as long as the device is on."""

import gc

gc.threshold(8192)  # tidied so often while it is compiled, the program needs 48 KB of memory

from gaitcue.program import run  # noqa: E402 - that is what is compiled

gc.threshold(-1)
run()
