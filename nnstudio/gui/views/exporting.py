"""Export of a view: its picture as PNG, its numbers as CSV; asked for and written in one place."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.texts import tr

# Pixels of an exported picture for each of the screen.
RATIO: Final = 2.0

Numbers = Callable[[], str]
Failed = Callable[[NnstudioError], None]


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a table as CSV with a header; floats with every digit that they have."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue()


def picture_of(widget: QWidget) -> QImage:
    """Give what `widget` shows, with two pixels for each of the screen."""
    picture = QImage(widget.size() * RATIO, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(RATIO)
    picture.fill(theme().panel)
    painter = QPainter(picture)
    widget.render(painter, QPoint(0, 0))
    painter.end()
    return picture


def export_to(path: Path, widget: QWidget, numbers: Numbers) -> None:
    """Write numbers for ``.csv``, else the picture.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    if path.suffix.lower() == ".csv":
        path.write_text(numbers(), encoding="utf-8", newline="")
        return
    with path.open("wb"):
        pass
    if not picture_of(widget).save(str(path)):
        raise OSError(path)


def fill_export_menu(
    menu: QMenu, widget: QWidget, *, title: str, numbers: Numbers, failed: Failed
) -> None:
    """Put copying and exporting of `widget` into `menu`; `failed` takes why nothing was written."""
    clipboard = QGuiApplication.clipboard
    menu.addAction(tr("Copy picture")).triggered.connect(
        lambda: clipboard().setImage(picture_of(widget))
    )
    menu.addAction(tr("Copy numbers")).triggered.connect(lambda: clipboard().setText(numbers()))
    menu.addAction(tr("Export …")).triggered.connect(
        lambda: ask_export(widget, title=title, numbers=numbers, failed=failed)
    )


def ask_export(widget: QWidget, *, title: str, numbers: Numbers, failed: Failed) -> None:
    """Ask where to write picture or numbers, and write them there."""
    dialog = QFileDialog(widget, tr("Export {plot}", plot=title), existing_folder())
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([tr("Picture (*.png)"), tr("Numbers (*.csv)")])
    dialog.setDefaultSuffix("png")
    dialog.filterSelected.connect(
        lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))
    )
    dialog.fileSelected.connect(lambda path: try_export(path, widget, numbers, failed=failed))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def try_export(path: str, widget: QWidget, numbers: Numbers, *, failed: Failed) -> None:
    """Export, and tell what went wrong."""
    try:
        export_to(Path(path), widget, numbers)
    except OSError as error:
        failed(
            NnstudioError(
                "{file} could not be written: {reason}.",
                hint="",
                file=path,
                reason=error.strerror or type(error).__name__,
            )
        )
