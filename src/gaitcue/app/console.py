"""The verbs ``sensors`` and ``record``, as people see them."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gaitcue.app.recorder import Worn, record
from gaitcue.app.stopping import stopped_by_signals
from gaitcue.bluetooth.devices import recognise
from gaitcue.bluetooth.scan import SCAN_TIME, Nearby, choose, look, scan
from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side


def list_sensors(*, as_json: bool) -> int:
    """Print the sensors near; 0 if one can be used, 1 if none.

    Raises
    ------
    InputError
        When Bluetooth cannot be used.
    """
    return asyncio.run(_list_sensors(as_json))


async def _list_sensors(as_json: bool) -> int:
    usable = False
    found = await scan(recognise, SCAN_TIME)
    async for near in look(found):
        usable = usable or not near.problem
        print(json.dumps(near.as_json()) if as_json else _line(near), flush=True)
    if not found:
        _tell("there is no sensor of a known kind near: wake it up and bring it closer")
    return 0 if usable else 1


def _line(near: Nearby) -> str:
    rssi, percent = near.advertisement.rssi, near.battery
    signal = "unknown" if rssi is None else f"{rssi} dBm ({_strength(rssi)})"
    battery = "unknown" if percent is None else f"{percent} %"
    return (
        f"{near.name} ({near.device.title}, {near.advertisement.address})\n"
        f"  {f'cannot be used: {near.problem}' if near.problem else _use(near)}\n"
        f"  signal {signal}, battery {battery}"
    )


def _use(near: Nearby) -> str:
    what = "acceleration and rotation" if near.device.gyroscope else "acceleration only"
    return f"can be used: {what}, {near.device.timing.rate:g} Hz"


def _strength(signal: int) -> str:
    """In words; beyond -80 dBm phones and computers commonly begin to lose packets."""
    return "strong" if signal > -65 else "fair" if signal > -80 else "weak: bring it closer"


def record_walk(
    folder: Path, sensors: Sequence[str], *, duration: float | None, subject: str
) -> None:
    """Record `sensors`, each ``[WHICH][@PLACEMENT[:SIDE]]``, until SIGINT, SIGTERM or `duration`.

    Raises
    ------
    InputError
        When a sensor is not there, Bluetooth cannot be used or the folder cannot be written.
    """
    wanted = [parse_sensor(text) for text in sensors]
    asyncio.run(_record_walk(folder, wanted, duration, subject))


async def _record_walk(
    folder: Path,
    wanted: Sequence[tuple[str, Placement | None, Side]],
    duration: float | None,
    subject: str,
) -> None:
    _tell("looking for the sensors")
    found = await scan(recognise, SCAN_TIME)
    worn = [
        Worn(name=_name(near, placement, side), near=near, placement=placement, side=side)
        for which, placement, side in wanted
        for near in [choose(found, which)]
    ]
    for what, values in (
        ("sensor", [w.near.advertisement.address for w in worn]),
        ("place", [w.name for w in worn]),
    ):
        if len(set(values)) < len(values):
            raise InputError(f"the same {what} is given twice: {', '.join(values)}")
    with stopped_by_signals() as stop:
        await record(worn, folder, subject=subject, tell=_tell, stop=stop, duration=duration)


def parse_sensor(text: str) -> tuple[str, Placement | None, Side]:
    """WHICH, placement and side in ``[WHICH][@PLACEMENT[:SIDE]]``; raises InputError."""
    which, at, where = text.rpartition("@")
    if not at:
        return text, None, Side.NONE
    placement, _, side = where.partition(":")
    try:
        return which, Placement(placement), Side(side or Side.NONE)
    except ValueError as error:
        raise InputError(
            f"--sensor {text}: expected [WHICH]@WHERE[:SIDE], with WHERE one of "
            f"{', '.join(Placement)} and SIDE left or right"
        ) from error


def _name(near: Nearby, placement: Placement | None, side: Side) -> str:
    if placement is None:
        return near.name
    return placement if side is Side.NONE else f"{side}_{placement}"


def _tell(text: str) -> None:
    print(f"gaitcue: {text}", file=sys.stderr, flush=True)
