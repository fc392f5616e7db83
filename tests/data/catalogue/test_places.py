"""Where sources look: what a person picked, then NNSTUDIO_DATA, then the user's own folder."""

from pathlib import Path

import pytest

from nnstudio import places
from nnstudio.data.catalogue.known_set import load_known
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.progress import silent
from tests.data.catalogue.small_sets import known, parts, write_idx


def test_a_picked_folder_comes_first_then_the_variable_then_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNSTUDIO_DATA", str(tmp_path / "named"))
    standard = DataPlaces.standard(tmp_path / "picked", may_download=False)
    assert standard.folders == (tmp_path / "picked", tmp_path / "named", places.data_folder())
    assert standard.downloads == places.data_folder()
    assert standard.cache == places.cache_folder()


@pytest.mark.parametrize("below", [".", "small"])
def test_the_variable_names_the_folder_of_the_files_or_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    write_idx(tmp_path / below, parts(1))
    monkeypatch.setenv("NNSTUDIO_DATA", str(tmp_path))
    found = load_known(
        known(1), others=(), places=DataPlaces.standard(may_download=False), progress=silent
    )
    assert len(found.inputs) == 17
