"""Mailbox: the newest value wins and is taken once; the only lock in the program."""

from threading import Lock
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Mailbox(Generic[_T]):
    """Holds at most one value between two threads; whoever writes never waits for a reader.

    Examples
    --------
    >>> box: Mailbox[int] = Mailbox()
    >>> box.put(1)
    >>> box.put(2)
    >>> box.take(), box.take()
    (2, None)
    """

    __slots__ = ("_lock", "_value")

    def __init__(self) -> None:
        self._lock = Lock()
        self._value: _T | None = None

    def put(self, value: _T) -> None:
        """Put `value` in; one that nobody took is dropped."""
        with self._lock:
            self._value = value

    def take(self) -> _T | None:
        """Give the value and leave the box empty; None when there is none."""
        with self._lock:
            value, self._value = self._value, None
        return value
