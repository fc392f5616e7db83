"""The entry point opens the window or hands a command on, and imports no more than it needs."""

import locale
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from nnstudio import __main__ as entry
from nnstudio.texts import language


@pytest.fixture(autouse=True)
def _speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the window was opened with."""
    calls: list[list[str]] = []

    def run(arguments: list[str]) -> int:
        calls.append(arguments)
        return 7

    window = ModuleType("nnstudio.gui.app")
    window.run = run  # type: ignore[attr-defined]  # a module made by hand
    monkeypatch.setitem(sys.modules, "nnstudio.gui.app", window)
    return calls


def test_without_a_word_the_window_opens(opened: list[list[str]]) -> None:
    assert entry.main([]) == 7
    assert opened == [[]]


def test_a_file_is_opened_in_the_window(opened: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").touch()
    assert entry.main([str(tmp_path / "a.safetensors")]) == 7
    assert opened == [[str(tmp_path / "a.safetensors")]]


def test_the_words_of_the_process_count_when_none_are_given(
    opened: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["nnstudio"])
    assert entry.main() == 7


def test_a_command_is_handed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["train", "nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_names_every_command(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main([word]) == 0
    said = capsys.readouterr().out
    for command in entry.COMMANDS:
        assert f"nnstudio {command}" in said


def test_every_command_has_a_help_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    for command in entry.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            entry.main([command, "--help"])
        assert ended.value.code == 0
        assert f"nnstudio {command}" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("nnstudio 0.")


@pytest.mark.parametrize(
    "words", [["--fly"], ["nowhere.safetensors"], [__file__, __file__], ["x" * 5000]]
)
def test_what_is_not_understood_is_one_sentence(
    words: list[str], opened: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.main(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("nnstudio: ")
    assert opened == []


@pytest.mark.parametrize(("word", "meant"), [("tran", "train"), ("rangetest", "range-test")])
def test_a_mistyped_command_is_answered_with_the_one_that_is_meant(
    word: str, meant: str, opened: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.main([word, "mnist-quick"]) == 2
    assert f"did you mean {meant}?" in capsys.readouterr().err
    assert opened == []


@pytest.mark.parametrize(("words", "status"), [(["--help"], 0), (["--version"], 0), (["--fly"], 2)])
def test_a_process_without_a_console_says_nothing_and_lives(
    words: list[str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert entry.main(words) == status


def test_a_command_without_a_console_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert entry.main(["train", "nowhere.json"]) == 2


def test_the_language_is_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    entry.main(["--version"])
    assert language() == "en"


@pytest.mark.parametrize(
    ("name", "spoken"), [("Chinese (Simplified)_China", "zh_CN"), ("German_Germany", "en")]
)
def test_the_words_of_windows_for_a_language_are_known(
    name: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: (name, "936"))
    entry.main(["--version"])
    assert language() == spoken


def test_the_first_answer_needs_neither_numpy_nor_qt() -> None:
    code = (
        "import sys; from nnstudio.__main__ import main; main(['--help']);"
        "print({'numpy', 'PySide6', 'pydantic'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(entry.__file__).parents[1])},
    )
    assert found.stdout.splitlines()[-1] == "set()"
