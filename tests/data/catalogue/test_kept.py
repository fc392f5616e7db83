"""The cache: what comes out is what was put in, or nothing."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.catalogue.kept import keep, read_kept

CONTENT = b"some bytes that took a while to make"


def kept(file: Path) -> bytes:
    found = read_kept(file)
    assert found is not None
    return bytes(found)


def test_what_was_kept_comes_back_and_nothing_else_is_left(tmp_path: Path) -> None:
    keep(tmp_path / "new" / "file", memoryview(CONTENT))
    assert kept(tmp_path / "new" / "file") == CONTENT
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["file"]


def test_keeping_again_replaces(tmp_path: Path) -> None:
    keep(tmp_path / "file", memoryview(b"old"))
    keep(tmp_path / "file", memoryview(CONTENT))
    assert kept(tmp_path / "file") == CONTENT


def test_parts_are_kept_one_after_another(tmp_path: Path) -> None:
    keep(tmp_path / "file", memoryview(CONTENT[:9]), memoryview(CONTENT[9:]))
    assert kept(tmp_path / "file") == CONTENT


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "file") is None


@given(st.data())
def test_damage_anywhere_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.mktemp("kept") / "file"
    keep(file, memoryview(CONTENT))
    content = bytearray(file.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(content)
    assert read_kept(file) is None


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_bytes(b"")
    keep(tmp_path / "in the way" / "file", memoryview(CONTENT))
    (tmp_path / "folder" / "file").mkdir(parents=True)
    keep(tmp_path / "folder" / "file", memoryview(CONTENT))
    assert [one.name for one in (tmp_path / "folder").iterdir()] == ["file"]


def test_what_was_used_longest_ago_goes_when_there_is_no_room(tmp_path: Path) -> None:
    files = [tmp_path / f"ink-{number}.bin" for number in range(4)]
    other = tmp_path / "chalk-0.bin"
    for age, file in enumerate((other, *files[:3])):
        keep(file, memoryview(CONTENT))
        os.utime(file, ns=(age, age))
    assert kept(files[0]) == CONTENT
    keep(files[3], memoryview(CONTENT), most=3 * files[0].stat().st_size)
    assert sorted(tmp_path.iterdir()) == [other, files[0], files[2], files[3]]


def test_what_is_larger_than_all_room_is_kept_alone(tmp_path: Path) -> None:
    keep(tmp_path / "ink-0.bin", memoryview(CONTENT))
    keep(tmp_path / "ink-1.bin", memoryview(CONTENT), most=1)
    assert [one.name for one in tmp_path.iterdir()] == ["ink-1.bin"]
