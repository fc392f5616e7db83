import numpy as np
import pytest

from nnstudio.training.averaging import Average


def test_the_average_follows_its_formula_with_a_warm_start() -> None:
    source = np.zeros(3)
    average = Average(source)
    expected, generator = 0.0, np.random.default_rng(0)
    for step in range(1, 60):
        value = generator.normal()
        source[:] = value
        average.take_in(step, decay=0.8)
        decay = min(0.8, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
        np.testing.assert_allclose(average.vector, expected, rtol=1e-13)


def test_without_decay_the_average_is_the_source() -> None:
    source = np.arange(4.0)
    average = Average(source)
    source += 1.0
    average.take_in(1, decay=0.0)
    np.testing.assert_array_equal(average.vector, source)


@pytest.mark.parametrize("size", [1, 32 * 1024, 32 * 1024 + 1, 100_000])
def test_every_piece_of_a_long_vector_is_averaged(size: int) -> None:
    source = np.zeros(size, np.float32)
    average = Average(source)
    source[:] = 1.0
    average.take_in(100, decay=0.5)
    np.testing.assert_array_equal(average.vector, np.full(size, 0.5, np.float32))


def test_the_average_of_values_that_stay_stays_in_every_bit() -> None:
    source = np.random.default_rng(0).normal(size=50).astype(np.float32)
    average = Average(source)
    for step in range(1, 20):
        average.take_in(step, decay=0.99)
    assert average.vector.tobytes() == source.tobytes()
