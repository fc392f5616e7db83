"""EqualSteps: runs that are compared stay together; who is ahead of the slowest waits its turn."""

from typing import Protocol


class Stepping(Protocol):
    """What is known of a session here."""

    @property
    def steps_made(self) -> int:
        """How many steps its run has made."""
        ...

    @property
    def running(self) -> bool:
        """Whether it makes steps just now."""
        ...


class EqualSteps:
    """The sessions of one comparison; belongs to the training thread once they are driven.

    Turns of a training thread are fair by time; a comparison is fair by steps. The session with
    the fewest steps never waits, so that something always goes on while anything runs.
    """

    def __init__(self) -> None:
        self._sessions: list[Stepping] = []

    def join(self, session: Stepping) -> None:
        """Make `session` one of those that stay together."""
        self._sessions.append(session)

    def leave(self, session: Stepping) -> None:
        """Let `session` go on alone."""
        if session in self._sessions:
            self._sessions.remove(session)

    def is_ahead(self, session: Stepping) -> bool:
        """Tell whether `session` has more steps than another one that runs."""
        made = session.steps_made
        return any(
            other.running and other.steps_made < made
            for other in self._sessions
            if other is not session
        )
