"""The code in the how-to runs as it stands."""

import re
from pathlib import Path

import pytest

from gaitcue.cli import main

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "test-without-hardware.md"


def test_the_example_tells_what_was_lost(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {})  # noqa: S102 - this is the project's own page
    rows, lost = map(int, re.findall(r"\d+", capsys.readouterr().out))
    assert 5900 < rows <= 6000
    assert 60 < lost < 200


def test_every_flag_of_the_table_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["virtual", "--help"])
    offered = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert set(re.findall(r"`(--[a-z-]+)`", PAGE.read_text(encoding="utf-8"))) <= offered
