"""Progress: how far a run has come, in steps and in epochs; all that a schedule may look at."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from math import ceil
from typing import Any


@dataclass(frozen=True)
class Progress:
    """How far a run has come; made anew for every epoch.

    Attributes
    ----------
    total_steps : int or None
        Steps of the whole run; None when no limit says how many there will be.
    steps_per_epoch : int
        Of the current epoch; at least 1.
    validation : tuple of float
        Validation losses so far, one per epoch, where the schedule needs them.
    epoch, first_step : int
        How many epochs and steps had been made when the current epoch began. Where epochs always
        had the same length, leaving both out makes no difference.
    ends_by_epochs : bool
        Whether the run ends after so many epochs, however many steps these have.
    found : dict
        What a schedule has worked out from the validation losses, so that it need not at every
        step; a run hands it on from epoch to epoch, so that each of them is looked at once.
    """

    total_steps: int | None
    steps_per_epoch: int
    validation: tuple[float, ...] = ()
    epoch: int = 0
    first_step: int = 0
    ends_by_epochs: bool = False
    found: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def epochs(self, step: int, *, whole: bool = False) -> float:
        """Give how many epochs have been made after `step` steps, or how many whole ones.

        Examples
        --------
        >>> progress = Progress(total_steps=None, steps_per_epoch=4)
        >>> progress.epochs(6), progress.epochs(6, whole=True)
        (1.5, 1)
        """
        made = step - self.first_step
        if whole:
            return self.epoch + made // self.steps_per_epoch
        return self.epoch + made / self.steps_per_epoch

    def share_done(self, step: int, *, whole: bool = False) -> float:
        """Give which share of the run has been made after `step` steps, never more than 1.

        With `whole` it changes once an epoch; an epoch that the end cuts short counts as one.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.
        """
        made, total = self.out_of(step)
        if whole:
            left = ceil((total - self.out_of(self.first_step)[0]) / self.steps_per_epoch)
            return min(self.epochs(step, whole=True) / (self.epoch + left), 1.0)
        return min(made / total, 1.0)

    def out_of(self, step: int) -> tuple[int, int]:
        """Give how many steps have been made, and of how many in all.

        Where the run ends by epochs, as if all epochs had been as long as the current one: so the
        share of the run that is done goes on evenly when the size of the batches is changed.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.

        Examples
        --------
        >>> half_done = Progress(
        ...     total_steps=16, steps_per_epoch=6, epoch=2, first_step=4, ends_by_epochs=True
        ... )
        >>> half_done.out_of(4)
        (12, 24)
        """
        if self.total_steps is None:
            raise ValueError("a schedule goes to the end of a run, but this run has no known end")
        longer = self.epoch * self.steps_per_epoch - self.first_step if self.ends_by_epochs else 0
        return step + longer, self.total_steps + longer
