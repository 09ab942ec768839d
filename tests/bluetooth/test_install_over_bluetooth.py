"""`gaitcue firmware install` over bleak, to a watch whose console runs what it is sent, in node."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_bluez import FakeBluez, Peripheral

from gaitcue.app.firmware import banglejs
from gaitcue.bluetooth.devices.bangle import NOTIFY, WRITE
from gaitcue.cli import main

FOLDER = Path(__file__).parents[2] / "firmware" / "banglejs"
SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed, which plays the watch")


def test_the_command_installs_on_the_watch_near(
    with_bluez: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(banglejs, "SCAN_TIME", 0.1)
    assert NODE is not None
    watch = Peripheral(
        "C0:00:00:00:00:01", "Bangle.js cafe", {SERVICE: {WRITE: ["write"], NOTIFY: ["notify"]}}
    )
    with subprocess.Popen(
        [NODE, FOLDER / "tests" / "console.js"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as console:
        assert console.stdin is not None
        assert console.stdout is not None

        def ask(request: dict) -> object:
            console.stdin.write(json.dumps(request) + "\n")
            console.stdin.flush()
            return json.loads(console.stdout.readline())

        async def scenario(bluez: FakeBluez) -> None:
            def on_write(_: str, value: bytes) -> None:
                for chunk in ask({"write": value.hex()}):
                    bluez.notify(watch, NOTIFY, bytes.fromhex(chunk))

            watch.on_write = on_write
            bluez.add(watch, Peripheral("C0:00:00:00:00:02", "somebody's lamp", {}))
            code = await asyncio.to_thread(main, ["firmware", "install", "--device", "banglejs"])
            assert code == 0
            assert not bluez.connected(watch)

        with_bluez(scenario)
        files = {name: bytes.fromhex(text) for name, text in ask({"files": 0}).items()}
        assert ask({"run": 10_000}) == ["gaitcue.app.js"]
        console.kill()
    assert files == banglejs.app_files(FOLDER)
    assert "WAITING" in capsys.readouterr().err


def test_without_a_watch_near_it_says_so(
    with_bluez: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(banglejs, "SCAN_TIME", 0.1)

    async def scenario(_: FakeBluez) -> None:
        code = await asyncio.to_thread(main, ["firmware", "install", "--device", "banglejs"])
        assert code == 2

    with_bluez(scenario)
    assert "near" in capsys.readouterr().err
