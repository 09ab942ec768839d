"""One file a kind of wearable sensor: how to know it, start it and read its bytes.

`recognise` tells what an advertisement comes from, `device_named` gives the device of a name,
`DEVICES` are those of this package. What each gives and its traps stand in
``docs/reference/sensors.md``; ``docs/how-to/add-a-sensor.md`` adds one from another package.
"""

from gaitcue.bluetooth.devices.registry import DEVICES, device_named, known_devices, recognise

__all__ = ["DEVICES", "device_named", "known_devices", "recognise"]
