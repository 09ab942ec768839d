"""Sensors that are not there: the sensor's side of each protocol, and a link as bad as one likes.

- `VirtualSensor`, `transmissions`: what a sensor sends of a walk, and how it answers its host
- `sensors`: one file a kind, the inverse of the file of that name in ``bluetooth/devices/``
- `Faults`, `apply_faults`: what goes wrong on the way, on demand and the same every time
- `peripheral`: a virtual sensor on the air (needs bumble, the extra ``virtual``)
- `direct`: one without air, by function calls; `run_in_simulated_time`: without waiting
"""

from gaitcue.bluetooth.virtual.faults import (
    Connected,
    Disconnected,
    Faults,
    Happening,
    Notification,
    apply_faults,
)
from gaitcue.bluetooth.virtual.sensor import VirtualSensor, transmissions
from gaitcue.bluetooth.virtual.simulated_time import run_in_simulated_time

__all__ = [
    "Connected",
    "Disconnected",
    "Faults",
    "Happening",
    "Notification",
    "VirtualSensor",
    "apply_faults",
    "run_in_simulated_time",
    "transmissions",
]
