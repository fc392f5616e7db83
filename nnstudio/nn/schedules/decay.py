"""Schedules that only fall: in steps, by a factor, by a quotient, by a power."""

from typing import Annotated, ClassVar, Literal

from nnstudio.nn.schedules.progress import Progress
from nnstudio.nn.schedules.settings import Epochs, Final, Gamma, Stepwise
from nnstudio.spec import Display, Field, spec


@spec(title="constant", help="The learning rate stays what it is.")
class Constant:
    """Factor 1 throughout."""

    kind: Literal["constant"] = "constant"
    needs_end: ClassVar[bool] = False
    needs_validation: ClassVar[bool] = False

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0: always 1."""
        return 1.0


@spec(
    title="step decay",
    help="Falls by a factor at once, every so many epochs (PyTorch StepLR). Easy to see in the "
    "curves: the loss drops where the rate does.",
)
class Step:
    """``gamma ** floor(epochs so far / epochs)``; goes on falling past the end of the run.

    PyTorch ``StepLR(step_size=epochs, gamma)``, stepped once an epoch; Keras ``ExponentialDecay``
    with ``staircase=True``; MindSpore ``exponential_decay_lr`` with ``is_stair=True``.
    """

    kind: Literal["step"] = "step"
    needs_end: ClassVar[bool] = False
    needs_validation: ClassVar[bool] = False
    gamma: Gamma = 0.1
    epochs: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            title="Every (epochs)",
            description="After so many epochs the rate falls (PyTorch step_size).",
        ),
        Display(scale="log"),
    ] = 10

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Examples
        --------
        >>> run = Progress(total_steps=None, steps_per_epoch=1)
        >>> [Step(gamma=0.5, epochs=2).factor(step, run) for step in range(5)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
        """
        return float(self.gamma ** (progress.epochs(step, whole=True) // self.epochs))


@spec(
    title="exponential",
    help="Falls by the same factor in every epoch (PyTorch ExponentialLR, Keras ExponentialDecay, "
    "MindSpore exponential_decay_lr).",
)
class Exponential:
    """``gamma ** (epochs so far / epochs)``; goes on falling past the end of the run.

    PyTorch ``ExponentialLR(gamma)``, stepped once an epoch, and MindSpore
    ``exponential_decay_lr(decay_rate=gamma, decay_epoch=epochs)`` change once an epoch; Keras
    ``ExponentialDecay(decay_rate=gamma, decay_steps)`` changes at every step.
    """

    kind: Literal["exponential"] = "exponential"
    needs_end: ClassVar[bool] = False
    needs_validation: ClassVar[bool] = False
    gamma: Gamma = 0.9
    epochs: Epochs = 1.0
    stepwise: Stepwise = False

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Examples
        --------
        >>> run = Progress(total_steps=6, steps_per_epoch=2)
        >>> schedule = Exponential(gamma=0.9, stepwise=True)
        >>> [round(0.1 * schedule.factor(step, run), 9) for step in range(6)]
        [0.1, 0.1, 0.09, 0.09, 0.081, 0.081]
        """
        return float(self.gamma ** (progress.epochs(step, whole=self.stepwise) / self.epochs))


@spec(
    title="inverse time",
    help="Falls as 1 / (1 + decay·epochs): fast at first, then ever more slowly, and never to "
    "nothing (Keras InverseTimeDecay, MindSpore inverse_decay_lr).",
)
class InverseTime:
    """``1 / (1 + decay * epochs so far / epochs)``; goes on falling past the end of the run.

    The classic choice of stochastic approximation (Robbins and Monro 1951). PyTorch's ``lr_decay``
    of Adagrad is this with ``decay`` times the steps of an epoch; MindSpore ``inverse_decay_lr``
    changes once an epoch, Keras ``InverseTimeDecay`` at every step.
    """

    kind: Literal["inverse_time"] = "inverse_time"
    needs_end: ClassVar[bool] = False
    needs_validation: ClassVar[bool] = False
    decay: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            title="Decay",
            description="With 1 the rate is half after the first span, a third after the second "
            "(decay_rate in Keras and MindSpore).",
        ),
        Display(scale="log"),
    ] = 1.0
    epochs: Epochs = 1.0
    stepwise: Stepwise = False

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Examples
        --------
        >>> run = Progress(total_steps=None, steps_per_epoch=1)
        >>> [InverseTime().factor(step, run) for step in (0, 1, 3)]
        [1.0, 0.5, 0.25]
        """
        spans = progress.epochs(step, whole=self.stepwise) / self.epochs
        return 1.0 / (1.0 + self.decay * spans)


@spec(
    title="polynomial",
    help="Falls to the end of the run: in a straight line with power 1, more at first with a "
    "greater one (PyTorch PolynomialLR, Keras PolynomialDecay, MindSpore polynomial_decay_lr).",
)
class Polynomial:
    """``final + (1 - final) (1 - share of the run)**power``; past the end it stays at `final`.

    PyTorch ``PolynomialLR(total_iters, power)`` ends at 0; Keras ``PolynomialDecay`` has
    ``end_learning_rate`` = 0.0001 and MindSpore ``polynomial_decay_lr`` ``end_learning_rate`` as
    rates, not as shares of the base rate.
    """

    kind: Literal["polynomial"] = "polynomial"
    needs_end: ClassVar[bool] = True
    needs_validation: ClassVar[bool] = False
    power: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            title="Power",
            description="1 for a straight line (power in PyTorch, Keras and MindSpore).",
        ),
    ] = 1.0
    final: Final = 0.0
    stepwise: Stepwise = False

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.
        """
        left = 1.0 - progress.share_done(step, whole=self.stepwise)
        return float(self.final + (1.0 - self.final) * left**self.power)
