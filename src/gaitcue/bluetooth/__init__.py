"""Wearable sensors over Bluetooth: find them, stay connected, and turn their bytes into samples.

- ``device.py``: what a sensor is; ``devices/``: one file a kind
- ``scan.py``: what is near; ``link.py``: staying connected; ``trouble.py``: failures in words
- ``clock.py``, ``stream.py``: from notifications to uniform samples; pure
- ``recorder.py``, ``console.py``: the verbs ``record`` and ``sensors``
- ``virtual/``: sensors that are not there, for trying and testing
"""
