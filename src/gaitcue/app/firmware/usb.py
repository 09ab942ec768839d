"""Why a board cannot be reached over USB, in one sentence."""

import os
import re
import subprocess
from pathlib import Path

from gaitcue.app.firmware.files import IMAGES
from gaitcue.errors import InputError

AUTO = "auto"
"""Of ports: the first one with a board."""

SENTENCES = {
    "no device found|available serial ports": "no board was found: plug it in with a "
    "cable that carries data, or say which --port (`mpremote devs` lists them); on Linux you must "
    "be in the group dialout",
    "failed to access|could not open": "the board's port cannot be opened: close what else uses "
    "it, such as Thonny, or say another --port",
    "raw repl|timeout waiting|could not exec|raw paste": "nothing answers there as MicroPython "
    f"does: a new board needs --micropython FILE from {IMAGES}; on one that has it press the reset "
    "button, and do this again",
    "failed to connect|no serial data": "the board does not answer: do this again while "
    "you hold its BOOT button, if it has one",
}
"""By what mpremote and esptool say."""


def check_port(port: str) -> None:
    """Raise InputError if `port` is none, or this user may not use it, as far as can be seen."""
    if not port.startswith("/"):
        return
    if not Path(port).exists():
        raise InputError(f"there is no port {port}: `mpremote devs` lists those that there are")
    if not os.access(port, os.R_OK | os.W_OK):
        raise InputError(
            f"you may not use {port}: become a member of its group, mostly by `sudo usermod -a -G "
            "dialout $USER`, then log out and in again"
        )


def explain(error: subprocess.CalledProcessError | subprocess.TimeoutExpired) -> str:
    """What kept a tool from its work."""
    if isinstance(error, subprocess.TimeoutExpired):
        return f"the board was not done within {error.timeout:.0f} s: unplug it and try again"
    said = f"{error.stdout or ''}\n{error.stderr or ''}"
    for pattern, sentence in SENTENCES.items():
        if re.search(pattern, said, re.IGNORECASE):
            return sentence
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if "error" in line.lower()] or lines
    return f"the board did not take it: {fatal[-1] if fatal else 'it gave no answer'}"
