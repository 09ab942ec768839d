"""`gaitcue firmware install` for boards, with tools that only say what they were asked to do."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from simulated_board import FIRMWARE, PROGRAM

from gaitcue.app.firmware import INSTALLERS
from gaitcue.app.firmware.micropython import BOARDS
from gaitcue.bluetooth.devices.gaitcue_protocol import FIRMWARE as VERSION
from gaitcue.cli import main

PYTHON = sys.executable
ESP32_IMAGE = b"\xe9" + bytes(13)
TOOL = """#!{python}
import json, os, sys
with open(os.environ["ASKED"], "a") as file:
    file.write(json.dumps(sys.argv) + "\\n")
if os.environ.get("BROKEN"):
    sys.exit(os.environ["BROKEN"])
if "print(" in sys.argv[-1]:
    print(os.environ["THERE"])
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the tools were asked to do, each without its own path; to be called."""
    for name in ("mpremote", "esptool"):
        path = tmp_path / name
        path.write_text(TOOL.format(python=PYTHON), encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    log = tmp_path / "asked"
    log.touch()
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    monkeypatch.setenv("ASKED", str(log))
    monkeypatch.setenv("THERE", "board.py: none\nversion none")

    def told() -> list[list[str]]:
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        return [[Path(line[0]).name, *line[1:]] for line in lines]

    return told


def test_the_versions_of_all_firmware_are_the_one_that_the_host_expects() -> None:
    program = (PROGRAM / "gaitcue" / "__init__.py").read_text(encoding="utf-8")
    assert re.findall(r'VERSION = "(.*)"', program) == [VERSION]
    watch = json.loads((FIRMWARE / "banglejs" / "metadata.json").read_text(encoding="utf-8"))
    assert watch["version"] == VERSION


def test_every_board_file_can_be_installed() -> None:
    files = {path.stem for path in (PROGRAM / "boards").glob("*.py")}
    assert set(BOARDS.values()) == files
    assert set(BOARDS) < set(INSTALLERS)


def test_a_new_board_gets_all_files_and_what_starts_them_last(asked, tmp_path, capsys) -> None:
    image = tmp_path / "ESP32_GENERIC.bin"
    image.write_bytes(ESP32_IMAGE)
    port = str(tmp_path / "ttyUSB3")
    Path(port).touch()
    flags = ["--device", "m5stickc-plus2", "--port", port, "--micropython", str(image)]
    assert main(["firmware", "install", *flags]) == 0
    esptool, mpremote = ["esptool", "--port", port], ["mpremote", "connect"]
    first, second, *rest = asked()
    assert first == [*esptool, "erase-flash"]
    assert second == [*esptool, "write-flash", "0x1000", str(image)]
    assert all(each[:4] == [*mpremote, port, "resume"] for each in rest)
    look, gone, made, program, pins, *start, reset = (each[4:] for each in rest)
    assert look[0] == "exec"
    assert 'os.remove("main.py")' in gone[1]
    assert 'os.mkdir("gaitcue")' in made[1]
    assert program[:2] == ["fs", "cp"]
    names = {path.name for path in (PROGRAM / "gaitcue").glob("*.py")}
    assert {Path(each).name for each in program[2:-1]} == names
    assert program[-1] == ":gaitcue/"
    assert Path(pins[2]).name == "m5stickc_plus2.py"
    assert pins[3] == ":board.py"
    assert [Path(each[2]).name for each in start] == ["boot.py", "main.py"]
    assert [each[3] for each in start] == [":boot.py", ":main.py"]
    copied = (*program[2:-1], pins[2], *(each[2] for each in start))
    assert all(Path(each).is_file() for each in copied)
    assert reset == ["reset"]
    assert f"installing version {VERSION}\n" in capsys.readouterr().err


def test_an_update_says_the_old_version_and_keeps_the_pins(asked, monkeypatch, capsys) -> None:
    monkeypatch.setenv("THERE", "board.py: there\nversion 0.0.7")
    assert main(["firmware", "install", "--device", "esp32"]) == 0
    assert not [each for each in asked() if ":board.py" in each]
    said = capsys.readouterr().err
    assert f"installing version {VERSION} over 0.0.7" in said
    assert "stays as it is" in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("mpremote: no device found", "no board was found: plug it in"),
        ("mpremote: failed to access COM3 (it may be in use)", "close what else uses it"),
        ("mpremote: could not enter raw repl", "a new board needs --micropython FILE"),
        ("A fatal error occurred: Failed to connect to ESP32", "you hold its BOOT button"),
        ("A fatal error: the flash is broken\n\nHint: none", "A fatal error: the flash is broken"),
    ],
)
def test_why_a_board_does_not_take_it_is_said(
    said: str, sentence: str, asked, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("BROKEN", said)
    assert main(["firmware", "install", "--device", "esp32", "--port", "COM3"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert sentence in line
    assert len(asked()) == 1


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["esp32", "--micropython", "none.bin"], "there is no file none.bin"),
        (["esp32", "--micropython", __file__], "is not for an ESP32"),
        (["esp32", "--port", "/dev/ttyNONE"], "there is no port /dev/ttyNONE"),
        (["esp32", "--sensor", "Bangle.js 12ab"], "say which --port in place of --sensor"),
        (["banglejs", "--port", "COM3"], "leave --port and --micropython out"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_done(
    flags: list[str], sentence: str, asked, capsys
) -> None:
    assert main(["firmware", "install", "--device", *flags]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert sentence in line
    assert not asked()


def test_without_the_tools_the_steps_are_said(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert main(["firmware", "install", "--device", "esp32"]) == 2
    said = capsys.readouterr().err
    assert "pip install mpremote" in said
    steps = re.findall(r"  (mpremote .*)", said)
    assert len(steps) == 7
    assert shlex.split(steps[0])[-2] == "exec", "it can be given to a shell as it stands"
    assert steps[-1].endswith("reset")


def test_what_the_board_is_asked_runs_on_it() -> None:
    from gaitcue.app.firmware.micropython import LOOK, copying  # noqa: PLC0415

    steps = [each for each in copying(PROGRAM, "esp32", "auto", pins=True) if "exec" in each]
    for code in (LOOK, *(step[-1] for step in steps)):
        path = Path(__file__).parent  # a folder without main.py
        result = subprocess.run(
            [PYTHON, "-c", code.replace('os.mkdir("gaitcue")', "0")],
            cwd=path,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        if code is LOOK:
            assert result.stdout == "board.py: none\nversion none\n"
