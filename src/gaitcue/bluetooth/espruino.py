"""Files onto an Espruino device over its JavaScript console, checked.

The console is a Nordic UART. Each line that is sent runs, and says how it went in a line of its
own, which is waited for before the next is sent: so the device's input buffer never runs over.

Source: espruino.com/Reference (`Storage.write`, `E.CRC32`) and espruino.com/Interfacing (control
characters of the console).
"""

import asyncio
import json
import re
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gaitcue.bluetooth.device import Link, SensorRefusedError
from gaitcue.bluetooth.devices.bangle import CHUNK, NOTIFY, WRITE

CLEAR = b"\x03"
QUIET = "\x10"
"""At the beginning of a line keeps the console from writing it back."""
PIECE = 384
"""Bytes of a file in a line: 512 in base 64, well below what the console's buffer holds."""
PATIENCE = 10.0
"""s for an answer: writing may have to erase pages of the flash memory, each some 0.1 s."""
MARK = "gaitcue"
"""Before the number of a question and its answer."""
ERROR = re.compile(r"Uncaught [^\r\n]*[\r\n]")
"""What the console says of an exception."""


class Console:
    """The console of a connected device; one question at a time."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._asked = 0
        self._said = ""

    async def open(self) -> None:
        """Listen, and clear what stands in the console's line."""
        await self._link.subscribe(NOTIFY)
        await self._link.write(WRITE, CLEAR)

    async def run(self, code: str) -> None:
        """Run a line without waiting for what it does."""
        line = f"{QUIET}{code}\n".encode("ascii")
        for at in range(0, len(line), CHUNK):
            await self._link.write(WRITE, line[at : at + CHUNK])

    async def ask(self, expression: str) -> Any:
        """The value of an expression; raises SensorRefusedError when it fails, TimeoutError."""
        self._asked += 1
        self._said = ""
        answer = re.compile(rf"{MARK}{self._asked}=([^\r\n]*)[\r\n]")
        # Put together on the device, so that the line itself, written back, is no answer.
        code = f'Bluetooth.println("{MARK}"+"{self._asked}="+JSON.stringify({expression}))'

        def answers(value: bytes) -> bool:
            self._said += value.decode("latin-1")
            return bool(answer.search(self._said) or ERROR.search(self._said))

        waiting = asyncio.ensure_future(self._link.reply(NOTIFY, answers, PATIENCE))
        try:
            await asyncio.sleep(0)  # from here on it listens
            await self.run(code)
            await waiting
        finally:
            waiting.cancel()
        found = answer.search(self._said)
        if found is None:
            raise SensorRefusedError(f"The watch could not do {expression!r}: {self._said.strip()}")
        return json.loads(found[1]) if found[1] != "undefined" else None


async def upload(
    console: Console, files: Mapping[str, bytes], progress: Callable[[int], None]
) -> None:
    """Write `files`, and see that they are there as they should be.

    `progress` is told the bytes of each piece. Raises SensorRefusedError, TimeoutError.
    """
    for name, content in files.items():
        for line in lines(name, content):
            if not await console.ask(line):
                raise SensorRefusedError(f"The watch could not write {name}: is its memory full?")
            progress(min(PIECE, len(content)))
        found = await console.ask(f'E.CRC32(require("Storage").read("{name}"))')
        if found is None or int(found) & 0xFFFFFFFF != zlib.crc32(content):
            raise SensorRefusedError(f"{name} did not arrive as it was sent: install it again.")


def lines(name: str, content: bytes) -> Iterator[str]:
    """Expressions that write a file piece by piece, each true when it did."""
    for at in range(0, len(content), PIECE):
        piece = b64encode(content[at : at + PIECE]).decode("ascii")
        yield f'require("Storage").write("{name}",atob("{piece}"),{at},{len(content)})'
