"""View: what every view is; it is given runs, tells wishes by signals, and knows nobody else."""

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from nnstudio.runs.run import RunView


class View(QWidget):
    """One panel of the window; the user sees its title over it.

    Knows the runs that it was given last and nothing of where they come from. `title` is a marked
    literal, translated where it is shown. `rate_hz` is how often at most `show_runs` is called;
    `wants_weights` asks for copies of the parameters while the view is visible; `enlargeable` views
    get a button that lets them fill the window. `retitled` carries a translated title that suits
    what is shown now, `export_failed` why a file of what is shown could not be written.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    rate_hz: ClassVar[float] = 4.0
    wants_weights: bool = False
    enlargeable: ClassVar[bool] = False

    retitled = Signal(str)
    export_failed = Signal(object)

    def show_runs(self, views: "tuple[RunView, ...]") -> None:
        """Show these runs, the current one first; called only while the view is visible."""

    def take_over(self, old: "View") -> None:
        """Show what a person made in `old`, the same view of the window that this one replaces."""

    def fill_menu(self, menu: QMenu) -> None:
        """Put what fits nowhere else into the menu of the panel, each time before it opens."""

    def header_widgets(self) -> list[QWidget]:
        """Give the widgets that belong at the right of the view's header, from left to right."""
        return []
