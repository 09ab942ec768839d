"""The installer with the real mpremote, over a terminal, to the console of the real MicroPython."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from simulated_board import PROGRAM, RIG, needs_node

from gaitcue.app.firmware import install_on_board, micropython
from gaitcue.bluetooth.devices.gaitcue_protocol import FIRMWARE

pytestmark = [
    needs_node,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's terminals"),
]

RAW_PASTE, NOT_KNOWN = b"\x05A\x01", b"R\x00"
"""A way to paste that this port of MicroPython begins and cannot do; old boards answer so."""


@pytest.fixture
def port() -> Iterator[str]:
    """A terminal behind which there is a board without any file."""
    import pty  # noqa: PLC0415 - only where there are such
    import tty  # noqa: PLC0415

    ours, theirs = pty.openpty()
    its, boards = pty.openpty()
    for end in (ours, theirs, its, boards):
        tty.setraw(end)

    def carry(source: int, target: int) -> None:
        while True:
            try:
                data = os.read(source, 4096)
            except OSError:
                return
            if data.startswith(RAW_PASTE):
                os.write(source, NOT_KNOWN)
            else:
                os.write(target, data)

    threads = [
        threading.Thread(target=carry, args=ends, daemon=True)
        for ends in ((ours, its), (its, ours))
    ]
    for thread in threads:
        thread.start()
    board = subprocess.Popen(["node", RIG / "console.mjs", os.ttyname(boards)], cwd=RIG)
    yield os.ttyname(theirs)
    board.kill()
    board.wait()
    for end in (theirs, boards):
        os.close(end)  # and with them ends what is read at the other ends
    for thread in threads:
        thread.join()
    for end in (ours, its):
        os.close(end)


def ask(port: str, code: str) -> str:
    """What the board prints."""
    command = [sys.executable, "-m", "mpremote", "connect", port, "resume", "exec", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def some_of_it(folder: Path) -> Path:
    """Enough of the program: each file takes its time over a terminal."""
    for name in ("boot.py", "main.py", "boards/esp32_mpu.py", "gaitcue/__init__.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROGRAM / name, folder / name)
    shutil.copy(PROGRAM / "gaitcue/device.py", folder / "gaitcue")  # the largest
    return folder


def test_all_files_are_on_the_board_and_a_second_time_its_pins_are_kept(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = some_of_it(tmp_path)
    monkeypatch.setattr(micropython, "firmware_folder", lambda _: folder)
    said: list[str] = []
    install_on_board("esp32", port, None, said.append)
    assert f"installing version {FIRMWARE}" in said
    root = ask(port, "import os;print(sorted(os.listdir()))")
    assert root.strip() == "['board.py', 'boot.py', 'gaitcue', 'main.py']"
    print_lengths = (
        "import os;print(*('%s=%d'%(n,os.stat('gaitcue/'+n)[6]) for n in os.listdir('gaitcue')))"
    )
    there = dict(each.split("=") for each in ask(port, print_lengths).split())
    here = {p.name: str(p.stat().st_size) for p in (folder / "gaitcue").glob("*.py")}
    assert len(here) == 2
    assert there == here
    ask(port, "f=open('board.py','w');f.write('VIBRATION=26');f.close()")
    said.clear()
    install_on_board("esp32", port, None, said.append)
    assert f"installing version {FIRMWARE} over {FIRMWARE}" in said
    assert ask(port, "print(open('board.py').read())").strip() == "VIBRATION=26"
