"""Sensors that are not there: the sensor's side of each protocol, and a link as bad as one likes.

- `Faults`, `apply_faults`: what goes wrong on the way, on demand and the same every time
"""

from gaitcue.bluetooth.virtual.faults import (
    Connected,
    Disconnected,
    Faults,
    Happening,
    Notification,
    apply_faults,
)

__all__ = [
    "Connected",
    "Disconnected",
    "Faults",
    "Happening",
    "Notification",
    "apply_faults",
]
