"""Version 1.0 of the protocol of gaitcue's own firmware: names and numbers, and how to command."""

import struct

from gaitcue.bluetooth.device import Link, SensorRefusedError, ask


def _uuid(slot: int) -> str:
    return f"d32a{slot:04x}-ddc9-4ac9-bf24-0c9e49a54759"


SERVICE = _uuid(1)
MOTION = _uuid(2)
CONTROL = _uuid(3)
STATUS = _uuid(4)
FEATURE = _uuid(5)
CUE = _uuid(6)
FIRMWARE_REVISION = "00002a26-0000-1000-8000-00805f9b34fb"
"""The standard characteristic with the version of its firmware (Bluetooth SIG)."""

FIRMWARE = "0.1.0"
"""Version that comes with this gaitcue, for boards and watches."""
MAJOR = 1
"""Version of the protocol; another one may mean other bytes."""
HAS_ACC, HAS_GYR, HAS_VIBRATION, HAS_TONE, HAS_METRONOME = 1, 2, 4, 8, 64
"""Bits of the features."""

START, STOP, SYNC, KEEPALIVE = 0x01, 0x02, 0x03, 0x04
PULSE, METRONOME, ADJUST, CUE_STOP = 0x10, 0x11, 0x12, 0x13
ANSWER = 0x80
SUCCESS = 1
REFUSALS = {
    2: "it does not know the command",
    3: "a parameter is out of its range",
    4: "it failed",
    5: "its wearer or its low battery does not permit it",
}

HEADER_BYTES = 8
"""Of motion data, before their rows."""
INDEX_MODULUS = 2**16
MICROSECOND = 1e-6
CLOCK_MODULUS = 2**32
FEATURE_FIELDS = struct.Struct("<BBHHBff")
STATUS_FIELDS = struct.Struct("<BBBBBBIHHHH")
"""A later minor version may append to either."""

PULSE_LEVEL = 80
"""Percent, felt through clothes without startling."""


async def command(link: Link, op: int, parameters: bytes, doing: str) -> bytes:
    """Command over the control point, and give the parameters of the answer.

    Raises SensorRefusedError, saying that it refused to do what is called `doing`.
    """
    answer = await ask(
        link,
        bytes([op]) + parameters,
        write_to=CONTROL,
        answered_on=CONTROL,
        matches=lambda value: len(value) >= 3 and value[:2] == bytes([ANSWER, op]),
    )
    if answer[2] != SUCCESS:
        why = REFUSALS.get(answer[2], f"its answer is {answer[2]}")
        raise SensorRefusedError(
            f"The gaitcue sensor refused to {doing}: {why}. Switch it off and on and try again."
        )
    return answer[3:]
