"""The watch app running in node on a played watch, as a connected sensor."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from gaitcue.bluetooth.devices import gaitcue_sensor as protocol

FOLDER = Path(__file__).parents[2] / "firmware" / "banglejs"
NODE = shutil.which("node")
MISSING = "node is not installed, which plays the watch"
DELAY = 0.02
"""s from a notification's sending to its arrival, on the clock of the watch's world."""
STEP = 50.0
"""ms that pass while a written request is on its way and answered."""


class PlayedWatch:
    """The watch in a process of its own; `pulses` are [s, level, ms] of its motor."""

    def __init__(self, **options: Any) -> None:
        assert NODE is not None
        self._process = subprocess.Popen(
            [NODE, FOLDER / "tests" / "rig.js"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pulses: list[list[float]] = []
        self.time = 0.0
        self.do("new", options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def do(self, what: str, *given: Any) -> Any:
        """Have the watch do something; its result."""
        request = {what: given[0] if what in {"new", "drop"} else list(given)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        self.time, self.pulses = answer["time"], answer["pulses"]
        for time, characteristic, value in answer["sent"]:
            self._sent(time, characteristic, bytes.fromhex(value))
        return answer["result"]

    def _sent(self, time: float, characteristic: str, value: bytes) -> None:
        """It notified or indicated `value`."""


class NodeWatch(PlayedWatch):
    """Does what a `Link` does; `arrived` is the log of what came: s, characteristic, value."""

    def __init__(self, **options: Any) -> None:
        self.arrived: list[tuple[float, str, bytes]] = []
        self.subscribed: set[str] = set()
        self._waiting: list[tuple[str, Callable[[bytes], bool], asyncio.Future[bytes]]] = []
        self.largest_notification = 128
        super().__init__(**options)
        self.do("connect")

    def _sent(self, time: float, characteristic: str, value: bytes) -> None:
        if characteristic not in self.subscribed:
            return
        self.arrived.append((time + DELAY, characteristic, value))
        for wanted, matches, future in self._waiting:
            if wanted == characteristic and not future.done() and matches(value):
                future.set_result(value)

    def speak_mtu(self, mtu: int) -> None:
        """Agree on an ATT MTU."""
        self.largest_notification = mtu - 3
        self.do("mtu", mtu)

    async def read(self, characteristic: str) -> bytes:
        value = bytes.fromhex(self.do("read", characteristic))
        self.arrived.append((self.time, characteristic, value))
        return value

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:  # noqa: ARG002
        self.do("advance", DELAY * 1000)
        self.do("write", int(characteristic[7]), value.hex())
        self.do("advance", STEP)
        self.do("advance", STEP)

    async def subscribe(self, characteristic: str) -> None:
        self.subscribed.add(characteristic)

    async def reply(
        self,
        characteristic: str,
        matches: Callable[[bytes], bool],
        timeout: float,  # noqa: ARG002
    ) -> bytes:
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((characteristic, matches, future))
        return await future


def start(watch: NodeWatch) -> Any:
    """Start the watch as gaitcue would: the device, started."""
    device = protocol.GaitcueSensor()
    asyncio.run(device.start(watch))
    return device
