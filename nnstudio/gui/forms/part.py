"""Part: one piece of a form; it shows a value, sends a new one, and names what it refuses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.spec import Problem
from nnstudio.texts import Text


class Unknown(Enum):
    """Stands where there is nothing to compare with; None is a value of some settings."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True)
class Shown:
    """A value and what is said about it.

    `problems` have paths that start at the value; `running` is what the current run uses,
    `default` what a reset gives: both UNKNOWN where there is nothing to compare with.
    """

    value: Any
    problems: tuple[Problem, ...] = ()
    running: Any = UNKNOWN
    default: Any = UNKNOWN

    def field(self, name: str) -> "Shown":
        """Give the field `name` of a spec, compared with specs of the same class alone."""
        cls = type(self.value)
        return Shown(
            getattr(self.value, name),
            _below(self.problems, name),
            getattr(self.running, name) if type(self.running) is cls else UNKNOWN,
            getattr(self.default, name) if type(self.default) is cls else UNKNOWN,
        )

    def item(self, index: int) -> "Shown":
        """Give one item of a list, compared with what stands at the same place elsewhere."""
        return Shown(
            self.value[index],
            _below(self.problems, index),
            _item(self.running, index),
            _item(self.default, index),
        )


def _below(problems: tuple[Problem, ...], name: str | int) -> tuple[Problem, ...]:
    return tuple(
        replace(one, path=one.path[1:]) for one in problems if one.path and one.path[0] == name
    )


def _item(items: Any, index: int) -> Any:
    return items[index] if isinstance(items, tuple) and index < len(items) else UNKNOWN


class Part(QWidget):
    """One piece of a form; knows what it shows and nothing of what it is part of."""

    edited = Signal(object)
    refusal_changed = Signal()
    remedy_wished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)

    def passes(self, part: "Part", take: Callable[[Any], object] | None = None) -> None:
        """Tell on what `part` tells; its edits go to `take` when there is one."""
        part.edited.connect(self.edited if take is None else take)
        part.refusal_changed.connect(self.refusal_changed)
        part.remedy_wished.connect(self.remedy_wished)

    def show_this(self, shown: Shown) -> None:
        """Show a value; what is shown already stays untouched."""
        raise NotImplementedError

    def inner(self) -> "tuple[Part, ...]":
        """Give the parts that this one is made of."""
        return ()

    def refuse(self, reason: str | None) -> None:
        """Say why the entry was not taken; None when it was."""
        for part in self.inner()[:1]:
            part.refuse(reason)

    @property
    def refusal(self) -> Text | None:
        """The first entry that is not legal, with the reason; None when all are."""
        return next((part.refusal for part in self.inner() if part.refusal), None)

    @property
    def wrong(self) -> bool:
        """Whether anything here is refused or has a problem."""
        return any(part.wrong for part in self.inner())

    @property
    def advanced_count(self) -> int:
        """How many rows are seen only by those who ask for more."""
        return sum(part.advanced_count for part in self.inner())

    def set_more(self, *, more: bool) -> None:
        """Show the advanced rows too, or only those that matter."""
        for part in self.inner():
            part.set_more(more=more)
