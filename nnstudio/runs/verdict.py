"""Which of two runs learns better, at equal steps alone, and since when that is beyond doubt.

Held-out samples decide where they were looked at often enough, else the batches: a remedy against
over-fitting raises the loss of the batches and is good all the same.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.training.history import HistoryView, ValidationView
from nnstudio.training.snapshot import RunState, Snapshot

Values = NDArray[np.float64]
Column = Literal["loss", "score"]
Quantity = Literal["validation loss", "validation score", "loss", "score"]

BLOCKS: Final = 8
"""Into so many parts the window of steps is cut; their scatter is the noise."""
WINDOW_SHARE: Final = 0.25
"""The window is this share of the steps that are compared, within `WINDOW_STEPS`."""
WINDOW_STEPS: Final = (24, 800)
ERRORS: Final = 4.0
"""A difference is beyond the noise when it is so many times its standard error."""
ROWS: Final = 4
"""So many of the newest validations are compared."""
LEAST_ROWS: Final = 3
LESS_LOSS: Final = 0.30
"""A loss that is lower by less than this share is not clearly lower: one unit more does as much.
With 0.3, and 0.4 for batches alone, none of 60 pairs that differ by nothing that matters had a
winner; with 0.1 and 0.3, 13 had (tests/benchmarks/race_verdicts.py)."""
LEAST_OF_START: Final = 0.01
"""Nor one that is lower by less than this share of the first loss: both have learned it then."""
MORE_SCORE: Final = 0.01
"""The same for accuracies and R², as a difference."""
LESS_LOSS_OF_BATCHES: Final = 0.40
MORE_SCORE_OF_BATCHES: Final = 0.05
"""Wider where batches alone decide."""
CHANCE: Final = 2.0
"""A share of held-out samples is counted: so many of its standard errors are chance."""
LOOKS: Final = 4
"""In so many looks in a row the same run must lead beyond the noise."""
LOOK_GROWTH: Final = 1.25
"""From one look to the next the steps grow by this factor, so that looks are not the same data."""
LEAST_STEPS: Final = 60


@dataclass(frozen=True)
class Compared:
    """Two runs after the same number of steps.

    Attributes
    ----------
    step : int
        How many steps both had made.
    quantity : str
        What was compared.
    first, second : float
        Its values, smoothed; NaN where one is not known.
    leader : int or None
        0 or 1 where one is better beyond the noise.
    """

    step: int
    quantity: Quantity
    first: float
    second: float
    leader: int | None


def compare(
    first: HistoryView,
    second: HistoryView,
    *,
    step: int,
    since: int = 0,
    same_loss: bool,
    held_out: int = 0,
) -> Compared:
    """Give how two runs stand after `step` steps.

    Parameters
    ----------
    first, second : HistoryView
        Both with at least `step` steps.
    since : int
        The steps up to here are shared, or do not count.
    same_loss : bool
        Whether their losses are one quantity; else their scores are compared.
    held_out : int
        The score is a share of so many held-out samples; 0 where it is no share.

    Returns
    -------
    Compared
        Of the validations where both runs have `LEAST_ROWS` of them since `since`, else of the
        batches.
    """
    column: Column = "loss" if same_loss else "score"
    starts = [float(one.loss[0]) for one in (first, second)]
    floor = LEAST_OF_START * max((one for one in starts if np.isfinite(one)), default=0.0)
    rows = _rows(first.validation, second.validation, column, since=since, step=step)
    if len(rows) >= LEAST_ROWS:
        newest = rows[-ROWS:]
        more = max(MORE_SCORE, _chance(newest[-1], held_out))
        leader = _leader(
            newest, floor=floor if same_loss else more, less=LESS_LOSS if same_loss else 0
        )
        quantity: Quantity = "validation loss" if same_loss else "validation score"
        return Compared(step, quantity, *_last(newest), leader)
    pair = np.stack([_blocks(getattr(one, column), since, step) for one in (first, second)], axis=1)
    leader = _leader(
        pair,
        floor=floor if same_loss else MORE_SCORE_OF_BATCHES,
        less=LESS_LOSS_OF_BATCHES if same_loss else 0,
    )
    known = np.isfinite(pair).all(axis=1)
    values = pair[known].mean(axis=0) if known.any() else np.full(2, np.nan)
    return Compared(step, column, float(values[0]), float(values[1]), leader)


@dataclass
class Judge:
    """Watches two runs until one has clearly won; remembers its looks.

    Attributes
    ----------
    since : int
        The steps up to here are shared.
    same_loss : bool
        Whether the losses of the two are one quantity.
    comparable : bool
        Whether any number of the two is; else only one that breaks off loses.
    held_out : int
        The score is a share of so many held-out samples; 0 where it is no share.
    """

    since: int = 0
    same_loss: bool = True
    comparable: bool = True
    held_out: int = 0
    newest: Compared | None = None
    winner: int | None = None
    over: bool = False
    _in_a_row: int = 0
    _due: int = 0

    def look(self, first: Snapshot, second: Snapshot) -> bool:
        """Compare the two as far as both have come; gives whether anything is new."""
        if self.over or first.history is None or second.history is None:
            return False
        step = min(first.history.steps, second.history.steps)
        last = _at_end(first, step) or _at_end(second, step)
        fallen = _fallen(first, second, step)
        if fallen is not None:
            self.winner, self.over = 1 - fallen, True
        if not self.comparable:
            self.over = self.over or last
            return self.over
        if step < self._due and not last:
            return self.over
        made = step - self.since
        least = LEAST_STEPS if not first.total_steps else min(LEAST_STEPS, first.total_steps // 4)
        if made < max(least, BLOCKS):
            self.over = self.over or last
            return self.over
        self._due = self.since + int(np.ceil(made * LOOK_GROWTH))
        before = self.newest.leader if self.newest is not None else None
        self.newest = compare(
            first.history,
            second.history,
            step=step,
            since=self.since,
            same_loss=self.same_loss,
            held_out=self.held_out,
        )
        if self.over:
            return True
        leader = self.newest.leader
        self._in_a_row = 0 if leader is None else 1 + self._in_a_row * (leader == before)
        if leader is not None and (self._in_a_row >= LOOKS or last):
            self.winner, self.over = leader, True
        self.over = self.over or last
        return True


def _at_end(one: Snapshot, step: int) -> bool:
    """Whether a run makes no more steps than these."""
    return one.state.ended and one.history is not None and one.history.steps <= step


def _fallen(first: Snapshot, second: Snapshot, step: int) -> int | None:
    """Give the one that diverged while the other has come further."""
    for at, (one, other) in enumerate(((first, second), (second, first))):
        if one.state is not RunState.DIVERGED or other.state is RunState.DIVERGED:
            continue
        if one.history is not None and one.history.steps <= step and other.step > one.step:
            return at
    return None


def _blocks(column: Values, since: int, step: int) -> Values:
    """Give the means of the parts of the newest window; NaN where one is not finite."""
    least, most = WINDOW_STEPS
    wanted = int(min(max(WINDOW_SHARE * (step - since), least), most, step - since))
    size = max(1, wanted // BLOCKS)
    parts = min(BLOCKS, wanted // size)
    values = np.array(column[step - size * parts : step])
    return np.asarray(values.reshape(parts, size).mean(axis=1))


def _rows(
    first: ValidationView, second: ValidationView, column: str, *, since: int, step: int
) -> Values:
    """Give the values of both at the steps of the one that was validated less often, in two rows.

    Whole validations alone where there are enough of them: a small part has another level.
    """
    for whole in (True, False):
        pair = [_known(one, column, whole=whole, since=since, step=step) for one in (first, second)]
        if min(len(steps) for steps, _ in pair) >= LEAST_ROWS:
            at = min(pair, key=lambda one: len(one[0]))[0]
            at = at[(at >= max(pair[0][0][0], pair[1][0][0]))]
            return np.stack([np.interp(at, *one) for one in pair], axis=1)
    return np.empty((0, 2))


def _known(
    rows: ValidationView, column: str, *, whole: bool, since: int, step: int
) -> tuple[NDArray[np.int64], Values]:
    values = getattr(rows, column)
    there = (rows.step > since) & (rows.step <= step) & np.isfinite(values)
    there &= rows.whole if whole else ~rows.whole
    return rows.step[there], values[there]


def _chance(shares: Values, held_out: int) -> float:
    """Give by how much two shares of so many samples differ by chance."""
    if not held_out or not np.isfinite(shares).all():
        return 0.0
    return CHANCE * float(np.sqrt((shares * (1 - shares)).clip(0).sum() / held_out))


def _last(pair: Values) -> tuple[float, float]:
    return float(pair[-1, 0]), float(pair[-1, 1])


def _leader(pair: Values, *, floor: float, less: float) -> int | None:
    """Give which of two columns is better beyond scatter and margin; the rows are looks in time.

    Losses have a share `less` of them as margin, scores none; both have at least `floor`.
    """
    finite = np.isfinite(pair)
    if not finite.all():
        sound = finite.all(axis=0)
        return int(np.argmax(sound)) if sound.any() else None
    ahead = (pair[:, 0] - pair[:, 1]) * (1 if less else -1)
    mean, error = float(ahead.mean()), float(ahead.std(ddof=1)) / np.sqrt(len(ahead))
    margin = max(floor, less * float(np.abs(pair.mean(axis=0)).max()))
    if abs(mean) <= max(margin, ERRORS * error) or not (np.sign(ahead) == np.sign(mean)).all():
        return None
    return 1 if mean > 0 else 0
