"""ClassTable: the classes of a file, each with the name that it gets, or left out."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from nnstudio.data.importing.asked import ClassName
from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.texts import mark, tr

COLUMNS: Final = (mark("In the file"), mark("Becomes"), mark("Samples"))
FOUND, BECOMES, COUNT = range(3)
ROW_PX: Final = 28
LONGEST_NAME: Final = 200

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class ClassesModel(QAbstractTableModel):
    """Classes as rows; a tick takes a class, and two that get the same name become one.

    Knows the classes that were found and what a person made of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[tuple[str, int | None], ...] = ()
        self._names: dict[str, str] = {}
        self._left_out: set[str] = set()

    def show_classes(self, found: tuple[tuple[str, int | None], ...]) -> None:
        """Show other classes; what was set for names that are still there stays."""
        if found != self._found:
            self.beginResetModel()
            self._found = found
            self.endResetModel()

    def forget(self) -> None:
        """Give every class its own name back."""
        self.beginResetModel()
        self._names, self._left_out = {}, set()
        self.endResetModel()

    def becomes(self, found: str) -> str:
        """Give the name that a class gets; nothing for one that is left out."""
        return "" if found in self._left_out else self._names.get(found, found)

    @property
    def classes(self) -> tuple[ClassName, ...]:
        """What differs from the file."""
        return tuple(
            ClassName(found=name, becomes=self.becomes(name))
            for name, _ in self._found
            if self.becomes(name) != name
        )

    @property
    def counted(self) -> bool:
        """Whether it is known of any class how many samples it has."""
        return any(count is not None for _, count in self._found)

    @property
    def taken(self) -> tuple[int, int | None]:
        """How many classes there will be, and how many samples when that is known of all."""
        kept = [(self.becomes(name), count) for name, count in self._found if self.becomes(name)]
        counts = [count for _, count in kept if count is not None]
        names = {name for name, _ in kept}
        return len(names), sum(counts) if len(counts) == len(kept) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        """Give the number of classes."""
        return 0 if parent is not None and parent.isValid() else len(self._found)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Give the title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return tr(COLUMNS[section])
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let the first column be ticked and the second be written into."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == FOUND:
            return usual | Qt.ItemFlag.ItemIsUserCheckable
        editable = index.column() == BECOMES and self._name(index) not in self._left_out
        return usual | Qt.ItemFlag.ItemIsEditable if editable else usual

    def data(self, index: _Index, role: int = 0) -> Any:
        """Give what a cell shows."""
        name, count = self._found[index.row()]
        column, out = index.column(), name in self._left_out
        if role == _Role.CheckStateRole and column == FOUND:
            return Qt.CheckState.Unchecked if out else Qt.CheckState.Checked
        if role == _Role.ForegroundRole and (out or column == COUNT):
            return theme().disabled if out else theme().text2
        if role == _Role.TextAlignmentRole and column == COUNT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == _Role.ToolTipRole:
            whole = self.becomes(name) if column == BECOMES else name
            return f"{whole}\n{_about(column)}".lstrip()
        if role in {_Role.DisplayRole, _Role.EditRole}:
            becomes = tr("left out") if out and role == _Role.DisplayRole else self.becomes(name)
            shown = (name, becomes, "" if count is None else grouped(count))
            return shown[column]
        return None

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        """Take a tick or a name; an empty name leaves the class out."""
        name = self._name(index)
        if role == _Role.CheckStateRole and index.column() == FOUND:
            self._leave_out(name, out=Qt.CheckState(value) != Qt.CheckState.Checked)
        elif role == _Role.EditRole and index.column() == BECOMES:
            written = str(value).strip()[:LONGEST_NAME]
            self._leave_out(name, out=not written)
            if written:
                self._names[name] = written
        else:
            return False
        row = index.row()
        self.dataChanged.emit(self.index(row, FOUND), self.index(row, COUNT))
        return True

    def _leave_out(self, name: str, *, out: bool) -> None:
        (self._left_out.add if out else self._left_out.discard)(name)

    def _name(self, index: _Index) -> str:
        return self._found[index.row()][0]


def _about(column: int) -> str:
    if column == FOUND:
        return tr("A class without a tick is left out.")
    if column == BECOMES:
        return tr("The name of the class here; two with the same name become one.")
    return tr("Samples in the file.")


class ClassTable(QTableView):
    """The classes as a table: Space ticks, typing renames. Knows its model alone."""

    def __init__(self) -> None:
        super().__init__()
        self.classes = ClassesModel()
        self.setModel(self.classes)
        self.setAccessibleName(tr("Classes"))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (FOUND, BECOMES):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
        self.classes.modelReset.connect(self._settle)

    def _settle(self) -> None:
        self.setColumnHidden(COUNT, not self.classes.counted)
