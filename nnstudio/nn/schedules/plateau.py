"""Reduce on plateau: a schedule that looks at the validation losses, all of them, every time.

It keeps nothing itself, so a run that is gone on with needs no more than its history.
"""

from math import inf
from typing import Annotated, ClassVar, Literal

from nnstudio.nn.schedules.progress import Progress
from nnstudio.nn.schedules.settings import Gamma
from nnstudio.spec import Display, Field, spec


@spec(
    title="reduce on plateau",
    help="Falls by a factor when the validation loss has not got better for some epochs (PyTorch "
    "and Keras ReduceLROnPlateau). Needs no plan of how long to train, but validation samples.",
)
class ReduceOnPlateau:
    """Times `gamma` whenever the loss was not better than its best for more than `patience` epochs.

    Better means ``loss < best (1 - threshold)``. As PyTorch's ``ReduceLROnPlateau`` with mode
    ``min``, threshold mode ``rel`` and no cooldown; its ``eps`` (changes of the rate below 1e-8 are
    left out) is not there. A loss that is no number is not better. Past the end nothing changes.

    ========= ======================= ==================================
    here      PyTorch                 Keras
    ========= ======================= ==================================
    gamma     factor = 0.1            factor = 0.1
    patience  patience = 10           patience = 10, one epoch fewer
    threshold threshold = 1e-4        min_delta = 1e-4, a difference
    minimum   min_lr = 0, a rate      min_lr = 0, a rate
    ========= ======================= ==================================
    """

    kind: Literal["reduce_on_plateau"] = "reduce_on_plateau"
    needs_end: ClassVar[bool] = False
    needs_validation: ClassVar[bool] = True
    gamma: Gamma = 0.1
    patience: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000,
            title="Patience",
            description="So many epochs without a better loss are borne (patience in PyTorch, 10; "
            "in Keras the rate falls one epoch earlier).",
        ),
    ] = 5
    threshold: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Threshold",
            description="A loss must be lower by this share of the best to count as better "
            "(PyTorch threshold; min_delta in Keras is a difference).",
        ),
        Display(scale="log", advanced=True),
    ] = 1e-4
    minimum: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Lowest factor",
            description="It never falls below this share of the base rate (min_lr in PyTorch and "
            "Keras is a rate).",
        ),
        Display(scale="log", advanced=True),
    ] = 0.0

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate; it changes between epochs only.

        Examples
        --------
        >>> run = Progress(total_steps=None, steps_per_epoch=1, validation=(2.0, 1.0, 1.5, 1.2))
        >>> [ReduceOnPlateau(patience=epochs).factor(4, run) for epochs in (0, 1, 2)]
        [0.010000000000000002, 0.1, 1.0]
        """
        seen, factor, best, waited = progress.found.get(self, (0, 1.0, inf, 0))
        if seen == len(progress.validation):
            return float(factor)
        for loss in progress.validation[seen:]:
            if loss < best * (1.0 - self.threshold):
                best, waited = loss, 0
            else:
                waited += 1
            if waited > self.patience:
                factor, waited = max(factor * self.gamma, self.minimum), 0
        progress.found[self] = len(progress.validation), factor, best, waited
        return float(factor)
