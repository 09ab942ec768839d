"""The app for the Bangle.js 2, put onto the watch over Bluetooth."""

import ast
import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

from bleak import BleakClient

from gaitcue.app.firmware.files import firmware_folder
from gaitcue.bluetooth.device import Advertisement, Device, SensorRefusedError
from gaitcue.bluetooth.devices.bangle import BangleJs2
from gaitcue.bluetooth.espruino import Console, upload
from gaitcue.bluetooth.link import CONNECT_TIMEOUT, MonotonicClock, Session, close
from gaitcue.bluetooth.scan import SCAN_TIME, choose, scan
from gaitcue.bluetooth.trouble import FAILURES, explain
from gaitcue.errors import InputError

BOARD = "BANGLEJS2"
"""What the watch's firmware calls itself."""
NEEDED = "Bangle.accelRd&&Bangle.getOptions&&Bangle.setBacklight&&NRF.setScanResponse&&E.CRC32"
"""Functions that old firmware lacks."""
START_DELAY = 1000
"""ms after which the app starts: by then this computer has let the watch go."""


def install_banglejs(which: str, say: Callable[[str], None]) -> None:
    """Put the app onto the watch that is called `which`, or the only one near.

    Raises
    ------
    InputError
        When no watch is near, or it cannot take the app.
    """
    try:
        asyncio.run(_install(which, say))
    except FAILURES as error:
        raise InputError(
            f"the watch could not be reached: {explain(error)}; if it shows an app, go back to its "
            "clock, and see that it is programmable in its Bluetooth settings"
        ) from error


async def _install(which: str, say: Callable[[str], None]) -> None:
    say("looking for the watch")
    found = choose(await scan(_watch, SCAN_TIME), which)
    client = BleakClient(found.handle, timeout=CONNECT_TIMEOUT)
    await client.connect()
    try:
        await put(Console(Session(client, lambda _: None, MonotonicClock())), say)
    finally:
        await close(client)
    say("installed: the watch should now show WAITING; `gaitcue sensors` finds it")


def _watch(advertisement: Advertisement) -> Device | None:
    return BangleJs2() if BangleJs2.recognises(advertisement) else None


async def put(console: Console, say: Callable[[str], None]) -> None:
    """Put the app onto the watch behind `console`, and have it start.

    Raises
    ------
    SensorRefusedError
        When the watch cannot take it.
    """
    files = app_files(firmware_folder("banglejs"))
    new = json.loads(files["gaitcue.info"])["version"]
    await console.open()
    board = await console.ask("process.env.BOARD")
    if board != BOARD:
        raise SensorRefusedError(f"This is no Bangle.js 2, it calls itself {board}.")
    if not await console.ask(f"!!({NEEDED})"):
        raise SensorRefusedError(
            "The watch's own firmware is too old: update it with the Bangle.js app loader, "
            "https://banglejs.com/apps."
        )
    old = await console.ask('(require("Storage").readJSON("gaitcue.info",1)||{}).version')
    total = sum(map(len, files.values()))
    say(f"installing version {new}{f' over {old}' if old else ''}: {total / 1000:.0f} kB")
    # The watch offers what has an .info: that goes first and comes last.
    await console.run('require("Storage").erase("gaitcue.info")')
    sent = 0

    def progress(size: int) -> None:
        nonlocal sent
        sent += size
        if sent * 10 // total > (sent - size) * 10 // total:
            say(f"{min(100, sent * 100 // total)} %")

    await upload(console, files, progress)
    await console.run(f'setTimeout(function(){{load("gaitcue.app.js")}},{START_DELAY})')


def app_files(folder: Path) -> dict[str, bytes]:
    """What goes onto the watch, by name, in the order in which it must be written."""
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    names = [each["name"] for each in metadata["storage"]]
    info = {
        "id": metadata["id"],
        "name": metadata["shortName"],
        "src": "gaitcue.app.js",
        "icon": "gaitcue.img",
        "version": metadata["version"],
        "type": metadata["type"],
        "tags": metadata["tags"],
        "files": ",".join(["gaitcue.info", *names]),
    }
    icon = (folder / "app-icon.js").read_text(encoding="ascii")
    return {
        "gaitcue.app.js": stripped((folder / "gaitcue.app.js").read_text(encoding="ascii")),
        "gaitcue.img": b64decode("".join(map(ast.literal_eval, re.findall(r'"[^"]*"', icon)))),
        "gaitcue.info": json.dumps(info).encode("ascii"),
    }


def stripped(code: str) -> bytes:
    """The program without indentation and comments, which Espruino reads anew at every run."""
    lines = (re.sub(r"(^|\s+)//(\s.*)?$", "", line).strip() for line in code.splitlines())
    return "\n".join(filter(None, lines)).encode("ascii") + b"\n"
