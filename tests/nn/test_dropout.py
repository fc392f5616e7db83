from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnstudio.nn.dropout import Dropout, Dropped
from nnstudio.nn.network import Network
from tests.nn.networks import DTYPES, batch, network


def dropped(*, rate: float = 0.5, B: int = 400, H: int = 50, dtype: str = "float64") -> Dropped:
    made = Dropped(H, dtype, rate=rate)
    made.reserve(B)
    made.resize(B)
    made.draw_from(np.random.default_rng(0))
    return made


def random_network(*units: int, rate: float = 0.5, **settings: Any) -> Network:
    return network(*units, row={"dropout": Dropout(rate=rate)}, **settings)


def every_number_once() -> Any:
    """What gives all numbers of 16 bits one after the other."""
    left = np.arange(65_536, dtype=np.uint16).view(np.uint64)

    def random_raw(count: int) -> Any:
        nonlocal left
        given, left = left[:count], left[count:]
        return given

    return SimpleNamespace(bit_generator=SimpleNamespace(random_raw=random_raw))


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_dropout_leaves_out_its_share_and_keeps_the_mean(rate: float) -> None:
    step = dropped(rate=rate)
    A = np.ones((400, 50))
    step.draw()
    kept = step.forward_training(A)
    # 20 000 numbers: five standard deviations of the share
    assert abs((kept == 0).mean() - rate) <= 5 * (rate * (1 - rate) / 20_000) ** 0.5
    # the rate is a multiple of 1/65536
    np.testing.assert_allclose(kept[kept != 0], 1 / (1 - rate), rtol=1e-4)
    assert abs(kept.mean() - 1) <= 5 * (rate / (1 - rate) / 20_000) ** 0.5


@pytest.mark.parametrize("rate", [0.0, 1 / 3, 0.5, 0.99])
def test_the_mean_over_all_random_bits_is_kept_exactly(rate: float) -> None:
    step = dropped(rate=rate, B=256, H=256)
    step.draw_from(every_number_once())
    step.draw()
    assert step.M.mean() == pytest.approx(1, abs=1e-13)


def test_nothing_repeats_from_one_piece_of_a_large_batch_to_the_next() -> None:
    step = dropped(B=3000, H=50)
    step.draw()
    halves = step.M[:1300], step.M[1311:2611]
    assert 0.45 < (halves[0] == halves[1]).mean() < 0.55
    few = dropped(B=30, H=50)
    few.draw()
    assert (step.M[:30] == few.M).all()


def test_every_draw_leaves_out_others() -> None:
    step = dropped()
    step.draw()
    first = step.M.copy()
    step.draw()
    assert 0.4 < (first == step.M).mean() < 0.6


def test_what_is_left_out_gets_no_gradient_and_the_rest_more() -> None:
    step = dropped(rate=0.75)
    step.draw()
    A = np.ones((400, 50))
    kept = step.forward_training(A).copy()
    assert (step.backward(A) == kept).all()
    assert set(kept.flat) == {0.0, 4.0}


def test_the_same_generator_gives_the_same_masks_in_both_precisions() -> None:
    single, double = (dropped(dtype=dtype, rate=0.3) for dtype in DTYPES)
    single.draw()
    double.draw()
    assert ((single.M == 0) == (double.M == 0)).all()
    assert (single.M.dtype, double.M.dtype) == (np.dtype("float32"), np.dtype("float64"))


def test_the_same_generator_gives_the_same_loss_and_gradient() -> None:
    one, other = random_network(8, 6), random_network(8, 6)
    X, Y = batch(one)
    for made in (one, other):
        made.draw_from(np.random.default_rng(3))
    assert one.loss_and_gradient(X, Y) == other.loss_and_gradient(X, Y)
    assert (one.gradient == other.gradient).all()


def test_the_training_loss_is_that_of_the_last_masks_and_leaves_everything_alone() -> None:
    made = random_network(8, 6)
    X, Y = batch(made)
    generator = np.random.default_rng(3)
    made.draw_from(generator)
    value = made.loss_and_gradient(X, Y)
    gradient, vector = made.gradient.copy(), made.vector.copy()
    position = generator.bit_generator.state
    assert [made.training_loss(X, Y) for _ in range(3)] == [value] * 3
    assert (made.gradient == gradient).all()
    assert (made.vector == vector).all()
    assert generator.bit_generator.state == position
    assert made.loss_and_gradient(X, Y) != value


def test_evaluation_draws_nothing_and_is_that_of_a_network_without_dropout() -> None:
    made, plain = random_network(8, 6), network(8, 6)
    X, Y = batch(made)
    assert made.loss(X, Y) == made.data_loss(X, Y) == plain.loss(X, Y)
    assert (made.predict(X) == plain.predict(X)).all()
    for mine, theirs in zip(made.activations(X), plain.activations(X), strict=True):
        assert (mine == theirs).all()


def test_a_network_says_whether_it_is_random() -> None:
    assert random_network(5).is_random
    assert not network(5).is_random


def test_a_random_network_without_a_generator_cannot_train() -> None:
    made = random_network(5)
    X, Y = batch(made)
    with pytest.raises(RuntimeError, match="draw_from"):
        made.loss_and_gradient(X, Y)


def test_there_is_no_training_loss_for_a_batch_that_nothing_was_drawn_for() -> None:
    made = random_network(5)
    made.draw_from(np.random.default_rng(0))
    X, Y = batch(made, 5)
    made.loss_and_gradient(X, Y)
    with pytest.raises(RuntimeError, match="5 samples, not for 3"):
        made.training_loss(X[:3], Y[:3])
    made.loss(*batch(made, 9))
    with pytest.raises(RuntimeError, match="0 samples, not for 5"):
        made.training_loss(X, Y)


def test_a_network_that_is_not_random_takes_a_generator_and_leaves_it_alone() -> None:
    made, generator = network(5), np.random.default_rng(0)
    before = generator.bit_generator.state
    made.draw_from(generator)
    made.loss_and_gradient(*batch(made))
    assert generator.bit_generator.state == before
