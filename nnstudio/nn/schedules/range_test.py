"""The schedule of the learning-rate range test: up, for looking and not for training."""

from typing import Annotated, ClassVar, Literal

from nnstudio.nn.schedules.progress import Progress
from nnstudio.spec import Display, Field, spec


@spec(title="range test", help="Rises exponentially, to find out which learning rates work.")
class RangeTest:
    """An exponential rise from 1 to `rise` (Smith 2017, section 3.3, with rates evenly in decades).

    For looking at the loss over the rate, not for training: the rate rises until the loss blows up.
    """

    kind: Literal["range_test"] = "range_test"
    needs_end: ClassVar[bool] = True
    needs_validation: ClassVar[bool] = False
    rise: Annotated[
        float,
        Field(
            gt=1,
            le=1e12,
            title="Rise",
            description="How many times the learning rate is reached at the last step.",
        ),
        Display(scale="log"),
    ] = 1e4

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.

        Examples
        --------
        >>> progress = Progress(total_steps=3, steps_per_epoch=3)
        >>> [RangeTest(rise=100).factor(step, progress) for step in (0, 1, 2)]
        [1.0, 10.0, 100.0]
        """
        if progress.total_steps is None:
            raise ValueError("a range test rises to the end of a run, but this has no known end")
        return float(self.rise ** min(step / max(progress.total_steps - 1, 1), 1.0))
