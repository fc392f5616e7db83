import numpy as np

from nnstudio.training.streams import stream


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
