"""Qt's own words (Close, Select All, Space) in the language of the window, from Qt's catalogues."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator


class QtWords:
    """Holds the one catalogue that is installed; a window built before keeps its words."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None

    def follow(self, language: str) -> None:
        """Take the words of `language`, a key of `nnstudio.texts.languages`, from now on."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        found = QTranslator()
        if language != "en" and found.load(f"qtbase_{language}", folder):
            QCoreApplication.installTranslator(found)
            self._translator = found
