import numpy as np

from nnstudio.training.streams import StepStream, stream


def numbers(seed: int, name: str, epoch: int = 0) -> list[int]:
    return list(stream(seed, name, epoch).integers(0, 2**62, 4))


def test_equal_names_seeds_and_epochs_give_equal_numbers() -> None:
    assert numbers(3, "order", 2) == numbers(3, "order", 2)


def test_another_seed_name_or_epoch_gives_other_numbers() -> None:
    others = [(3, "order", 2), (4, "order", 2), (3, "split", 2), (3, "order", 3), (2, "order", 3)]
    found = [tuple(numbers(*one)) for one in others]
    assert len(set(found)) == len(found)


def test_the_numbers_are_the_same_in_every_version() -> None:
    assert stream(7, "layers.0.W", 1).integers(0, 1000, 3).tolist() == FROZEN


def test_streams_of_other_names_are_not_correlated() -> None:
    one, other = (stream(0, name).normal(size=4000) for name in ("order", "split"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.08


FROZEN = [467, 863, 813]


def test_a_step_gets_the_same_numbers_whatever_was_drawn_before() -> None:
    dropout = StepStream(3, "dropout")
    first = dropout.at(5).random(7)
    dropout.at(6).random(1000, np.float32)
    dropout.at(4).integers(10, size=3, dtype=np.int32)
    np.testing.assert_array_equal(dropout.at(5).random(7), first)
    np.testing.assert_array_equal(StepStream(3, "dropout").at(5).random(7), first)


def test_steps_names_and_seeds_have_independent_numbers() -> None:
    rows = [StepStream(3, "dropout").at(step).random(2000) for step in (0, 1, 2, 3, 1000, 2**40)]
    rows += [StepStream(4, "dropout").at(0).random(2000), StepStream(3, "noise").at(0).random(2000)]
    correlations = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(correlations).max() < 0.1


def test_the_same_place_of_successive_steps_holds_even_numbers() -> None:
    stream_ = StepStream(0, "dropout")
    first = np.array([stream_.at(step).random() for step in range(4000)])
    assert abs(first.mean() - 0.5) < 0.02
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 0.05
