"""The window: wiring only; views and workbench do not know each other, this joins them."""

from base64 import b64decode, b64encode
from binascii import Error as DecodingError
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStatusBar, QVBoxLayout, QWidget

from nnstudio.gui.actions import Actions
from nnstudio.gui.forms.words import mistakes_of
from nnstudio.gui.main_window.by_window import ByWindow
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.feeding import Feeder, Pace
from nnstudio.gui.main_window.files import Files
from nnstudio.gui.main_window.help import show_help
from nnstudio.gui.main_window.importing import Importing
from nnstudio.gui.main_window.joining import join
from nnstudio.gui.main_window.keyboard import Keyboard, commit_entry
from nnstudio.gui.main_window.menus import build_menu
from nnstudio.gui.main_window.notice_area import NoticeArea
from nnstudio.gui.main_window.rewind_bar import RewindBar
from nnstudio.gui.main_window.saving_samples import SampleSaving
from nnstudio.gui.main_window.settings_popup import SettingsPopup
from nnstudio.gui.main_window.status_line import HEIGHT_PX, StatusLine, parameters_of
from nnstudio.gui.main_window.teaching import Teaching
from nnstudio.gui.main_window.toolbar import Toolbar
from nnstudio.gui.views import VIEWS
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.curves import CurvesView
from nnstudio.gui.views.experiment import SECTIONS, ExperimentView
from nnstudio.gui.views.run_words import mistakes_in
from nnstudio.gui.widgets.command_palette import CommandPalette, PaletteEntry
from nnstudio.gui.workbench import BenchState, Workbench
from nnstudio.gui.workbench.openings import name_of, title_of_case
from nnstudio.runs.run import RunView
from nnstudio.texts import tr
from nnstudio.training.sources import data_name_of

DEFAULT_PX: Final = (1360, 860)
SMALLEST_PX: Final = (800, 560)
TITLE: Final = "nnstudio[*]"
SECTION: Final = "section/"
TEXT_HZ: Final = 4.0
REMEMBER_HZ: Final = 0.5


class MainWindow(QMainWindow):
    """Panels, toolbar and status line; it knows the workbench and hands values to and fro.

    Parameters
    ----------
    workbench : Workbench
        Goes on living when the window is built anew, as for another language.
    show_log : callable
        Opens the log file.
    make_files : callable
        Gives who asks the user for paths and about unsaved models.
    """

    closed = Signal()

    def __init__(
        self,
        workbench: Workbench,
        *,
        show_log: Callable[[], None],
        make_files: Callable[[QWidget, Workbench], Files] = Files,
    ) -> None:
        super().__init__()
        self._workbench = workbench
        self._asks = True
        self._keyboard = Keyboard()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*SMALLEST_PX)
        self.setAcceptDrops(True)
        self.resize(*DEFAULT_PX)
        self.docks = Docks(self, (view() for view in VIEWS))
        self.files = make_files(self, workbench)
        self.importing = Importing(self, workbench)
        self.saving = SampleSaving(self, workbench)
        canvases = (dock.view for dock in self.docks if isinstance(dock.view, CanvasView))
        self.teaching = Teaching(self, workbench, tuple(canvases))
        by_window = ByWindow(
            self,
            workbench,
            self.docks,
            self.files,
            importing=self.importing,
            saving=self.saving,
            teaching=self.teaching,
            open_palette=self._open_palette,
            tell_help=lambda: show_help(self, self.commands),
            show_log=show_log,
        )
        self.commands = Actions(
            workbench, by_window=by_window.table, before=commit_entry, parent=self
        )
        for _, action in self.commands.all():
            self.addAction(action)
        self.toolbar = Toolbar(self.commands)
        self.status = StatusLine()
        self.rewind = RewindBar()
        self.notices = NoticeArea()
        self._palette = CommandPalette(self)
        self._settings = SettingsPopup(self)
        self._feeder = Feeder(tuple(self.docks))
        self._next_feed = QTimer(self)
        self._next_feed.setSingleShot(True)
        self._next_feed.setInterval(0)
        self._next_feed.timeout.connect(self._feed_next)
        self._between = QTimer(self)
        self._between.setSingleShot(True)
        self._between.setInterval(0)
        self._between.timeout.connect(self._feeder.feed_moving)
        self._text_pace = Pace(self._show_progress, hertz=TEXT_HZ)
        # a program that is killed is not closed: place and layout are kept as they change
        self._remember_pace = Pace(self.remember, hertz=REMEMBER_HZ)
        self._build()
        self._join()
        self.docks.arrange()
        self._restore()
        self.setFocus()

    def _open_palette(self) -> None:
        entries = [
            PaletteEntry(
                key=command.key,
                title=action.text().rstrip("…"),
                shortcut=action.shortcut().toString(),
                refusal=self.commands.refusal(command.key),
                words=command.title,
            )
            for command, action in self.commands.all()
            if command.key != "palette"
        ]
        entries += [
            PaletteEntry(key=SECTION + key, title=tr(title), group=tr("Experiment"), words=title)
            for key, title in SECTIONS.items()
        ]
        self._palette.open_over(self, entries)

    def _take_entry(self, key: str) -> None:
        view = self.docks[ExperimentView.name].view
        if not key.startswith(SECTION):
            self.commands[key].trigger()
        elif isinstance(view, ExperimentView):
            self.docks.bring(view.name)
            view.show_section(key.removeprefix(SECTION))

    # joining

    def _build(self) -> None:
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        self.setMenuWidget(top)
        self.notices.lie_under(top)
        bottom = QStatusBar()
        bottom.setSizeGripEnabled(False)
        bottom.setFixedHeight(HEIGHT_PX)
        self.status.set_middle(self.rewind)
        bottom.addWidget(self.status, 1)
        self.setStatusBar(bottom)
        menu = build_menu(
            self,
            self.commands,
            self.docks,
            recent=lambda: self._workbench.settings.recent_files,
            open_file=self._workbench.models.open,
            open_case=self.toolbar.case_chosen.emit,
            opened=lambda: self.toolbar.opened,
        )
        menu.aboutToShow.connect(self._check_toggles)
        self.toolbar.menu_button.setMenu(menu)

    def _check_toggles(self) -> None:
        curves = [dock.view for dock in self.docks if isinstance(dock.view, CurvesView)]
        for key, on in {
            "log_axis": any(view.options.y_logarithmic for view in curves),
            "maximize": any(dock.enlarged for dock in self.docks),
            "full_screen": self.isFullScreen(),
        }.items():
            self.commands[key].setChecked(on)

    def _join(self) -> None:
        bench = self._workbench
        hub = join(self.docks, bench, parent=self)
        hub.data_folder_requested.connect(self.files.choose_data_folder)
        hub.import_requested.connect(self.importing.open_at)
        hub.samples_requested.connect(self.saving.save_of)
        self.toolbar.case_chosen.connect(bench.open_case)
        self.toolbar.case_chosen.connect(hub.case_opened)
        self.toolbar.settings_requested.connect(self._open_settings)
        self._settings.theme_chosen.connect(lambda key: bench.change_settings(theme=key))
        self._settings.language_chosen.connect(lambda key: bench.change_settings(language=key))
        self._settings.folder_requested.connect(self.files.choose_data_folder)
        self._palette.chosen.connect(self._take_entry)
        self.notices.cancel_requested.connect(bench.cancel_work)
        self.rewind.step_chosen.connect(bench.rewind.go_to)
        self.rewind.fork_requested.connect(bench.rewind.fork)
        bench.runs_changed.connect(self._show_rewind)
        bench.notice.connect(self.notices.show_notice)
        bench.notice_over.connect(self.notices.end_notice)
        bench.progress_changed.connect(self.notices.show_work)
        for dock in self.docks:
            if isinstance(dock.view, CanvasView):
                # right after an answer to the pen, for its next move is not due yet
                dock.view.answered.connect(self._between.start)
        bench.snapshot_ready.connect(self._take_runs)
        bench.polled.connect(self._feed)
        bench.experiment_changed.connect(self._show_experiment)
        bench.data_changed.connect(self._show_experiment)
        bench.state_changed.connect(self._show_state)
        bench.model_changed.connect(self._show_saved)
        self._take_runs(bench.views)
        self._show_experiment()
        self._show_state(bench.state)
        self._show_saved()

    def _take_runs(self, runs: tuple[RunView, ...]) -> None:
        self._feeder.take(runs)

    def _feed(self) -> None:
        self._workbench.watch(weights=self._feeder.wants_weights)
        self._text_pace.call_if_due()
        if self.isVisible():
            self._remember_pace.call_if_due()
        if not any(canvas.pen_moves for canvas in self._canvases()):
            self._feed_next()

    def _canvases(self) -> list[CanvasView]:
        return [one.view for one in self.docks if one.seen and isinstance(one.view, CanvasView)]

    def _feed_next(self) -> None:
        if self._feeder.feed_next():
            # what was given is painted, and keys and pointer are answered, before the next one
            self._next_feed.start()

    def _show_progress(self) -> None:
        run = self._workbench.driven
        self.toolbar.show_progress(run.snapshot if run is not None else None)
        self.setWindowModified(not self._workbench.models.is_saved(self._workbench.current))
        self._show_rewind()

    def _show_rewind(self, _runs: object = None) -> None:
        self.rewind.show_state(self._workbench.rewind.state)

    def _show_experiment(self, _value: object = None) -> None:
        bench = self._workbench
        named = name_of(bench.experiment)
        title = title_of_case(bench.case) if bench.case else named
        self.toolbar.show_name(title, changed=named != title)
        self.status.show_data(data_name_of(bench.experiment), bench.facts)
        self._show_saved()
        self.status.show_parameters(parameters_of(bench.experiment, bench.facts))

    def _show_state(self, state: BenchState) -> None:
        why = state.refusal or state.ending
        self.status.show_activity(state.activity, str(why or ""))
        self._show_saved()
        self._show_progress()

    def _show_saved(self, _value: object = None) -> None:
        saved = self._workbench.saved
        self.status.show_saved(saved.when if saved else None, str(saved.file) if saved else "")
        name = saved.file.name if saved else ""
        title = tr("{file}[*] – nnstudio", file=name) if name else TITLE
        # what is switched off while a run goes on stays in that run
        live = next((one for one in self._workbench.views if not one.snapshot.state.ended), None)
        mistakes = mistakes_of(self._workbench.experiment) or (mistakes_in(live) if live else "")
        if mistakes:
            title = tr("{title} – built-in mistake: {mistakes}", title=title, mistakes=mistakes)
        self.setWindowTitle(title)

    def _open_settings(self) -> None:
        self._settings.open_under(self.toolbar.settings_button, self._workbench.settings)

    # coming and going

    def take_over(self, old: "MainWindow") -> None:
        """Take the place of `old`: what nobody answered there is asked here, drawings stay."""
        self.notices.take_over(old.notices)
        for dock in self.docks:
            before = old.docks.get(dock.view.name)
            if before is not None:
                dock.view.take_over(before.view)
        old.leave()

    def leave(self) -> None:
        """Close without a question, because another window takes its place."""
        self._asks = False
        self.close()

    def remember(self) -> None:
        """Keep place, size and layout for the next start."""
        self._workbench.change_settings(
            window_geometry=_written(self.saveGeometry()),
            window_layout=_written(self.docks.layout_state()),
        )

    def _restore(self) -> None:
        settings = self._workbench.settings
        room = self.screen().availableSize()
        self.resize(min(DEFAULT_PX[0], room.width()), min(DEFAULT_PX[1], room.height()))
        self.restoreGeometry(_read(settings.window_geometry))
        if settings.window_layout:
            self.docks.restore(_read(settings.window_layout))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about an unsaved model, once, then remember the layout."""
        if self._asks and not self.files.may_close():
            event.ignore()
            return
        self.remember()
        super().closeEvent(event)
        if self._asks:
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Leave a key to the widget that Tab has led to, where it means something there."""
        if event.type() == QEvent.Type.WindowUnblocked:
            self._keyboard.dialog_closed()
        # what nobody below has taken arrives here before it becomes a shortcut
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (
                self._keyboard.leaves_to_widget(event, live=self._workbench.state.live)
                or self._brings_back(event)
            )
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put an enlarged panel back on Escape, where no widget below had a use for the key."""
        enlarged = self.docks.enlarged
        if enlarged is not None and self._brings_back(event):
            self.docks.enlarge(enlarged)
        else:
            super().keyPressEvent(event)

    def _brings_back(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape or self.docks.enlarged is None:
            return False
        return all(view.board.canvas.empty for view in self._canvases())

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's own signature
        """Go on by Tab, and remember where it led."""
        moved = super().focusNextPrevChild(next)
        self._keyboard.tab_led_to(QApplication.focusWidget())
        return moved

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the outer columns as they are and give the middle the rest."""
        super().resizeEvent(event)
        self.docks.follow(event.oldSize(), event.size())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take model files, and what may be samples."""
        if self.files.takes(event.mimeData()) or self.importing.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the model that was dropped, or look at the samples."""
        taken = self.files if self.files.takes(event.mimeData()) else self.importing
        taken.drop(event.mimeData())
        event.acceptProposedAction()


def _written(data: QByteArray) -> str:
    return b64encode(bytes(data.data())).decode("ascii")


def _read(written: str) -> QByteArray:
    try:
        return QByteArray(b64decode(written, validate=True))
    except (DecodingError, ValueError):
        return QByteArray()
