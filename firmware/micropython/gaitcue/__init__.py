"""gaitcue's sensor for MicroPython on ESP32.

- ``program``: what runs; ``device``: one round of it
- ``clock``, ``stamps``, ``stream``: from the sensor's buffer to motion data
- ``cue``, ``outputs``, ``button``: what the wearer feels, and says
- ``radio``, ``control``, ``status``: what the host says, and is told
- ``motion_unit``, ``battery``, ``pins``: the chips, and where they are wired
"""

VERSION = "0.1.0"
