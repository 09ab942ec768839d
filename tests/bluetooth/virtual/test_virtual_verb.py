"""The verb ``virtual`` as a program of its own, on a controller that it reaches over TCP."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bumble")

from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport.tcp_server import open_tcp_server_transport_with_socket
from central import Central

from gaitcue.bluetooth.device import Frame
from gaitcue.bluetooth.devices.movella_dot import MovellaDot
from gaitcue.cli import main
from gaitcue.imu import Placement, Samples
from gaitcue.recording import write_walk
from gaitcue.recording.model import Recording, Sensor

RATE = 60.0

HUNG_AFTER = 180.0
"""s after which the scene fails: far more than it takes on a busy machine."""


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second, at the rate of the sensor that plays it."""
    time = np.arange(60) / RATE
    acc = np.column_stack([time, np.full(60, 9.8), np.zeros(60)])
    samples = Samples(time=time, acc=acc, gyr=0 * acc, placement=Placement.LOWER_BACK, rate=RATE)
    sensor = Sensor(
        name="lower_back",
        placement=Placement.LOWER_BACK,
        rate=RATE,
        gyroscope=True,
        read=lambda: iter([samples]),
    )
    folder = tmp_path_factory.mktemp("walks") / "short"
    write_walk(Recording(name="short", subject="nobody", sensors=(sensor,)), folder)
    return folder


def test_a_host_gets_the_walk_from_another_process(walk: Path) -> None:
    async def scene() -> tuple[list[float], int | None, str]:
        link = LocalLink()
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        transport = await open_tcp_server_transport_with_socket(listening)
        Controller("adapter", host_source=transport.source, host_sink=transport.sink, link=link)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", "import sys; from gaitcue.cli import main; sys.exit(main())"),
            *("virtual", "--device", "movella-dot", "--walk", str(walk)),
            *("--adapter", f"tcp-client:127.0.0.1:{port}"),
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert process.stderr is not None
        told = await process.stderr.readline()
        seconds: list[float] = []
        device = MovellaDot()
        decode = device.decoder()

        def received(characteristic: str, value: bytes) -> None:
            for message in decode(characteristic, value):
                if isinstance(message, Frame) and message.acc is not None:
                    seconds.extend(message.acc[:, 0].tolist())

        central = Central(link, received)
        while not device.recognises(said := await central.scan()):
            pass  # on a busy machine a second may be too short
        await central.connect(said.address)
        await device.start(central)
        told += await process.stderr.read()
        await process.wait()
        await transport.close()
        transport.server.close()  # type: ignore[attr-defined]  # bumble leaves it open
        return seconds, process.returncode, told.decode()

    seconds, status, told = asyncio.run(asyncio.wait_for(scene(), HUNG_AFTER))
    assert status == 0, told
    assert told.startswith("advertising as Movella DOT")
    assert "the walk is over" in told
    assert seconds == pytest.approx(list(np.arange(60) / RATE), abs=1e-6)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["--wrong-bytes", "200"], "--wrong-bytes must be 0 to 100 percent"),
        (["--seed", "-1"], "--seed must be 0 or more"),
        (["--adapter", "nonsense"], "the adapter nonsense cannot be opened"),
    ],
)
def test_bad_input_is_told_in_a_sentence(
    walk: Path, wrong: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["virtual", "--device", "gaitcue", "--walk", str(walk), *wrong]) == 2
    assert words in capsys.readouterr().err


def test_without_bumble_it_says_what_to_install(
    walk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "bumble.transport", None)
    assert main(["virtual", "--device", "gaitcue", "--walk", str(walk)]) == 2
    assert "pip install 'gaitcue[virtual]'" in capsys.readouterr().err


def test_a_device_that_cannot_serve_is_not_offered(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["virtual", "--device", "pinetime", "--walk", "anything"])
    assert "invalid choice: 'pinetime'" in capsys.readouterr().err
