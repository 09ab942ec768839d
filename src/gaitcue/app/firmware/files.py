"""Where the firmware's files are: in the package as installed, or in the source tree."""

from pathlib import Path

import gaitcue
from gaitcue.errors import InputError

_PACKAGE = Path(gaitcue.__file__).parent
_PLACES = (_PACKAGE / "firmware", _PACKAGE.parents[1] / "firmware")

IMAGES = "https://micropython.org/download/ESP32_GENERIC/"
"""Where MicroPython is to be had for the boards."""


def firmware_folder(name: str) -> Path:
    """The folder of one kind of device; raises InputError when it is not there."""
    for place in _PLACES:
        if (place / name).is_dir():
            return place / name
    raise InputError(f"this installation of gaitcue lacks firmware/{name}: install gaitcue again")
