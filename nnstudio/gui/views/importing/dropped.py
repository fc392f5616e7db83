"""What is dropped: one file or folder of this machine, or nothing that could be imported."""

from pathlib import Path

from PySide6.QtCore import QMimeData


def path_in(dropped: QMimeData) -> Path | None:
    """Give the file or folder when it is a single one that lies here."""
    urls = dropped.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
