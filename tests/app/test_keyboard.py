import asyncio
import os
import pty
import sys
import termios
from collections.abc import Iterator
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.app.keyboard import console_keys, key_presses, keys_in


class Terminal:
    """A real terminal on the standard input, at whose other end the test sits."""

    def __init__(self) -> None:
        self.hand, self.end = pty.openpty()

    def press(self, sent: bytes) -> None:
        os.write(self.hand, sent)

    @property
    def mode(self) -> int:
        return int(termios.tcgetattr(self.end)[3])


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    terminal = Terminal()
    with os.fdopen(terminal.end, "r", closefd=False) as standard_input:
        monkeypatch.setattr(sys, "stdin", standard_input)
        yield terminal
    os.close(terminal.hand)
    os.close(terminal.end)


async def pressed(terminal: Terminal, *sent: bytes, keys: int) -> list[str]:
    """The first so many keys that come when the bytes are sent one after the other."""
    queue: asyncio.Queue[str] = asyncio.Queue()
    with key_presses(queue.put_nowait) as there_are:
        assert there_are
        for part in sent:
            terminal.press(part)
            await asyncio.sleep(0)
        return [await queue.get() for _ in range(keys)]


def test_keys_come_one_by_one_without_enter(terminal: Terminal) -> None:
    assert asyncio.run(pressed(terminal, b"s", b" ", b"\r", b"\x1b", keys=4)) == [
        "s", "space", "enter", "escape",
    ]  # fmt: skip


def test_arrows_and_letters_beyond_ascii_are_one_key_each(terminal: Terminal) -> None:
    sent = b"\x1b[A\x1bOB\x1b[C\x1b[D" + "ü".encode()
    assert asyncio.run(pressed(terminal, sent, keys=5)) == ["up", "down", "right", "left", "ü"]


def test_a_letter_sent_in_two_parts_is_one_key(terminal: Terminal) -> None:
    assert asyncio.run(pressed(terminal, "ü".encode()[:1], "ü".encode()[1:], keys=1)) == ["ü"]


def test_the_terminal_is_as_it_was_even_after_a_failure(terminal: Terminal) -> None:
    before = terminal.mode

    async def fail() -> None:
        with key_presses(lambda _: None):
            assert not terminal.mode & (termios.ECHO | termios.ICANON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.run(fail())
    assert terminal.mode == before


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> bool:
        with key_presses(lambda _: None) as there_are:
            return there_are

    monkeypatch.setattr(sys, "stdin", StringIO("s"))
    assert not asyncio.run(ask())
    monkeypatch.setattr(sys, "stdin", None)
    assert not asyncio.run(ask())


def test_a_terminal_that_goes_away_sends_no_more_keys(terminal: Terminal) -> None:
    async def hang_up() -> list[str]:
        got: list[str] = []
        with key_presses(got.append):
            os.close(terminal.hand)
            for _ in range(5):
                await asyncio.sleep(0)
        return got

    try:
        assert asyncio.run(hang_up()) == []
    finally:
        terminal.hand = os.open(os.devnull, os.O_RDONLY)  # for the fixture to close


class Console:
    """Stands in for the module of Windows: the characters that its console would give."""

    def __init__(self, characters: str) -> None:
        self.characters = list(characters)

    def kbhit(self) -> bool:
        return bool(self.characters)

    def getwch(self) -> str:
        return self.characters.pop(0)


def test_keys_of_the_windows_console() -> None:
    async def collect() -> list[str]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        with console_keys(queue.put_nowait, Console("a\xe0H\x00P\xe0Z\r ")):
            return [await queue.get() for _ in range(5)]

    assert asyncio.run(collect()) == ["a", "up", "down", "enter", "space"]


@given(st.text())
def test_whatever_is_sent_gives_only_keys_that_can_be_shown(text: str) -> None:
    assert all(key and key.isprintable() for key in keys_in(text))


@given(st.text(st.characters(categories=["L", "N", "P"]), max_size=20))
def test_plain_characters_are_their_own_keys(text: str) -> None:
    assert keys_in(text) == list(text)
