"""Moment: one step from inside; read-only copies, and whether they are made changes no bit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.training.experiment import Experiment
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.pretraining import WHOLE

if TYPE_CHECKING:
    from nnstudio.training.course import Course

Vector = NDArray[np.floating[Any]]
Matrix = NDArray[np.floating[Any]]

FIRST_STEPS: Final = frozenset({0, 1, 2, 5, 10, 20, 50})
"""Counted from where the whole network is trained, as are the hundreds after them."""
EVERY_STEPS: Final = 100
EVERY_SECONDS: Final = 1.0
SHARE: Final = 0.01
"""At most so much of the time goes into Moments that a clock asks for."""
KEEP_SECONDS: Final = 0.1
"""So often a run that somebody looks at keeps its weights, to be rewound."""
KEPT_BYTES: Final = 64 * 2**20
FIRST_BYTES: Final = 32 * 2**20
"""So much may the Moments of the first steps take until somebody looks at them."""


@dataclass(frozen=True, eq=False)
class Moment:
    """One step from inside.

    Attributes
    ----------
    step : int
        How many steps had been made before.
    before, after : ndarray, shape (P + buffers,)
        The flat vector before and after the step.
    gradient : ndarray, shape (P,)
        The gradient as the run computed it, before clipping.
    rate : float
        Learning rate of the step.
    rows : ndarray of int64, shape (B,)
        Rows of the data set in the batch.
    inputs, targets : ndarray, shape (B, D) and (B, C)
        What the network really got.
    outputs : ndarray, shape (B, C)
        What the run made of it.
    loss : float
        The loss that the run told.
    previous : ndarray, shape (P,), or None
        The gradient of the step before, before clipping; None at the first step.
    optimizer_before : mapping of str to ndarray
        What the optimizer remembered before the step.
    optimizer_step : int
        How many steps it had made.
    told : tuple of float, or None
        Loss of a few fixed validation samples with the parameters before the step, twice, as the
        run evaluates; None without such samples.
    epoch : int
        How many epochs had ended.
    experiment : Experiment
        As it acted at this step, with the live changes made before it: later ones say nothing
        about this step.
    """

    step: int
    before: Vector
    after: Vector
    gradient: Vector
    rate: float
    rows: NDArray[np.int64]
    inputs: Matrix
    targets: Matrix
    outputs: Matrix
    loss: float
    experiment: Experiment
    previous: Vector | None = None
    optimizer_before: Mapping[str, Vector] = field(default_factory=dict)
    optimizer_step: int = 0
    told: tuple[float, float] | None = None
    epoch: int = 0


@dataclass(frozen=True, eq=False)
class Kept:
    """Parameters and buffers as they were evaluated after `step` steps; a read-only vector."""

    step: int
    vector: Vector


class Moments:
    """Says of which steps there shall be Moments, hands them out, and keeps what is evaluated.

    Without a clock these are fixed steps, so that what is found can be found again. With one they
    are the first fixed steps, and later one a second at most, each time somebody asked. There is
    always one of the last step that a run can have; those of the first steps wait to be looked at.

    The training thread calls `wants`, `looks_ahead` and `make_step`; another one may call `ask` and
    `take`, and read `kept` and `newest`: each is one reference to what is never changed, replaced
    as a whole. Whether anybody has asked before is a flag that is only ever set.

    Parameters
    ----------
    clock : callable or None
        Gives seconds.
    kept : tuple of Kept
        What a run that goes on had kept before.
    also : frozenset of int
        More steps of which there shall be Moments.
    budget : int
        Bytes that all kept vectors together may take. Where there is no room, every other one
        goes and only every other one is kept from then on, so that they stay spread over the run;
        the first and the newest stay.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] | None = None,
        kept: tuple[Kept, ...] = (),
        also: frozenset[int] = frozenset(),
        budget: int = KEPT_BYTES,
    ) -> None:
        self._clock, self._budget = clock, budget
        self._also = also
        self._kept = kept
        self._stride = 1
        self._since = 0
        self._previous: tuple[int, Vector] | None = None
        self._wanted = -1
        self._due = self._keep_due = 0.0
        self._asked = False
        self._wish: Mailbox[bool] = Mailbox()
        self._first: Mailbox[Moment] = Mailbox()
        self._newest: Mailbox[Moment] = Mailbox()
        self._early: SimpleQueue[Moment] = SimpleQueue()
        self._early_bytes = 0
        self._taken = -1
        self._failed: Mailbox[Moment] = Mailbox()
        self._has_first = False
        self._last: Moment | None = None

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What is kept, in the order of the steps."""
        return self._kept

    @property
    def newest(self) -> Moment | None:
        """The newest Moment, for another one to look at as well; None before the first."""
        return self._last

    def ask(self) -> None:
        """Wish for one more Moment, as soon as it is due."""
        self._asked = True
        self._wish.put(True)  # noqa: FBT003 - the value of a box

    def take(self, *, each: bool = False) -> Moment | None:
        """Give the first of all Moments, then the newest, each once; None without a new one.

        With `each`, those of the first steps that nobody has taken come before the newest: a run
        that is over before anybody has looked is looked at in the same steps as any other.
        """
        moment = self._first.take() or self._next_early(each=each) or self._newest.take()
        if moment is None or moment.step <= self._taken:
            return None
        self._taken = moment.step
        return moment

    def _next_early(self, *, each: bool) -> Moment | None:
        """Give the next one of the first steps where wanted, else drop them."""
        while True:
            try:
                moment = self._early.get_nowait()
            except Empty:
                return None
            if each and moment.step > self._taken:
                return moment

    def take_failure(self) -> Moment | None:
        """Give the step that could not be made in finite numbers; None without one, and once."""
        return self._failed.take()

    def wants(self, step: int, *, begun: int = 0) -> bool:
        """Tell whether there shall be a Moment of the step after `step` steps.

        The whole network is trained since there were `begun` steps.
        """
        if step - begun in FIRST_STEPS or step in self._also or step == self._wanted:
            return True
        return self._clock is None and (step - begun) % EVERY_STEPS == 0

    def looks_ahead(self, step: int, *, begun: int = 0) -> bool:
        """Tell whether the gradient of the step after `step` steps is needed by the next Moment.

        Parameters as in `wants`.
        """
        clock = self._clock
        if (
            clock is not None
            and self._wanted <= step
            and clock() >= self._due
            and self._wish.take()
        ):
            self._wanted = step + 1
        return self.wants(step + 1, begun=begun)

    def make_step(
        self, state: "Course", *, rows: NDArray[np.int64], loss: float, rate: float
    ) -> None:
        """Make the step whose gradient was computed, and take what is wanted of it.

        Parameters
        ----------
        state : Course
            In the stage that trains the whole network.
        rows : ndarray of int64, shape (B,)
            The batch.
        loss, rate : float
            As the loop has them.
        """
        step, stage, network = state.step, state.stage, state.network
        begun = stage.first_step
        last = None if state.total_steps is None else state.total_steps - 1
        wanted = self.wants(step, begun=begun) or step == last
        ahead = self.looks_ahead(step, begun=begun) or step + 1 == last
        if not (wanted or ahead):
            self._keep_if_due(state)
            stage.update(rate, step)
            return
        gradient = _locked(network.gradient) if ahead else None
        if not wanted:
            self._previous = None if gradient is None else (step, gradient)
            stage.update(rate, step)
            return
        started = self._clock() if self._clock is not None else 0.0
        previous = self._previous
        self._previous = None if gradient is None else (step, gradient)
        shown = state.evaluated
        average = None if shown is network.vector else _locked(shown)
        before = previous[1] if previous is not None and previous[0] == step - 1 else None
        moment = _moment_of(state, rows, loss=loss, rate=rate, previous=before)
        if self._has_first and step - begun in FIRST_STEPS:
            self._keep_early(moment)
        (self._newest if self._has_first else self._first).put(moment)
        self._has_first, self._last = True, moment
        self.keep(Kept(step, moment.before if average is None else average))
        if self._clock is not None:
            now = self._clock()
            self._due = now + max(EVERY_SECONDS, (now - started) / SHARE)
            self._keep_due = now + KEEP_SECONDS

    def _keep_early(self, moment: Moment) -> None:
        """Let one of the first steps wait, where there is room; it is the newest as well."""
        vectors = (moment.before, moment.after, moment.gradient, moment.previous)
        self._early_bytes += sum(one.nbytes for one in vectors if one is not None)
        self._early_bytes += sum(one.nbytes for one in moment.optimizer_before.values())
        if self._early_bytes <= FIRST_BYTES:
            self._early.put(moment)

    def _keep_if_due(self, state: "Course") -> None:
        """Keep what is evaluated just now, where a run is looked at; at most 1 % of the time."""
        if self._clock is None or not self._asked:
            return
        now = self._clock()
        if now >= self._keep_due:
            self.keep(Kept(state.step, _locked(state.evaluated)))
            self._keep_due = now + max(KEEP_SECONDS, (self._clock() - now) / SHARE)

    def look_at_failure(self, state: "Course") -> None:
        """Make the step that ended a run once more and take it; the run stays as it is."""
        stage, plan = state.stage, state.plan
        self._kept = tuple(one for one in self._kept if one.step <= state.step)
        if plan is None or stage.name != WHOLE or state.batch >= len(plan.batches):
            return
        kept = [(vector, vector.copy()) for vector in stage.vectors.values()]
        made, rows = state.optimizer_state.step, plan.batches[state.batch]
        with np.errstate(all="ignore"):
            loss = stage.compute(rows, plan.labelled[state.batch], state.step)
            rate = stage.rate(state.step, state.progress)
            self._failed.put(_moment_of(state, rows, loss=loss, rate=rate, previous=None))
        for vector, values in kept:
            vector[:] = values
        state.optimizer_state.step = made

    def keep(self, kept: Kept) -> None:
        """Keep one more, later than all that are kept, and thin out what is over the budget."""
        settled = self._kept[:-1] if self._since else self._kept
        self._since = (self._since + 1) % self._stride
        self._kept = (*settled, kept)
        while len(self._kept) > 2 and sum(one.vector.nbytes for one in self._kept) > self._budget:
            first, *rest, newest = self._kept
            self._kept = (first, *rest[1::2], newest)
            self._stride *= 2


def _moment_of(
    state: "Course",
    rows: NDArray[np.int64],
    *,
    loss: float,
    rate: float,
    previous: Vector | None,
) -> Moment:
    """Make the step whose gradient was computed, and give all of it."""
    step, stage, network = state.step, state.stage, state.network
    X, Y = stage.batch
    optimizer = state.optimizer_state
    remembered = {name: _locked(one) for name, one in optimizer.vectors.items()}
    made, before, gradient = optimizer.step, _locked(network.vector), _locked(network.gradient)
    inputs, targets, outputs = _locked(X), _locked(Y), _locked(network.output)
    stage.update(rate, step)
    return Moment(
        step=step,
        before=before,
        after=_locked(network.vector),
        gradient=gradient,
        rate=rate,
        rows=rows,
        inputs=inputs,
        targets=targets,
        outputs=outputs,
        loss=loss,
        experiment=state.experiment,
        previous=previous,
        optimizer_before=remembered,
        optimizer_step=made,
        told=state.told(before),
        epoch=state.epoch,
    )


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    copy = array.copy()
    copy.flags.writeable = False
    return copy
