"""The application: makes the workbench and its window, and builds the window anew when asked."""

import logging
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QCoreApplication,
    QLocale,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from nnstudio.gui.app.garbage import Garbage
from nnstudio.gui.app.log_file import Catcher
from nnstudio.gui.app.qt_words import QtWords
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.theme import application_icon, themes
from nnstudio.gui.workbench import Notice, Severity, Workbench
from nnstudio.gui.workbench.background import Failure, start_thread
from nnstudio.gui.workbench.notices import notice_of
from nnstudio.runs.settings import Settings, load_settings
from nnstudio.runs.store import RunStore
from nnstudio.texts import Text, language, set_language, text
from nnstudio.training.trainer import Trainer

if TYPE_CHECKING:
    from threading import Thread

APPLICATION_ID: Final = "org.nnstudio.nnstudio"
SWITCH_S: Final = 0.001
"""After so long the window gets the interpreter from a thread that computes; Python's 5 ms, asked
for twice or three times on the way to an answer, would be felt by who draws."""
log = logging.getLogger("nnstudio.qt")

# one line per shown window where there is no window manager
_CHATTER: Final = ("This plugin does not support",)


class Application:
    """Holds everything that lives as long as the program.

    Parameters
    ----------
    log : Path
        The log file, opened by Help > Show log.
    file : Path or None
        A model to open at once.
    leave_after_paint : bool
        End as soon as the window has been painted; for measurements.
    """

    def __init__(
        self,
        *,
        log: Path,
        settings_path: Path,
        runs_folder: Path,
        file: Path | None = None,
        leave_after_paint: bool = False,
    ) -> None:
        self._log = log
        self._leave_after_paint = leave_after_paint
        self._forget = False
        self._warming: Thread | None = None
        qInstallMessageHandler(_take_message)
        _tell_windows_who_we_are()
        QCoreApplication.setApplicationName("nnstudio")
        present = QApplication.instance()
        self._qt = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
        self._qt.setDesktopFileName("nnstudio")
        # before there is a second thread
        self._garbage = Garbage()
        sys.setswitchinterval(SWITCH_S)
        self._settings, trouble = load_settings(settings_path)
        self._qt_words = QtWords()
        self._speak()
        themes.choose(self._settings.theme)
        themes.dress(self._qt)
        self._qt.setWindowIcon(application_icon())
        self._store = RunStore(runs_folder)
        self.workbench = Workbench(
            trainer=Trainer(),
            settings=self._settings,
            settings_path=settings_path,
            store=self._store,
        )
        self.workbench.settings_changed.connect(self._follow_settings)
        self._catcher = Catcher(self._tell_bug)
        self.window = self._open_window()
        self._greet(trouble, file)

    def run(self) -> int:
        """Stay until the window is closed; gives the exit status."""
        for wish in (signal.SIGINT, signal.SIGTERM):
            # runs stay on disk: the next start offers them again
            signal.signal(wish, lambda *_: QCoreApplication.quit())
        status = self._qt.exec()
        if not self.close():
            # a step of a huge network is still being made, and nobody wants it any more
            logging.shutdown()
            os._exit(status)
        return status

    def close(self) -> bool:
        """End every thread and let go of every file; tell whether all threads have ended."""
        ended = self.workbench.close(forget=self._forget)
        if self._warming is not None:
            self._warming.join()
        self._store.close()
        self._garbage.close()
        self._catcher.remove()
        qInstallMessageHandler(None)
        return ended

    def _open_window(self) -> MainWindow:
        window = MainWindow(self.workbench, show_log=self._show_log)
        window.closed.connect(self._leave)
        window.show()
        return window

    def _leave(self) -> None:
        # whoever closed the window was asked what becomes of the model
        self._forget = True
        QCoreApplication.quit()

    def _greet(self, trouble: Text | None, file: Path | None) -> None:
        if trouble is not None:
            self.workbench.tell(Notice(trouble, severity=Severity.WARNING, topic="settings"))
        if file is not None:
            self.workbench.models.open(file)
        if self._leave_after_paint:
            self.window.repaint()
            QTimer.singleShot(0, QCoreApplication.quit)
            return
        QTimer.singleShot(0, self.workbench.begin)
        QTimer.singleShot(0, self._warm_up)

    def _warm_up(self) -> None:
        # half a second of work, which would else stop the window at the first point of a curve
        self._warming = start_thread(_import_plots)

    def _follow_settings(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings
        themes.choose(settings.theme)
        if settings.language != before.language:
            # after the popup in which the language was chosen has closed
            QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        self._speak()
        themes.refresh()
        old = self.window
        old.remember()
        self.window = self._open_window()
        self.window.take_over(old)
        old.deleteLater()

    def _speak(self) -> None:
        set_language(_language(self._settings))
        self._qt_words.follow(language())

    def _show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log)))

    def _tell_bug(self, error: BaseException) -> None:
        failure = Failure(error, "".join(traceback.format_exception(error)))
        # in the log already
        self.workbench.notice.emit(notice_of(failure, topic="bug"))


def _import_plots() -> None:
    # makes no widget: that is left to the thread of the window
    import nnstudio.gui.widgets.plot.canvas  # noqa: F401, PLC0415 - see where it is called


def _language(settings: Settings) -> str:
    if settings.language != "system":
        return settings.language
    wanted = QLocale.system().uiLanguages()
    return wanted[0] if wanted else "en"


def _take_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    del context
    if message.startswith(_CHATTER) or kind == QtMsgType.QtDebugMsg:
        return
    if kind == QtMsgType.QtFatalMsg:
        # Qt would abort with a core dump; a person gets one sentence instead
        log.critical("%s", message)
        if sys.stderr is not None:
            first = message.splitlines()[0] if message else ""
            sys.stderr.write(str(text("The window cannot open: {reason}", reason=first)) + "\n")
            sys.stderr.flush()
        os._exit(3)
    log.warning("%s", message)


def _tell_windows_who_we_are() -> None:
    if sys.platform == "win32":
        # else the taskbar shows the icon of Python
        import ctypes  # noqa: PLC0415 - for Windows alone

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APPLICATION_ID)
