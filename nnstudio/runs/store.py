"""Runs on disk: a folder each, written by one thread; what a crash ended is found again.

A folder is locked while the process that owns its run lives, so no other one offers it.
"""

import json
import logging
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from nnstudio.errors import NnstudioError
from nnstudio.file_lock import FileLock
from nnstudio.runs.checkpoint_file import load_checkpoint, save_checkpoint
from nnstudio.threads import start_behind
from nnstudio.training.checkpoint import Checkpoint, position_of
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.recipe import Recipe
from nnstudio.whole_files import write_whole

if TYPE_CHECKING:
    from threading import Thread

PERIOD_S: Final = 5.0
MAX_KEPT: Final = 5
"""How many runs of a process are kept on disk at once; the oldest are forgotten."""
LOOK_S: Final = 0.25
"""How often the writer looks for a checkpoint when one may be written."""
REST_PER_WORK: Final = 50
"""Writing takes at most 1/50 = 2 % of the time."""
CHECKPOINT_FILE: Final = "checkpoint.safetensors"
DESCRIPTION_FILE: Final = "run.json"
LOCK_FILE: Final = "lock"

log = logging.getLogger(__name__)


@dataclass(eq=False)
class StoredRun:
    """A run whose newest checkpoint is kept on disk until `finish`.

    Attributes
    ----------
    name : str
        What people know the run as.
    recipe : Recipe
        What it began with.
    checkpoints : Mailbox
        Put the newest checkpoint in; it is written when it is due.
    lesson : bool
        Whether a network learns drawings in it.
    safe : bool
        Whether a checkpoint of it lies on disk, or its result is saved, or nobody wants it: what
        it goes on from need not be kept any more.
    """

    name: str
    recipe: Recipe
    _commands: "SimpleQueue[_Command]"
    checkpoints: Mailbox[Checkpoint] = field(default_factory=Mailbox)
    lesson: bool = False
    safe: bool = False

    def finish(self) -> None:
        """Forget the run on disk: nobody wants it."""
        self.safe = True
        self._commands.put(("finish", self, 0))

    def saved(self, step: int) -> None:
        """Forget what is kept of the first `step` steps: a person has saved their result."""
        self.safe = True
        self._commands.put(("saved", self, step))


_Command = tuple[str, StoredRun | None, int]


@dataclass(frozen=True, eq=False)
class Unfinished:
    """A run that a crash or a power cut ended.

    Attributes
    ----------
    name : str
        What people knew the run as.
    step : int
        Steps that its last checkpoint holds.
    when : datetime
        When that was written.
    ended : bool
        Whether it had come to its end, but was not saved.
    lesson : bool
        Whether a network learned drawings in it.
    """

    name: str
    step: int
    when: datetime
    ended: bool
    lesson: bool
    _folder: Path
    _lock: FileLock

    def load(self) -> Checkpoint:
        """Give the last checkpoint.

        Raises
        ------
        NnstudioError
            When it cannot be read any more.
        """
        return load_checkpoint(self._folder / CHECKPOINT_FILE)

    def discard(self) -> None:
        """Delete what is kept of the run."""
        _remove(self._folder, self._lock)


@dataclass(eq=False)
class _Place:
    """Where the writer keeps a run, once there is something to keep."""

    folder: Path
    lock: FileLock | None = None
    due: float = 0.0
    trouble: str = ""
    written: int | None = None
    saved: int = -1


class RunStore:
    """Keeps the runs of this process on disk, and finds those that others left behind.

    Parameters
    ----------
    folder : Path
        Made when something is written.
    clock : callable
        Seconds that never go back.
    threaded : bool
        Whether a thread writes; else who made the store calls `turn`.
    """

    def __init__(
        self, folder: Path, *, clock: Callable[[], float] = time.monotonic, threaded: bool = True
    ) -> None:
        self.folder = folder
        self.problems: Mailbox[NnstudioError] = Mailbox()
        self._clock = clock
        self._commands: SimpleQueue[_Command] = SimpleQueue()
        self._places: dict[StoredRun, _Place] = {}
        self._found: list[Unfinished] = []
        self._threaded = threaded
        self._thread: Thread | None = None
        self._open = True

    def begin(self, recipe: Recipe, name: str, *, lesson: bool = False) -> StoredRun:
        """Give a place to put the checkpoints of a run; nothing is written before the first."""
        run = StoredRun(name, recipe, self._commands, lesson=lesson)
        self._commands.put(("begin", run, 0))
        if self._threaded and self._thread is None:
            self._thread = start_behind(self._write, name="run writer")
        return run

    def unfinished(self) -> tuple[Unfinished, ...]:
        """Give the runs that no living process owns, the newest first; from now on this one does.

        What cannot be read is left where it is and not offered.
        """
        folders = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        found = [one for folder in folders if (one := _abandoned(folder)) is not None]
        self._found += found
        return tuple(sorted(found, key=lambda one: one.when, reverse=True))

    def close(self) -> None:
        """Write what waits, and let go of all runs; they stay on disk unless finished."""
        self._commands.put(("close", None, 0))
        if self._thread is not None:
            self._thread.join()
        else:
            self.turn()
        for one in self._found:
            one._lock.release()  # noqa: SLF001 - a part of this module
        self._found = []

    def turn(self) -> bool:
        """Do what was asked and write what is due; gives whether the store is still open."""
        while True:
            try:
                command = self._commands.get_nowait()
            except Empty:
                break
            self._obey(*command)
        for run, place in self._places.items():
            self._write_if_due(run, place)
        return self._open

    def _write(self) -> None:
        while self.turn():
            # wakes at once for a command, else now and then to look into the mailboxes
            with suppress(Empty):
                self._obey(*self._commands.get(timeout=LOOK_S if self._places else None))

    def _obey(self, command: str, run: StoredRun | None, step: int) -> None:
        if command == "begin" and run is not None:
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
            self._places[run] = _Place(self.folder / f"{stamp}-{secrets.token_hex(4)}")
            for oldest in tuple(self._places)[:-MAX_KEPT]:
                self._forget(oldest)
        elif command == "saved" and run in self._places:
            place = self._places[run]
            place.saved = max(place.saved, step)
            if place.written is not None and place.written <= step:
                with suppress(OSError):
                    (place.folder / CHECKPOINT_FILE).unlink()
                place.written = None
        elif command == "finish" and run is not None:
            self._forget(run)
        elif command == "close":
            for one, place in self._places.items():
                place.due = self._clock()
                self._write_if_due(one, place)
                if place.lock is not None and place.written is None:
                    _remove(place.folder, place.lock)
                elif place.lock is not None:
                    place.lock.release()
            self._places = {}
            self._open = False

    def _forget(self, run: StoredRun) -> None:
        place = self._places.pop(run, None)
        if place is not None and place.lock is not None:
            _remove(place.folder, place.lock)

    def _write_if_due(self, run: StoredRun, place: _Place) -> None:
        began = self._clock()
        if began < place.due:
            return
        checkpoint = run.checkpoints.take()
        if checkpoint is None or checkpoint.step <= place.saved:
            return
        try:
            self._prepare(run, place)
            save_checkpoint(place.folder / CHECKPOINT_FILE, checkpoint)
            place.trouble, place.written = "", checkpoint.step
            run.safe = True
        except NnstudioError as error:
            self._tell(place, error)
        except Exception as error:
            # whatever it is: else the one writer of all runs would end in silence
            if not isinstance(error, OSError):
                log.exception("checkpoint not written")
            self._tell(
                place,
                NnstudioError(
                    "The run cannot be kept on disk: {reason}.",
                    hint="It goes on; after a crash it would have to start anew.",
                    reason=getattr(error, "strerror", None) or type(error).__name__,
                ),
            )
        ended = self._clock()
        place.due = ended + max(PERIOD_S, REST_PER_WORK * (ended - began))

    def _prepare(self, run: StoredRun, place: _Place) -> None:
        if place.lock is not None:
            return
        place.folder.mkdir(parents=True, exist_ok=True)
        place.lock = FileLock.take(place.folder / LOCK_FILE)
        said = {
            "name": run.name,
            "lesson": run.lesson,
            "begun": datetime.now(UTC).isoformat(timespec="seconds"),
            "recipe": run.recipe.to_json(),
        }
        write_whole(place.folder / DESCRIPTION_FILE, json.dumps(said, indent=1).encode())

    def _tell(self, place: _Place, error: NnstudioError) -> None:
        log.info("checkpoint not written: %s", error)
        if str(error) != place.trouble:
            place.trouble = str(error)
            self.problems.put(error)


def _abandoned(folder: Path) -> Unfinished | None:
    if not folder.is_dir():
        return None
    lock: FileLock | None = None
    try:
        lock = FileLock.take(folder / LOCK_FILE)
        if lock is None:
            return None
        file = folder / CHECKPOINT_FILE
        if not file.exists():
            _remove(folder, lock)
            return None
        checkpoint = load_checkpoint(file)
        said = _description(folder)
        return Unfinished(
            name=str(said.get("name", folder.name)),
            lesson=said.get("lesson") is True,
            step=checkpoint.step,
            ended=position_of(checkpoint).ended is not None,
            when=datetime.fromtimestamp(file.stat().st_mtime).astimezone(),
            _folder=folder,
            _lock=lock,
        )
    except (NnstudioError, OSError) as error:
        log.info("the run in %s is not offered: %s", folder, error)
        if lock is not None:
            lock.release()
        return None


def _description(folder: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        said: Any = json.loads((folder / DESCRIPTION_FILE).read_bytes())
        if isinstance(said, dict):
            return said
    return {}


def _remove(folder: Path, lock: FileLock) -> None:
    # the checkpoint first: a folder without one is never offered, whatever happens next
    with suppress(OSError):
        (folder / CHECKPOINT_FILE).unlink()
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
