"""Dialogs begin where the user keeps files."""

from pathlib import Path

from nnstudio.gui.widgets.folders import existing_folder


def test_the_first_folder_that_is_there_is_taken(tmp_path: Path) -> None:
    assert existing_folder("", str(tmp_path / "gone"), str(tmp_path)) == str(tmp_path)


def test_else_a_folder_of_the_user_is_taken(tmp_path: Path) -> None:
    elsewhere = existing_folder(str(tmp_path / "gone"), "")
    assert Path(elsewhere).is_dir()
    assert elsewhere != str(Path.cwd())
