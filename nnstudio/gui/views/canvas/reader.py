"""Which network reads a drawing: that of the current run, or until it can one trained earlier."""

from typing import TYPE_CHECKING, Final

from nnstudio.data.strokes import SIDE
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.run import RunView, ends_of
from nnstudio.texts import tr

if TYPE_CHECKING:
    from nnstudio.runs.model import Model
    from nnstudio.runs.run import Blueprint
    from nnstudio.training.snapshot import Vector

DIGITS: Final = tuple("0123456789")


class Reader:
    """Two networks at most: the own one of the current run, and one that was trained earlier.

    The earlier one reads only digits, and only while no run has begun.
    """

    def __init__(self) -> None:
        self._run: RunView | None = None
        self._names = DIGITS
        self._own: Predictor | None = None
        self._shown: Vector | None = None
        self._ready: Predictor | None = None

    @property
    def blueprint(self) -> "Blueprint | None":
        """Of the network of the current run."""
        return None if self._run is None else self._run.blueprint

    @property
    def fits(self) -> bool:
        """Whether there is no run, or one whose network reads drawings."""
        plan = self.blueprint
        return plan is None or (plan.image_shape == (SIDE, SIDE) and plan.task == "classes")

    @property
    def names(self) -> tuple[str, ...]:
        """What the classes are called, translated."""
        return self._names

    @property
    def wants_ready(self) -> bool:
        """Whether a network that was trained earlier would read, but is not there."""
        return self._ready is None and self._stands_in

    @property
    def earlier(self) -> bool:
        """Whether it is the one trained earlier that reads."""
        return self._ready is not None and self._stands_in

    @property
    def predictor(self) -> Predictor | None:
        """Who reads; None while nobody can."""
        if self.earlier:
            return self._ready
        return self._own if self._own is not None and self._own.ready else None

    @property
    def _stands_in(self) -> bool:
        """Whether no run has begun, and digits are read."""
        run = self._run
        # the untrained network that is shown before the first run has no number
        begun = run is not None and (run.number > 0 or bool(run.file) or run.snapshot.step > 0)
        if begun and self._own is not None and not self._own.ready:
            begun = False
        return not begun and self.fits and self.names == DIGITS

    def follow(self, run: RunView | None) -> bool:
        """Read for this run from now on; gives whether it has another network than before."""
        before = self.blueprint
        self._run = run
        plan = self.blueprint
        if plan is before:
            return False
        self._own = Predictor(plan) if plan is not None and self.fits else None
        self._shown = None
        self._names = DIGITS
        if plan is not None and self.fits:
            names = plan.class_names or tuple(str(at) for at in range(ends_of(plan.layout)[1]))
            self._names = tuple(tr(name) for name in names)
        return True

    def refresh(self) -> bool:
        """Take the newest weights of the run; gives whether they are others than before."""
        if self._run is None or self._run.blueprint is None or self._own is None:
            return False
        weights = self._run.snapshot.weights
        vector = self._run.blueprint.initial if weights is None else weights.vector
        if vector is None or vector is self._shown:
            return False
        self._own.show(vector)
        self._shown = vector
        return True

    def take_ready(self, model: "Model | None") -> None:
        """Let this network read while no run has begun."""
        if model is not None and model.class_names == DIGITS:
            ready = Predictor(model.blueprint)
            ready.show(model.vector)
            self._ready = ready
