"""The derivative by the inputs in evaluation, against central differences."""

import numpy as np
import pytest

from nnstudio.nn.activations import Sigmoid, Softmax, Tanh
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.input_gradient import input_gradient
from nnstudio.nn.network import Network
from nnstudio.nn.normalization import BatchNorm, LayerNorm
from nnstudio.nn.parameters import Matrix
from tests.nn.differences import assert_gradient, numerical_gradient
from tests.nn.networks import network

X = np.random.default_rng(3).normal(size=(2, 4))
COUNTED = np.array([[1.0, -0.5, 0.0], [0.0, 2.0, -1.0]])


def logits(made: Network, inputs: Matrix) -> Matrix:
    made.predict(inputs)
    return made.last.Z.copy()


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"normalization": BatchNorm()},
        {"normalization": LayerNorm()},
        {"dropout": Dropout(rate=0.5)},
        {"normalization": BatchNorm(), "dropout": Dropout(rate=0.3)},
    ],
    ids=str,
)
@pytest.mark.parametrize("units", [(), (5,), (5, 3)])
def test_it_is_what_differences_of_the_logits_say(
    row: dict[str, object], units: tuple[int, ...]
) -> None:
    made = network(*units, activation=Tanh(), row=row)
    generator = np.random.default_rng(1)
    views = made.layout.views(made.vector)
    for name, values in views.items():
        if name.endswith("running_variance"):
            values[:] = generator.uniform(0.5, 2, values.shape)
        elif name.endswith(("running_mean", "gamma")):
            values[:] = generator.normal(size=values.shape)
    expected = numerical_gradient(lambda at: float((COUNTED * logits(made, at)).sum()), X)
    assert_gradient(input_gradient(made, X, COUNTED), expected)


def test_the_logits_count_whatever_the_output_makes_of_them() -> None:
    found = [
        input_gradient(network(5, output=output), X, COUNTED) for output in (Softmax(), Sigmoid())
    ]
    np.testing.assert_array_equal(found[0], found[1])


def test_logits_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 4\) do not fit \(2, 3\)"):
        input_gradient(network(5), X, np.ones((2, 4)))
