"""Undo: a stack of immutable values; consecutive edits of one field count as one."""

from typing import Final, Generic, TypeVar

T = TypeVar("T")

STEPS_KEPT: Final = 500


class UndoStack(Generic[T]):
    """The values before and after the current one.

    Parameters
    ----------
    first : T
        What is there before any change; it cannot be undone.
    """

    def __init__(self, first: T) -> None:
        self._values = [first]
        self._at = 0
        self._mergeable = False

    @property
    def current(self) -> T:
        """The value in force."""
        return self._values[self._at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a value before the current one."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a value was undone and nothing was changed since."""
        return self._at < len(self._values) - 1

    def push(self, value: T, *, merge: bool) -> None:
        """Make `value` the current one; with `merge` it replaces the last pushed one."""
        if value == self.current:
            return
        if merge and self._mergeable and not self.can_redo:
            self._values[self._at] = value
            if value == self._values[self._at - 1]:
                self._values.pop()
                self._at -= 1
                self._mergeable = False
            return
        del self._values[self._at + 1 :]
        self._values.append(value)
        del self._values[: -STEPS_KEPT - 1]
        self._at = len(self._values) - 1
        self._mergeable = True

    def undo(self) -> None:
        """Go back by one value, where there is one."""
        self._at = max(0, self._at - 1)
        self._mergeable = False

    def redo(self) -> None:
        """Go forward by one value, where there is one."""
        self._at = min(len(self._values) - 1, self._at + 1)
        self._mergeable = False
