"""The installer against a watch's console that runs what it is sent, in node."""

import asyncio
import json
import subprocess
from typing import Any

import pytest
from node_watch import FOLDER, MISSING, NODE, NodeWatch, start

from gaitcue.app.firmware import banglejs
from gaitcue.app.firmware.files import firmware_folder
from gaitcue.bluetooth.device import SensorRefusedError
from gaitcue.bluetooth.devices.bangle import CHUNK, NOTIFY, WRITE
from gaitcue.bluetooth.espruino import PIECE, Console, lines, upload
from gaitcue.cli import main

FILES = banglejs.app_files(FOLDER)


class ConsoleLink:
    """Of a watch whose console listens; what it answers comes at once."""

    largest_notification = 20

    def __init__(self, **behaviour: Any) -> None:
        assert NODE is not None
        self._process = subprocess.Popen(
            [NODE, FOLDER / "tests" / "console.js"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._waiting: list[tuple[Any, asyncio.Future[bytes]]] = []
        self.gone_after: float = float("inf")
        self.do("set", behaviour)

    def __enter__(self) -> "ConsoleLink":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def do(self, what: str, given: Any = 0) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({what: given}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    async def subscribe(self, characteristic: str) -> None:
        assert characteristic == NOTIFY

    async def write(self, characteristic: str, value: bytes, *, response: bool = True) -> None:
        assert characteristic == WRITE
        assert response
        assert len(value) <= CHUNK
        self.gone_after -= 1
        if self.gone_after < 0:
            raise OSError("the link is gone")
        for chunk in self.do("write", value.hex()):
            for matches, future in self._waiting:
                if not future.done() and matches(bytes.fromhex(chunk)):
                    future.set_result(b"")

    async def reply(self, characteristic: str, matches: Any, timeout: float) -> bytes:  # noqa: ARG002
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((matches, future))
        async with asyncio.timeout(0.2):
            return await future


def put(link: ConsoleLink) -> list[str]:
    """What the installer says while it puts the app onto the watch."""
    said: list[str] = []
    asyncio.run(banglejs.put(Console(link), said.append))  # type: ignore[arg-type]
    return said


def test_the_program_stripped_of_comments_is_the_same_program() -> None:
    code = FILES["gaitcue.app.js"]
    assert b"//" not in code
    assert len(code) < 0.85 * (FOLDER / "gaitcue.app.js").stat().st_size


def test_the_files_are_what_the_app_loader_would_write() -> None:
    info = json.loads(FILES["gaitcue.info"])
    metadata = json.loads((FOLDER / "metadata.json").read_text(encoding="utf-8"))
    assert set(info["files"].split(",")) == set(FILES)
    assert {each["name"] for each in metadata["storage"]} < set(FILES)
    assert (info["id"], info["src"], info["icon"]) == ("gaitcue", "gaitcue.app.js", "gaitcue.img")
    assert FILES["gaitcue.img"][:3] == bytes([48, 48, 1])
    assert len(FILES["gaitcue.img"]) == 3 + 48 * 48 // 8
    assert list(FILES)[-1] == "gaitcue.info"
    assert firmware_folder("banglejs") == FOLDER


def test_a_line_is_short_enough_for_the_console() -> None:
    assert max(map(len, lines("gaitcue.app.js", FILES["gaitcue.app.js"]))) < 600


@pytest.mark.skipif(NODE is None, reason=MISSING)
class TestOnAWatch:
    def test_the_files_arrive_whole_and_the_app_starts(self, tmp_path: Any) -> None:
        with ConsoleLink() as link:
            said = put(link)
            arrived = {name: bytes.fromhex(text) for name, text in link.do("files").items()}
            assert link.do("run", banglejs.START_DELAY - 1) == []
            assert link.do("run", banglejs.START_DELAY) == ["gaitcue.app.js"]
        assert arrived == FILES
        assert said[0].startswith("installing version 0.1.0: ")
        assert said[-1] == "100 %"
        app = tmp_path / "app.js"
        app.write_bytes(arrived["gaitcue.app.js"])
        with NodeWatch(app=str(app)) as watch:
            assert start(watch).timing.rate == 100

    def test_an_update_says_so(self) -> None:
        with ConsoleLink() as link:
            put(link)
            assert put(link)[0].startswith("installing version 0.1.0 over 0.1.0")

    def test_an_install_that_was_cut_off_offers_no_half_an_app(self) -> None:
        with ConsoleLink() as link:
            put(link)
            link.gone_after = 300
            with pytest.raises(OSError, match="gone"):
                put(link)
            assert "gaitcue.info" not in link.do("files")

    @pytest.mark.parametrize(
        ("behaviour", "message"),
        [
            ({"board": "PUCKJS"}, "no Bangle.js 2, it calls itself PUCKJS"),
            ({"old": True}, "too old"),
            ({"space": 100}, "memory full"),
            ({"damage": "gaitcue.img"}, "gaitcue.img did not arrive as it was sent"),
        ],
    )
    def test_what_goes_wrong_is_said(self, behaviour: dict, message: str) -> None:
        with ConsoleLink(**behaviour) as link, pytest.raises(SensorRefusedError, match=message):
            put(link)

    def test_an_error_on_the_watch_is_said(self) -> None:
        async def ask(link: ConsoleLink) -> None:
            await Console(link).ask("nothing.there")  # type: ignore[arg-type]

        with ConsoleLink() as link, pytest.raises(SensorRefusedError, match="ReferenceError"):
            asyncio.run(ask(link))

    def test_a_watch_that_is_not_programmable_is_waited_for_in_vain(self) -> None:
        with ConsoleLink(mute=True) as link, pytest.raises(TimeoutError):
            put(link)

    def test_a_file_of_any_length_arrives(self) -> None:
        files = {f"f{size}": bytes(range(256)) * 4 for size in (0,)}
        files |= {f"f{size}": b"\xff" * size for size in (1, PIECE - 1, PIECE, PIECE + 1)}

        async def send(link: ConsoleLink) -> None:
            await upload(Console(link), files, lambda _: None)  # type: ignore[arg-type]

        with ConsoleLink() as link:
            asyncio.run(send(link))
            arrived = link.do("files")
        assert {name: bytes.fromhex(text) for name, text in arrived.items()} == files


def test_without_bluetooth_the_command_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent")
    assert main(["firmware", "install", "--device", "banglejs"]) == 2
    assert "gaitcue: " in capsys.readouterr().err
