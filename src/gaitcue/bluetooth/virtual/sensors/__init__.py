"""The sensor's side of each protocol in ``bluetooth/devices/``: one file each, its inverse.

- `VIRTUAL_SENSORS`: those there are, by the name of the device they play
"""

from gaitcue.bluetooth.virtual.sensor import VirtualSensor
from gaitcue.bluetooth.virtual.sensors.arduino import VirtualArduinoNano
from gaitcue.bluetooth.virtual.sensors.bangle import VirtualBangleJs2
from gaitcue.bluetooth.virtual.sensors.gaitcue_sensor import VirtualGaitcueSensor
from gaitcue.bluetooth.virtual.sensors.metamotion import VirtualMetaMotion
from gaitcue.bluetooth.virtual.sensors.movella_dot import VirtualMovellaDot
from gaitcue.bluetooth.virtual.sensors.movesense import VirtualMovesense
from gaitcue.bluetooth.virtual.sensors.openearable import VirtualOpenEarable
from gaitcue.bluetooth.virtual.sensors.polar import (
    VirtualPolarH10,
    VirtualPolarOH1,
    VirtualPolarVerity,
)
from gaitcue.bluetooth.virtual.sensors.witmotion import VirtualWitMotion

VIRTUAL_SENSORS: dict[str, type[VirtualSensor]] = {
    sensor.device.name: sensor
    for sensor in (
        VirtualArduinoNano,
        VirtualBangleJs2,
        VirtualGaitcueSensor,
        VirtualMetaMotion,
        VirtualMovellaDot,
        VirtualMovesense,
        VirtualOpenEarable,
        VirtualPolarH10,
        VirtualPolarOH1,
        VirtualPolarVerity,
        VirtualWitMotion,
    )
}
