"""Settings come back as they were saved, and no file whatever stops the start."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.errors import NnstudioError
from nnstudio.file_lock import FileLock
from nnstudio.runs.settings import (
    MAX_RECENT,
    Settings,
    load_settings,
    save_settings,
    update_settings,
)
from nnstudio.whole_files import SYSTEM

SOME = Settings(theme="dark", language="zh_CN", last_folder="/文件", recent_files=("a", "b"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_settings_come_back_as_they_were_saved(path: Path) -> None:
    save_settings(path, SOME)
    assert load_settings(path) == (SOME, None)


def test_the_folder_is_made_when_it_is_missing(tmp_path: Path) -> None:
    save_settings(tmp_path / "new" / "deep" / "settings.json", SOME)
    assert load_settings(tmp_path / "new" / "deep" / "settings.json")[0] == SOME


def test_no_file_means_the_defaults_and_nothing_to_say(path: Path) -> None:
    assert load_settings(path) == (Settings(), None)


def test_a_setting_of_another_version_is_left_out(path: Path) -> None:
    path.write_text('{"theme": "dark", "of_the_future": [1]}')
    assert load_settings(path) == (Settings(theme="dark"), None)


DAMAGED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"theme"',
    b'{"theme": "pink"}',
    b'{"theme": 3}',
    b'{"recent_files": {}}',
    b'{"last_folder": NaN}',
    b"\xff\xfe{\x00}\x00\xd8",
    b"\x00" * 100,
    b"[" * 100_000,
    b'{"last_folder": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_put_aside_and_said_so(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    settings, said = load_settings(path)
    assert settings == Settings()
    (aside,) = path.parent.iterdir()
    assert aside.read_bytes() == content
    assert aside.name.startswith("settings.bad-")
    assert str(aside) in str(said)


def test_the_next_start_has_nothing_to_say(path: Path) -> None:
    path.write_bytes(b"{")
    load_settings(path)
    assert load_settings(path) == (Settings(), None)


def test_a_folder_in_the_place_of_the_file_is_put_aside(path: Path) -> None:
    path.mkdir()
    settings, said = load_settings(path)
    assert settings == Settings()
    assert said is not None
    save_settings(path, SOME)
    assert load_settings(path)[0] == SOME


def test_a_huge_file_is_put_aside_without_being_read(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)
    settings, said = load_settings(path)
    assert settings == Settings()
    assert said is not None


def test_a_file_that_cannot_be_put_aside_does_not_stop_the_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "no")

    path.write_bytes(b"{")
    monkeypatch.setattr(Path, "rename", refuse)
    settings, said = load_settings(path)
    assert settings == Settings()
    assert str(path) in str(said)


def test_settings_that_cannot_be_reached_do_not_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings, said = load_settings(tmp_path / "file" / "settings.json")
    assert settings == Settings()
    assert said is not None


def test_settings_that_cannot_be_saved_are_one_sentence(path: Path) -> None:
    def full(handle: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    save_settings(path, SOME)
    with pytest.raises(NnstudioError, match="could not be saved"):
        save_settings(path, Settings(), system=replace(SYSTEM, write=full))
    assert load_settings(path)[0] == SOME


@given(
    cut=st.integers(0, 400),
    edits=st.lists(st.tuples(st.integers(0, 399), st.binary(max_size=4)), max_size=4),
)
def test_no_mutant_of_the_file_stops_the_start(
    tmp_path_factory: pytest.TempPathFactory, cut: int, edits: list[tuple[int, bytes]]
) -> None:
    path = tmp_path_factory.mktemp("mutant") / "settings.json"
    save_settings(path, SOME)
    data = path.read_bytes()[:cut]
    for place, inserted in edits:
        data = data[:place] + inserted + data[place + len(inserted) :]
    path.write_bytes(data)
    settings, said = load_settings(path)
    assert isinstance(settings, Settings)
    if said is not None:
        (aside,) = path.parent.iterdir()
        assert aside.read_bytes() == data


def test_the_newest_file_is_the_first_of_the_recent_ones() -> None:
    settings = SOME.with_recent(Path("/models/c")).with_recent(Path("a"))
    assert settings.recent_files == ("a", str(Path("/models/c")), "b")


def test_the_folder_of_the_newest_file_is_the_last_folder() -> None:
    assert SOME.with_recent(Path("/models/c")).last_folder == str(Path("/models"))


def test_recent_files_are_bounded() -> None:
    settings = SOME
    for number in range(2 * MAX_RECENT):
        settings = settings.with_recent(Path(f"/{number}"))
    assert len(settings.recent_files) == MAX_RECENT


def test_a_name_that_is_no_text_is_not_remembered() -> None:
    assert SOME.with_recent(Path(os.fsdecode(b"/\xff"))) == SOME


@pytest.mark.parametrize("name", ["my\u3000model", "my\u00a0model"])
def test_a_name_with_a_wide_or_a_hard_space_is_remembered(name: str) -> None:
    file = Path(f"/{name}.safetensors")
    assert SOME.with_recent(file).recent_files[0] == str(file)


def test_the_file_can_be_read_by_people(path: Path) -> None:
    save_settings(path, SOME)
    assert "文件" in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["theme"] == "dark"


def test_two_windows_keep_what_each_has_set(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    start = Settings(last_folder="here", recent_files=("a",))
    save_settings(path, start)
    update_settings(path, start, replace(start, theme="dark", recent_files=("b", "a")))
    merged = update_settings(path, start, replace(start, language="en", recent_files=("c", "a")))
    assert merged == load_settings(path)[0]
    assert (merged.theme, merged.language, merged.last_folder) == ("dark", "en", "here")
    assert merged.recent_files == ("c", "a", "b")


def test_settings_are_written_although_another_process_never_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    lock = FileLock.take(path.with_suffix(".lock"))
    assert lock is not None
    update_settings(path, Settings(), Settings(theme="dark"))
    lock.release()
    assert load_settings(path)[0].theme == "dark"


def test_a_damaged_file_is_replaced_by_all_that_is_set(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"{")
    before = Settings(theme="dark")
    update_settings(path, before, replace(before, language="en"))
    assert load_settings(path)[0] == Settings(theme="dark", language="en")
