"""Where a dialog for files begins: never in the folder that a program happens to be started in."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def existing_folder(*wished: str) -> str:
    """Give the first of these folders that is there, else the user's documents, else the home."""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    known = (*wished, QStandardPaths.writableLocation(documents))
    return next((one for one in known if one and Path(one).is_dir()), str(Path.home()))
