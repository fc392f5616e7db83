"""What a panel's menu offers for every plot: copy and export of picture and numbers."""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.texts import tr

# Pixels of an exported picture for each of the screen.
RATIO: Final = 2.0


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a table as CSV with a header; floats with every digit that they have."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue()


def picture_of(widget: QWidget, *, ratio: float = RATIO) -> QImage:
    """Give what `widget` shows as a picture with `ratio` pixels for each of the screen."""
    picture = QImage(widget.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(theme().panel)
    widget.render(picture)
    return picture


class Exporter(QObject):
    """Writes and copies what one view shows; `failed` tells why a file could not be written.

    Parameters
    ----------
    view : QWidget
        Over which it asks for a file.
    title, picture, table : callable
        Give what the view is called, its picture, and its numbers as CSV.
    """

    failed = Signal(object)

    def __init__(
        self,
        view: QWidget,
        *,
        title: Callable[[], str],
        picture: Callable[[], QImage],
        table: Callable[[], str],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._title, self._picture, self._table = title, picture, table

    def fill_menu(self, menu: QMenu) -> None:
        """Offer everything."""
        menu.addAction(tr("Copy picture")).triggered.connect(self.copy_picture)
        menu.addAction(tr("Copy numbers")).triggered.connect(self.copy_table)
        menu.addAction(tr("Export …")).triggered.connect(self.ask)

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self._picture())

    def copy_table(self) -> None:
        """Put the numbers on the clipboard."""
        QGuiApplication.clipboard().setText(self._table())

    def write(self, path: Path) -> None:
        """Write the picture, or for ``.csv`` the numbers.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        if path.suffix.lower() == ".csv":
            path.write_text(self._table(), encoding="utf-8", newline="")
            return
        with path.open("wb"):
            pass
        if not self._picture().save(str(path)):
            raise OSError(path)

    def ask(self) -> None:
        """Ask where to write, and write there."""
        dialog = QFileDialog(self._view, tr("Export {plot}", plot=self._title()), existing_folder())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Picture (*.png)"), tr("Numbers (*.csv)")])
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))
        )
        dialog.fileSelected.connect(self.write_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def write_to(self, path: str) -> None:
        """Write into `path`, or tell why that cannot be."""
        try:
            self.write(Path(path))
        except OSError as error:
            self.failed.emit(
                NnstudioError(
                    "{file} could not be written: {reason}.",
                    hint="",
                    file=path,
                    reason=error.strerror or type(error).__name__,
                )
            )
