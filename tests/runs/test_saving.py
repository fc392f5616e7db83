"""What a person saves is there whole, or a sentence says why not and the old file stays."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from nnstudio.errors import NnstudioError
from nnstudio.runs.saving import save_bytes
from nnstudio.whole_files import SYSTEM


def test_a_file_holds_what_was_saved(tmp_path: Path) -> None:
    save_bytes(tmp_path / "a.csv", b"new")
    assert (tmp_path / "a.csv").read_bytes() == b"new"


def test_a_full_disk_is_one_sentence_and_the_old_file_stays(tmp_path: Path) -> None:
    def full(handle: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a.csv").write_bytes(b"old")
    with pytest.raises(NnstudioError, match=r"a\.csv could not be saved: No space left"):
        save_bytes(tmp_path / "a.csv", b"new", system=replace(SYSTEM, write=full))
    assert (tmp_path / "a.csv").read_bytes() == b"old"


def test_an_error_without_words_is_named_by_its_kind(tmp_path: Path) -> None:
    def speechless(handle: int) -> None:
        raise TimeoutError

    with pytest.raises(NnstudioError, match="TimeoutError"):
        save_bytes(tmp_path / "a", b"", system=replace(SYSTEM, fsync=speechless))
