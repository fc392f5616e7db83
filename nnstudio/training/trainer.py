"""Trainer: the one training thread; it drives every live session in short turns."""

from queue import SimpleQueue
from typing import TYPE_CHECKING

from nnstudio.threads import TRAINING, start_behind
from nnstudio.training.session import Session

if TYPE_CHECKING:
    from threading import Thread


class Trainer:
    """Owns the training thread; used by the thread that made it.

    The thread begins with the first session, sleeps while none has anything to do, and ends with
    `close`. A session that has ended is let go.
    """

    def __init__(self) -> None:
        self._inbox: SimpleQueue[Session | str] = SimpleQueue()
        self._thread: Thread | None = None

    def add(self, session: Session) -> None:
        """Drive `session` from now on; it waits until it is started.

        Raises
        ------
        RuntimeError
            When another trainer drives it already.
        """
        session.adopt(self._wake)
        self._inbox.put(session)
        if self._thread is None:
            self._thread = start_behind(self._drive, name="nnstudio-trainer", niceness=TRAINING)

    def close(self, *, patience_s: float | None = None) -> bool:
        """Pause what runs, storing its checkpoint, and end the thread; tell whether it has ended.

        Waits for it, however long that takes or for so many seconds: a step of a huge network takes
        longer than a person wants to wait for a program to end.
        """
        if self._thread is None:
            return True
        self._inbox.put("close")
        self._thread.join(patience_s)
        if self._thread.is_alive():
            return False
        self._thread = None
        return True

    def _wake(self) -> None:
        self._inbox.put("wake")

    def _drive(self) -> None:
        sessions: list[Session] = []
        busy = False
        while True:
            while not busy or not self._inbox.empty():
                message = self._inbox.get()
                busy = True
                if isinstance(message, Session):
                    sessions.append(message)
                elif message == "close":
                    for session in sessions:
                        session.suspend()
                    return
            working = [session.turn() for session in sessions]
            busy = any(working)
            sessions = [session for session in sessions if not session.ended]
