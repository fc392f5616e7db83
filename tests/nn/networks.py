"""Small networks and batches, made by hand or by hypothesis."""

from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from nnstudio.nn.activations import Activation, Sigmoid, Softmax
from nnstudio.nn.constraints import Constraint
from nnstudio.nn.dropout import DropoutChoice
from nnstudio.nn.initializers import Normal
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import CrossEntropy, Loss, pair_problem
from nnstudio.nn.network import Network, NetworkSpec, build
from nnstudio.nn.normalization import Normalization
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.penalties import PenaltyChoice
from tests.nn.members import activations, losses, members, settings_of

ACTIVATIONS: tuple[Any, ...] = tuple(cls() for cls in get_args(get_args(Activation)[0]))
DTYPES = ("float32", "float64")

Batch = tuple[Network, Matrix, Matrix]


def network(
    *units: int,
    activation: Any = Sigmoid(),  # noqa: B008 - immutable
    output: Any = Softmax(),  # noqa: B008 - immutable
    loss: Any = CrossEntropy(),  # noqa: B008 - immutable
    inputs: int = 4,
    outputs: int = 3,
    dtype: DTypeLike = "float64",
    seed: int = 0,
    row: dict[str, Any] | None = None,
    last: dict[str, Any] | None = None,
    **settings: Any,
) -> Network:
    """Give a network with hidden layers of `units`, initialized.

    `row` and `last` are more settings of the hidden and of the output layers, `settings` more
    arguments of `build`.
    """
    spread = Normal(std=0.7)
    spec = NetworkSpec(
        layers=tuple(
            HiddenLayer(
                units=H, activation=activation, weights=spread, biases=spread, **(row or {})
            )
            for H in units
        ),
        output=OutputLayer(activation=output, weights=spread, biases=spread, **(last or {})),
    )
    made = build(spec, inputs=inputs, outputs=outputs, loss=loss, dtype=dtype, **settings)
    initialize(made, seed=seed)
    return made


def initialize(made: Network, *, seed: int = 0) -> None:
    """Draw every array of the network from a stream of its own."""
    made.initialize(lambda name: np.random.default_rng([seed, *name.encode()]))


def batch(made: Network, B: int = 5, *, seed: int = 0) -> tuple[Matrix, Matrix]:
    """Give random inputs and one-hot targets that fit the network."""
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(B, made.inputs)).astype(made.dtype)
    Y = np.eye(made.outputs, dtype=made.dtype)[generator.integers(0, made.outputs, B)]
    return X, Y


def any_of(union: Any) -> st.SearchStrategy[Any]:
    """Every member of a union with any settings."""
    return st.one_of([settings_of(cls) for cls in members(union)])


def outputs_for(loss: Loss) -> st.SearchStrategy[Any]:
    """Every output activation that the loss can work with."""
    return activations().filter(lambda one: pair_problem(one, loss) is None)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Give an initialized float64 network of any kind, inputs, and targets of any kind."""
    loss = draw(losses())
    hidden = st.builds(
        HiddenLayer,
        units=st.integers(1, 4),
        bias=st.booleans(),
        activation=activations(),
        weights=st.just(Normal(std=0.7)),
        biases=st.just(Normal(std=0.7)),
        normalization=any_of(Normalization),
        dropout=any_of(DropoutChoice),
        penalty=any_of(PenaltyChoice),
        constraint=any_of(Constraint),
    )
    spec = NetworkSpec(
        layers=tuple(draw(st.lists(hidden, max_size=3))),
        output=OutputLayer(
            bias=draw(st.booleans()),
            activation=draw(outputs_for(loss)),
            weights=Normal(std=0.7),
            penalty=draw(any_of(PenaltyChoice)),
            constraint=draw(any_of(Constraint)),
        ),
    )
    inputs, outputs, B = (draw(st.integers(1, most)) for most in (4, 4, 5))
    made = build(spec, inputs=inputs, outputs=outputs, loss=loss, dtype="float64")
    seed = draw(st.integers(0, 10_000))
    initialize(made, seed=seed)
    for name, array in made.layout.views(made.parameters).items():
        if name.endswith(("gamma", "beta")):
            array[:] += np.random.default_rng(seed).normal(0, 0.3, array.shape)
    X, Y = batch(made, B, seed=seed)
    if draw(st.booleans()):
        Y = np.random.default_rng(seed).uniform(0, 1, Y.shape)
    return made, X, Y
