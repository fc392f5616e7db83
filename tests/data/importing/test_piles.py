"""Folders and archives are listed within limits, and nothing of them is unpacked."""

from pathlib import Path

import pytest

from nnstudio.data.importing.found import Paced
from nnstudio.data.importing.piles import MOST_DEPTH, FolderPile, ZipPile
from nnstudio.data.progress import Cancelled, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import text
from tests.data.importing.made import write, zipped

FILES = {"a/0.png": "x", "a/1.png": "y", "b c/ü.png": "z"}


def told() -> Paced:
    return Paced(silent, text("looking"))


def test_both_give_the_same_names_and_contents(tmp_path: Path) -> None:
    folder = write(tmp_path / "folder", FILES)
    (tmp_path / "a.zip").write_bytes(zipped(FILES))
    piles = FolderPile(folder, told()), ZipPile(tmp_path / "a.zip", told())
    for pile in piles:
        assert sorted(pile.names) == sorted(FILES)
        assert pile.content("b c/ü.png") == b"z"
    piles[1].close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip", "folder"]


def test_more_files_than_anyone_can_read_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "folder", FILES)
    (tmp_path / "a.zip").write_bytes(zipped(FILES))
    with pytest.raises(NnstudioError, match="more than 2 files"):
        FolderPile(folder, told(), most=2)
    with pytest.raises(NnstudioError, match="more than 2 files"):
        ZipPile(tmp_path / "a.zip", told(), most=2)


def test_folders_deeper_than_any_set_are_not_entered(tmp_path: Path) -> None:
    deep = "/".join(["d"] * (MOST_DEPTH + 3))
    write(tmp_path, {f"{deep}/0.png": "x", "d/1.png": "y"})
    assert FolderPile(tmp_path, told()).names == ["d/1.png"]


def test_a_folder_or_file_that_went_away_is_one_sentence(tmp_path: Path) -> None:
    folder = write(tmp_path / "folder", FILES)
    pile = FolderPile(folder, told())
    (folder / "a" / "0.png").unlink()
    with pytest.raises(NnstudioError, match="cannot be read"):
        pile.content("a/0.png")
    with pytest.raises(NnstudioError, match="cannot be read"):
        FolderPile(tmp_path / "gone", told())
    with pytest.raises(NnstudioError, match="cannot be read"):
        ZipPile(tmp_path / "gone.zip", told())


def test_the_listing_of_an_archive_can_be_cancelled(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({f"{place}.png": "x" for place in range(50)}))
    heard: list[float] = []

    class Impatient(Paced):
        def __call__(self, done: float, total: float | None) -> None:
            heard.append(done)
            if done == 10:
                raise Cancelled

    with pytest.raises(Cancelled):
        ZipPile(tmp_path / "a.zip", Impatient(silent, text("looking")))
    assert heard == list(range(11))
