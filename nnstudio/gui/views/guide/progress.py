"""What a person has answered and tried in a guide; immutable, and kept for each case."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Tried:
    """One prediction: the answer that was picked, and whether it was put to the test.

    One that has `begun` is being put to the test: what comes of it is not told yet.
    """

    picked: int | None = None
    tried: bool = False
    begun: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a person is in one guide.

    Attributes
    ----------
    page : str
        What is looked at.
    lesson : int
        Which step is shown.
    lessons, comparisons : tuple of Tried
        What was answered so far; those that are not there yet were not asked.
    """

    page: str = "story"
    lesson: int = 0
    lessons: tuple[Tried, ...] = ()
    comparisons: tuple[Tried, ...] = ()

    def of_lesson(self, at: int) -> Tried:
        """Give what was answered in a step."""
        return self.lessons[at] if at < len(self.lessons) else Tried()

    def of_comparison(self, at: int) -> Tried:
        """Give what was answered about a comparison."""
        return self.comparisons[at] if at < len(self.comparisons) else Tried()

    def with_lesson(self, at: int, tried: Tried) -> "Progress":
        """Give the same with another answer in a step."""
        return replace(self, lessons=_put(self.lessons, at, tried))

    def with_comparison(self, at: int, tried: Tried) -> "Progress":
        """Give the same with another answer about a comparison."""
        return replace(self, comparisons=_put(self.comparisons, at, tried))


def _put(many: tuple[Tried, ...], at: int, one: Tried) -> tuple[Tried, ...]:
    longer = many + (Tried(),) * (at + 1 - len(many))
    return (*longer[:at], one, *longer[at + 1 :])
