"""Wearable sensors over Bluetooth: find them, stay connected, and turn their bytes into samples.

- ``device.py``: what a sensor is; ``devices/``: one file a kind
- ``scan.py``: what is near; ``link.py``: staying connected; ``trouble.py``: failures in words
- ``stream.py``: from notifications to uniform samples, by ``numbering.py``, ``clock.py`` and
  ``rows.py``; pure
- ``latency.py``: how late samples are; ``espruino.py``: files onto a watch
- ``virtual/``: sensors that are not there, for trying and testing
"""
