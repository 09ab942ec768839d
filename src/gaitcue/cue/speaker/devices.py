"""What can play sound here.

The sound library looks for devices once, when it is loaded, so they are listed by a process that
ends (`output_devices`); looking again (`look_again`) is possible only while nothing plays.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from types import ModuleType

from gaitcue.errors import InputError

LISTING_TIME = 20.0
"""s that a listing may take; a sound server that starts with it takes a few."""

NO_LIBRARY = (
    "sound needs the PortAudio library, which is not installed: on Debian, Ubuntu and Raspberry Pi "
    "OS type sudo apt install libportaudio2"
)


@dataclass(frozen=True, slots=True)
class OutputDevice:
    """A sound device by its name; `default` is the one the system takes by itself."""

    name: str
    system: str
    default: bool


def library() -> ModuleType:
    """The sound library, loaded only when sound is wanted.

    Raises
    ------
    InputError
        When PortAudio is missing.
    """
    try:
        return import_module("sounddevice")  # importing it starts the sound system
    except OSError as error:
        raise InputError(NO_LIBRARY) from error


def output_devices() -> list[OutputDevice]:
    """What can play now, the default first.

    Raises
    ------
    InputError
        When PortAudio is missing, or the sound system does not answer.
    """
    try:
        listed = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", __name__],
            capture_output=True, text=True, timeout=LISTING_TIME, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise InputError("the computer's sound system does not answer") from error
    lines = listed.stdout.splitlines()
    if listed.returncode != 0 or not lines:
        raise InputError(lines[-1] if lines else "the computer's sound system cannot be used")
    return [OutputDevice(**found) for found in json.loads(lines[-1])]


def look_again() -> None:
    """Have the sound library look for devices anew; no stream may be open."""
    sounddevice = library()
    sounddevice._terminate()  # the documented way, as there is no public one
    sounddevice._initialize()


def candidates(wanted: str) -> Iterator[tuple[int, str]]:
    """Index and name of the devices to try: those called `wanted`, the default, then the others."""
    sounddevice = library()
    names = {
        index: str(device["name"])
        for index, device in enumerate(sounddevice.query_devices())
        if device["max_output_channels"] > 0
    }
    default = sounddevice.default.device[1]
    ranks = sorted(
        names,
        key=lambda index: (not matches(names[index], wanted), index != default, index),
    )
    for index in ranks:
        yield index, names[index]


def matches(name: str, wanted: str) -> bool:
    """Whether a device of that name is the one that is wanted; any is when none is named."""
    return not wanted or wanted.casefold() in name.casefold()


def _listed() -> list[OutputDevice]:
    sounddevice = library()
    default = sounddevice.default.device[1]
    systems = sounddevice.query_hostapis()
    found = [
        OutputDevice(device["name"], systems[device["hostapi"]]["name"], index == default)
        for index, device in enumerate(sounddevice.query_devices())
        if device["max_output_channels"] > 0
    ]
    return sorted(found, key=lambda device: not device.default)


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps([asdict(device) for device in _listed()]))
    except InputError as error:
        sys.stdout.write(str(error))
        sys.exit(2)
