"""The digits that a person drew and named: what was kept, deleted and brought back, line by line.

Nothing in the log is changed, so its first lines always say the same: they reproduce a run.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nnstudio.data.drawings import (
    Drawing,
    UnfitDrawingError,
    of_object,
    parsed,
    read_drawings,
    to_line,
    write_drawings,
)
from nnstudio.data.line_log import LineLog
from nnstudio.data.progress import Progress, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

FILE: Final = "my-digits.jsonl"
LABELS: Final = tuple("0123456789")


@dataclass(frozen=True, eq=False)
class KeptDrawing:
    """A drawing in the log, and the name by which it is deleted."""

    identity: str
    drawing: Drawing


class DigitLog:
    """The log in a folder; several windows may hold and change it at once.

    Attributes
    ----------
    entries : int
        Lines of it that were read: it grows with every change.

    Parameters
    ----------
    folder : Path
        Where it lies; made when something is kept.
    patience_s : float
        So long another window is waited for that is writing.
    """

    def __init__(self, folder: Path, *, patience_s: float = 3.0) -> None:
        self._log = LineLog(folder / FILE, mark="my digits", patience_s=patience_s)
        self._left: list[bytes] = []
        self._forget()

    def _forget(self) -> None:
        self._all: dict[str, KeptDrawing] = {}
        self._deleted: set[str] = set()
        self._there: tuple[KeptDrawing, ...] | None = None
        self._spoiled: tuple[Text, ...] = ()
        self.entries = 0

    @property
    def path(self) -> Path:
        """The file."""
        return self._log.path

    @property
    def identity(self) -> str:
        """Of this log: when everything is deleted, another one is begun."""
        return self._log.identity

    @property
    def remarks(self) -> tuple[Text, ...]:
        """What was found damaged, for people."""
        return (*self._log.remarks, *self._spoiled)

    @property
    def drawings(self) -> tuple[KeptDrawing, ...]:
        """What is there, in the order of drawing."""
        if self._there is None:
            all_of_it = self._all.items()
            self._there = tuple(one for key, one in all_of_it if key not in self._deleted)
        return self._there

    def counts(self) -> dict[str, int]:
        """Give how many there are of each digit, all ten of them named."""
        found = Counter(one.drawing.label for one in self.drawings)
        return {label: found[label] for label in LABELS}

    def wait_at_most(self, seconds: float) -> None:
        """Wait no longer than that for another window, from now on."""
        self._log.patience_s = seconds

    def waiting(self) -> int:
        """Give how many lines there are that were not looked into; soon done for any number.

        Raises
        ------
        NnstudioError
            When the file cannot be read, or is of a newer version.
        """
        other, lines = self._log.added()
        if other:
            self._forget()
            self._left = []
        self._left += lines
        return len(self._left)

    def refresh(self, *, most: int | None = None) -> bool:
        """Read what was added since, and tell whether there was anything.

        Parameters
        ----------
        most : int or None
            Read no more than the first so many lines.

        Raises
        ------
        NnstudioError
            When the file cannot be read, is of a newer version, or has not that many lines.
        """
        before = (self._log.identity, self.entries)
        waiting = self.waiting()
        there = self.entries + waiting
        if most is not None and there < most:
            raise NnstudioError(
                "{most} entries of my digits were used, but there are {count}: all were deleted "
                "meanwhile.",
                hint="Take the source “My digits” out and add it anew to use what is there now.",
                most=most,
                count=there,
            )
        taken = waiting if most is None else most - self.entries
        for line in self._left[:taken]:
            self.entries += 1
            self._take(line)
        self._left = self._left[taken:]
        return before != (self._log.identity, self.entries)

    def _take(self, line: bytes) -> None:
        self._there = None
        try:
            found = parsed(line.decode())
            if "deleted" in found:
                self._deleted.add(str(found["deleted"]))
            elif "restored" in found:
                self._deleted.discard(str(found["restored"]))
            else:
                drawing = of_object(found)
                identity = str(found.get("id", self.entries))
                self._all[identity] = KeptDrawing(identity, drawing)
        except (UnfitDrawingError, UnicodeDecodeError):
            told = text(
                "Entry {row} of {file} is damaged and is passed over.", row=self.entries, file=FILE
            )
            self._spoiled = (*self._spoiled, told)

    def keep(self, drawing: Drawing) -> str:
        """Add a drawing, on the disk when this returns, and give the name it is deleted by.

        Raises
        ------
        NnstudioError
            When its label is no digit, nothing is drawn, or it cannot be saved.
        """
        if not _is_digit(drawing):
            raise NnstudioError(
                "Only a drawing of a digit from 0 to 9 can be kept.",
                hint="Draw something, then say which digit it is.",
            )
        return self._keep_all([drawing])[0]

    def _keep_all(self, drawings: list[Drawing]) -> list[str]:
        names = [secrets.token_hex(8) for _one in drawings]
        self._append(
            f'{{"id":"{name}",{to_line(one).removeprefix("{")}'
            for name, one in zip(names, drawings, strict=True)
        )
        return names

    def delete(self, identity: str) -> None:
        """Take one away; `restore` brings it back.

        Raises
        ------
        NnstudioError
            When that cannot be saved.
        """
        self._append([json.dumps({"deleted": identity})])

    def restore(self, identity: str) -> None:
        """Bring back what was deleted.

        Raises
        ------
        NnstudioError
            When that cannot be saved.
        """
        self._append([json.dumps({"restored": identity})])

    def delete_all(self) -> None:
        """Remove the file with everything in it; nothing brings it back.

        Raises
        ------
        NnstudioError
            When that is not possible.
        """
        self._log.remove()
        self.refresh()

    def take_in(self, path: Path, progress: Progress = silent) -> tuple[int, int]:
        """Add the drawings in a file, all or none; give how many are new and how many left out.

        Left out is what is there already, and what is no digit.

        Raises
        ------
        NnstudioError
            When the file is damaged, or what is in it cannot be saved.
        Cancelled
            When `progress` says so; nothing was added then.
        """
        self.refresh()
        there = {to_line(one.drawing) for one in self.drawings}
        new: dict[str, Drawing] = {}
        count = 0
        for drawing in read_drawings(path, progress):
            count += 1
            line = to_line(drawing)
            if line not in there and _is_digit(drawing):
                new[line] = drawing
        if new:
            self._keep_all(list(new.values()))
        return len(new), count - len(new)

    def export(self, path: Path) -> int:
        """Write what is there into a file of drawings, and give how many they are.

        Raises
        ------
        NnstudioError
            When it cannot be written.
        """
        return write_drawings(path, (one.drawing for one in self.drawings))

    def _append(self, lines: Iterable[str]) -> None:
        self._log.append(lines)
        self.refresh()


def _is_digit(drawing: Drawing) -> bool:
    return drawing.label in LABELS and drawing.pixels() is not None
