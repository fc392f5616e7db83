"""Schedules made of half cosines: one down, many down, one up and one down."""

from math import cos, pi
from typing import Annotated, ClassVar, Literal

from nnstudio.nn.schedules.progress import Progress
from nnstudio.nn.schedules.settings import Final, Stepwise
from nnstudio.spec import Display, Field, spec


def _half_wave(first: float, last: float, share: float) -> float:
    """Give the value at `share` of half a cosine from `first` to `last`."""
    return last + (first - last) * (1.0 + cos(pi * share)) / 2.0


@spec(
    title="cosine",
    help="Falls along half a cosine from the base rate to the end of the run: long at high rates, "
    "long at low ones. A good choice when you know how long you will train.",
)
class Cosine:
    """Half a cosine from 1 to `final` (Loshchilov and Hutter 2017, eq. 5, without restarts).

    Past the end of the run it stays at `final`. PyTorch ``CosineAnnealingLR(T_max, eta_min)`` would
    rise again there; Keras ``CosineDecay(alpha)`` stays, as here.
    """

    kind: Literal["cosine"] = "cosine"
    needs_end: ClassVar[bool] = True
    needs_validation: ClassVar[bool] = False
    final: Final = 0.0
    stepwise: Stepwise = False

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.

        Examples
        --------
        >>> Cosine().factor(50, Progress(total_steps=100, steps_per_epoch=10))
        0.5
        """
        return _half_wave(1.0, self.final, progress.share_done(step, whole=self.stepwise))


@spec(
    title="cosine with restarts",
    help="Falls along half a cosine and jumps back to the base rate, again and again (SGDR). "
    "Take it where the end is not fixed yet: each low is a good moment to stop. PyTorch "
    "CosineAnnealingWarmRestarts, Keras CosineDecayRestarts.",
)
class CosineRestarts:
    """Half cosines one after the other (Loshchilov and Hutter 2017, eq. 5); they never end.

    The first takes `epochs`, each later one `growth` times as long as that before it, past the end
    of the run too. PyTorch ``CosineAnnealingWarmRestarts(T_0=epochs, T_mult=growth, eta_min)``;
    Keras ``CosineDecayRestarts(first_decay_steps, t_mul=2)`` can also lower each new start.
    """

    kind: Literal["cosine_restarts"] = "cosine_restarts"
    needs_end: ClassVar[bool] = False
    needs_validation: ClassVar[bool] = False
    epochs: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            title="First fall (epochs)",
            description="How long the first fall takes (PyTorch T_0).",
        ),
        Display(scale="log", means="restarts"),
    ] = 5
    growth: Annotated[
        int,
        Field(
            ge=1,
            le=100,
            title="Growth",
            description="How many times longer each fall is than the one before (PyTorch T_mult, "
            "Keras t_mul).",
        ),
    ] = 1
    final: Final = 0.0
    stepwise: Stepwise = False

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Examples
        --------
        >>> run = Progress(total_steps=None, steps_per_epoch=1)
        >>> schedule = CosineRestarts(epochs=2, growth=2)
        >>> [round(schedule.factor(step, run), 3) for step in range(7)]
        [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]
        """
        within, length = progress.epochs(step, whole=self.stepwise), self.epochs
        if self.growth == 1:
            within %= length
        while within >= length:
            within -= length
            length *= self.growth
        return _half_wave(1.0, self.final, within / length)


@spec(
    title="one cycle",
    help="Rises to the base rate, then falls to almost nothing (PyTorch OneCycleLR). The base rate "
    "is the highest one, so it may be larger than usual. The momentum stays what it is.",
)
class OneCycle:
    """Up and down along two half cosines (Smith and Topin 2018), PyTorch's two phases.

    From `start` at the first step to 1 when `rise` of the steps are made, to `final` at the last
    one; past the end it stays there. PyTorch ``OneCycleLR(max_lr=base rate, pct_start=rise,
    div_factor=1/start, final_div_factor=start/final)``, which cycles the momentum as well unless
    ``cycle_momentum=False``: here it does not.
    """

    kind: Literal["one_cycle"] = "one_cycle"
    needs_end: ClassVar[bool] = True
    needs_validation: ClassVar[bool] = False
    rise: Annotated[
        float,
        Field(
            gt=0,
            lt=1,
            title="Rise",
            description="Share of the steps in which the rate rises (PyTorch pct_start).",
        ),
        Display(unit="%"),
    ] = 0.3
    start: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="First factor",
            description="What it starts with, as a share of the base rate (PyTorch 1/div_factor).",
        ),
        Display(scale="log", advanced=True),
    ] = 0.04
    final: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Final factor",
            description="What is left in the end, as a share of the base rate (PyTorch "
            "1/(div_factor·final_div_factor)).",
        ),
        Display(scale="log", advanced=True),
    ] = 4e-6

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.
        """
        made, total = progress.out_of(step)
        # the last step is the lowest, as in PyTorch; a run too short for both phases only falls
        top, last = max(self.rise * total - 1.0, 0.0), total - 1
        if made < top:
            return _half_wave(self.start, 1.0, made / top)
        return _half_wave(1.0, self.final, min((made - top) / max(last - top, 1e-9), 1.0))
