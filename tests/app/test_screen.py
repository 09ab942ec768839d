import io
from types import SimpleNamespace

import pytest

from gaitcue.app.screen import large, whole_screen


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True

    def text(self) -> str:
        self.flush()
        written: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return written.decode(self.encoding)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Terminal:
    terminal = Terminal(io.BytesIO(), encoding=getattr(request, "param", "utf-8"))
    monkeypatch.setattr("gaitcue.app.screen.sys", SimpleNamespace(stdout=terminal))
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("LINES", "3")
    return terminal


def test_the_terminal_gets_its_own_screen_and_cursor_back_even_after_a_failure(
    terminal: Terminal,
) -> None:
    with pytest.raises(RuntimeError), whole_screen():
        raise RuntimeError
    assert terminal.text().endswith("\x1b[?25h\x1b[?1049l")


def test_what_does_not_fit_is_cut_off_and_the_same_is_not_written_again(
    terminal: Terminal,
) -> None:
    with whole_screen() as show:
        assert show
        show(["x" * 30, "b", "c", "d"])
        once = terminal.text()
        show(["x" * 30, "b", "c", "d"])
        assert terminal.text() == once
        show(["y"])
        assert len(terminal.text()) > len(once)
    assert "x" * 20 in once
    assert "x" * 21 not in once
    assert "d" not in once


@pytest.mark.parametrize("terminal", ["ascii", "latin-1"], indirect=True)
def test_a_terminal_with_few_letters_shows_plainer_shapes(terminal: Terminal) -> None:
    with whole_screen() as show:
        assert show
        show(["██"])
    assert "##" in terminal.text()


def test_without_a_terminal_there_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitcue.app.screen.sys", SimpleNamespace(stdout=io.StringIO()))
    with whole_screen() as show:
        assert show is None


def test_digits_are_large_all_different_and_fit_a_plain_terminal() -> None:
    digits = [tuple(large(digit)) for digit in range(10)]
    assert len(set(digits)) == 10
    assert all(len(digit) == 10 for digit in digits)
    for number in (60, 100, 140, 560):
        lines = large(number)
        assert len(set(map(len, lines))) == 1
        assert len(lines[0]) <= 80 - 4
    assert large(14) == [f"{a}    {b}" for a, b in zip(large(1), large(4), strict=True)]
