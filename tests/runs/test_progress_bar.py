"""The bar is one line on a terminal, and nothing at all elsewhere."""

import io

import pytest

from nnstudio.runs import progress_bar
from nnstudio.runs.progress_bar import PERIOD_S, ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def line(self) -> str:
        return self.getvalue().rpartition("\x1b[2K")[2]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def bar(terminal: Terminal, clock: Clock) -> ProgressBar:
    return ProgressBar(terminal, clock=clock)


def test_a_share_is_drawn_and_told(bar: ProgressBar, terminal: Terminal) -> None:
    bar.show(0.5, "epoch 1")
    assert terminal.line().count("█") == progress_bar.WIDTH // 2
    assert "50%" in terminal.line()
    assert "epoch 1" in terminal.line()


def test_an_unknown_share_is_words_alone(bar: ProgressBar, terminal: Terminal) -> None:
    bar.show(None, "loading")
    assert terminal.line() == "loading"


@pytest.mark.parametrize("share", [-1.0, 2.0])
def test_a_share_beyond_its_ends_keeps_the_width(
    bar: ProgressBar, terminal: Terminal, share: float
) -> None:
    bar.show(share, "")
    assert terminal.line().count("█") + terminal.line().count("░") == progress_bar.WIDTH


def test_it_is_drawn_at_most_ten_times_a_second(
    bar: ProgressBar, terminal: Terminal, clock: Clock
) -> None:
    bar.show(0.1, "first")
    bar.show(0.2, "second")
    assert terminal.line().endswith("first")
    clock.now += PERIOD_S
    bar.show(0.3, "third")
    assert terminal.line().endswith("third")


def test_a_long_line_stays_within_the_terminal(
    bar: ProgressBar, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    bar.show(0.5, "word " * 99)
    assert len(terminal.line()) < 40


def test_at_the_end_the_line_is_gone(bar: ProgressBar, terminal: Terminal) -> None:
    with bar:
        bar.show(0.5, "epoch 1")
    assert terminal.line() == ""


def test_a_file_gets_nothing() -> None:
    file = io.StringIO()
    with ProgressBar(file) as bar:
        bar.show(0.5, "epoch 1")
    assert file.getvalue() == ""


def test_a_program_without_a_stream_lives() -> None:
    with ProgressBar(None) as bar:
        bar.show(0.5, "epoch 1")
    assert not bar.visible
