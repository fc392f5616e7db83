"""What a panel's menu offers for every plot: copy and export of picture and numbers."""

import csv
import errno
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.texts import tr
from nnstudio.whole_files import write_whole

# Pixels of an exported picture for each of the screen.
RATIO: Final = 2.0


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a table as CSV with a header; floats with every digit that they have."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue()


def file_name_of(title: str) -> str:
    """Give a name for a file of what is called so, without what file names must not have."""
    return "".join(one if one.isalnum() else "-" for one in title).strip("-").lower()


def picture_of(widget: QWidget, *, ratio: float = RATIO) -> QImage:
    """Give what `widget` shows as a picture with `ratio` pixels for each of the screen."""
    picture = QImage(widget.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(theme().panel)
    widget.render(picture)
    return picture


def write_picture(path: Path, picture: QImage) -> None:
    """Write a picture in the format of the ending of `path`; an older file stays until it is there.

    Raises
    ------
    OSError
        When the file cannot be written, or there is no such format.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    kind = QByteArray(path.suffix.removeprefix(".").encode() or b"png")
    if not QImageWriter(buffer, kind).write(picture):
        raise OSError(errno.EINVAL, "no format of pictures", str(path))
    write_whole(path, bytes(buffer.data().data()))


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
            write_whole(path, self._table().encode())
            return
        write_picture(path, self._picture())

    def ask(self) -> None:
        """Ask where to write, and write there."""
        dialog = QFileDialog(self._view, tr("Export {plot}", plot=self._title()), existing_folder())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Picture (*.png)"), tr("Numbers (*.csv)")])
        dialog.setDefaultSuffix("png")
        dialog.selectFile(file_name_of(self._title()))
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
