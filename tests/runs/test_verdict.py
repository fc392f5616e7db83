"""Who has clearly won: beyond the noise, for long enough, at equal steps; and when nobody has."""

from typing import Any

import numpy as np
import pytest

from nnstudio.runs.verdict import Compared, Judge, compare
from nnstudio.training.history import History, HistoryView
from nnstudio.training.snapshot import RunState, Snapshot

STEPS = 1200


def history(
    level: float, *, seed: int, steps: int = STEPS, every: int = 0, gap: float = 0.0
) -> HistoryView:
    """Give a run whose loss falls to `level`, noisy; validated `every` so many steps."""
    noise = np.random.default_rng(seed).normal(0, 0.1, (steps, 2))
    made = History()
    for step in range(steps):
        loss = level + (2.3 - level) * np.exp(-step / 100) + level * noise[step, 0]
        made.append(loss, float(np.clip(1 - loss / 3, 0, 1)), 0.1, step * 0.001)
        if every and (step + 1) % every == 0:
            value = loss - level * noise[step, 0] * 0.8 + gap
            made.append_validation(
                step=step + 1, epoch=1, loss=value, score=1 - value / 3, whole=True, rmse=np.nan
            )
    return made.view()


def at(run: HistoryView, step: int, *, state: RunState = RunState.RUNNING) -> Snapshot:
    step = min(step, run.steps)
    if step == run.steps and state is RunState.RUNNING:
        state = RunState.FINISHED
    return Snapshot(state, step, history=History.of(run, step).view())


def raced(one: HistoryView, other: HistoryView, **judge: Any) -> Judge:
    made = Judge(**judge)
    for step in range(20, max(one.steps, other.steps) + 20, 20):
        if not made.over:
            made.look(at(one, step), at(other, step))
    return made


@pytest.mark.parametrize("every", [0, 50], ids=["batches alone", "validated"])
def test_a_run_that_learns_much_better_wins_long_before_the_end(every: int) -> None:
    judge = raced(history(1.5, seed=1, every=every), history(0.3, seed=2, every=every))
    assert judge.winner == 1
    assert judge.newest is not None
    assert judge.newest.step < STEPS / 2
    assert judge.newest.second < judge.newest.first


@pytest.mark.parametrize("every", [0, 50], ids=["batches alone", "validated"])
def test_two_that_differ_by_noise_have_no_winner(every: int) -> None:
    won = [
        raced(history(0.5, seed=seed, every=every), history(0.52, seed=100 + seed, every=every))
        for seed in range(4)
    ]
    assert [judge.winner for judge in won] == [None] * 4
    assert all(judge.over for judge in won)


def test_held_out_samples_decide_against_the_batches() -> None:
    memorises = history(0.2, seed=1, every=50, gap=1.0)
    generalises = history(0.5, seed=2, every=50, gap=0.0)
    judge = raced(memorises, generalises)
    assert judge.winner == 1
    assert judge.newest is not None
    assert judge.newest.quantity == "validation loss"


def test_one_good_look_is_not_enough() -> None:
    judge = Judge()
    one, other = history(1.5, seed=1), history(0.3, seed=2)
    judge.look(at(one, 200), at(other, 200))
    assert judge.newest is not None
    assert judge.newest.leader == 1
    assert judge.winner is None
    assert not judge.over


def test_looks_at_nearly_the_same_steps_count_once() -> None:
    judge = Judge()
    one, other = history(1.5, seed=1), history(0.3, seed=2)
    for step in range(200, 210):
        judge.look(at(one, step), at(other, step))
    assert judge.winner is None


def test_only_equal_steps_count() -> None:
    slow, far = history(0.5, seed=1), history(0.5, seed=1)
    judge = Judge()
    judge.look(at(slow, 200), at(far, 1000))
    assert judge.newest is not None
    assert judge.newest.step == 200
    assert judge.newest.first == judge.newest.second


def test_steps_that_two_runs_share_do_not_count() -> None:
    shared = compare(
        history(0.5, seed=1), history(0.5, seed=1), step=STEPS, since=STEPS - 40, same_loss=True
    )
    assert shared.leader is None
    judge = Judge(since=300)
    judge.look(at(history(0.5, seed=1), 310), at(history(0.5, seed=1), 310))
    assert judge.newest is None


def test_where_losses_are_other_quantities_the_scores_decide() -> None:
    judge = raced(history(1.5, seed=1), history(0.3, seed=2), same_loss=False)
    assert judge.winner == 1
    assert judge.newest is not None
    assert judge.newest.quantity == "score"
    assert judge.newest.second > judge.newest.first


def test_a_run_that_diverged_has_lost_once_the_other_has_come_further() -> None:
    judge = Judge()
    one, other = history(0.5, seed=1, steps=30), history(0.5, seed=2)
    judge.look(at(one, 30, state=RunState.DIVERGED), at(other, 20))
    assert not judge.over
    judge.look(at(one, 30, state=RunState.DIVERGED), at(other, 40))
    assert (judge.winner, judge.over) == (1, True)


def test_two_that_diverged_have_no_winner() -> None:
    judge = Judge()
    one, other = history(0.5, seed=1, steps=30), history(0.5, seed=2, steps=40)
    judge.look(at(one, 30, state=RunState.DIVERGED), at(other, 40, state=RunState.DIVERGED))
    assert (judge.winner, judge.over) == (None, True)


def test_a_race_that_is_over_is_not_looked_at_again() -> None:
    judge = raced(history(1.5, seed=1), history(0.3, seed=2))
    before: Compared | None = judge.newest
    assert not judge.look(at(history(0.1, seed=3), STEPS), at(history(0.3, seed=2), STEPS))
    assert judge.newest is before


def test_two_that_have_both_learned_it_have_no_winner() -> None:
    one, other = history(1e-3, seed=1, every=50), history(1e-5, seed=2, every=50)
    found = compare(one, other, step=STEPS, same_loss=True)
    assert found.leader is None


@pytest.mark.parametrize(("held_out", "winner"), [(16, None), (4000, 1)])
def test_shares_of_few_samples_differ_by_chance(held_out: int, winner: int | None) -> None:
    one, other = History(), History()
    for made, share in ((one, 0.5), (other, 0.62)):
        for step in range(600):
            made.append(1.0, 0.5, 0.1, 0.0)
            if not (step + 1) % 50:
                made.append_validation(
                    step=step + 1, epoch=1, loss=1.0, score=share, whole=True, rmse=np.nan
                )
    judge = raced(one.view(), other.view(), same_loss=False, held_out=held_out)
    assert judge.winner == winner


def test_what_cannot_be_compared_has_no_winner_but_what_breaks_off_loses() -> None:
    judge = raced(history(1.5, seed=1), history(0.3, seed=2), comparable=False)
    assert judge.over
    assert judge.winner is None
