import tracemalloc
from typing import Any

import numpy as np
import pytest

from nnstudio.nn.constraints import Constraint, MaxNorm
from nnstudio.nn.dropout import Dropout, DropoutChoice
from nnstudio.nn.initializers import Constant
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm, LayerNorm, Normalization
from nnstudio.nn.penalties import ElasticNet, PenaltyChoice
from nnstudio.spec import SpecError, from_json, to_json
from tests.nn.members import members
from tests.nn.networks import DTYPES, batch, network

FEATURES = [
    (name, cls())
    for name, union in (
        ("normalization", Normalization),
        ("dropout", DropoutChoice),
        ("penalty", PenaltyChoice),
        ("constraint", Constraint),
    )
    for cls in members(union)
]


def named(value: Any) -> str:
    return value if isinstance(value, str) else str(value.kind)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "member"), FEATURES, ids=named)
def test_every_member_of_every_field_learns_in_either_precision(
    name: str, member: Any, dtype: str
) -> None:
    made = network(9, 7, row={name: member}, dtype=dtype)
    made.draw_from(np.random.default_rng(0))
    X, Y = batch(made, 12)
    before = made.loss(X, Y)
    for _ in range(60):
        made.loss_and_gradient(X, Y)
        made.parameters[:] -= 0.3 * made.gradient
        made.project()
    assert made.vector.dtype == made.predict(X).dtype == np.dtype(dtype)
    assert made.loss(X, Y) < 0.9 * before


@pytest.mark.parametrize(("name", "member"), FEATURES, ids=named)
def test_every_member_of_every_field_is_written_and_read(name: str, member: Any) -> None:
    spec = NetworkSpec(layers=(HiddenLayer(**{name: member}),))
    assert from_json(NetworkSpec, to_json(spec)) == spec


def test_a_row_that_says_nothing_of_them_has_none_of_them() -> None:
    old = {"units": 5, "activation": {"kind": "tanh"}, "penalty": {"kind": "none"}}
    read = from_json(HiddenLayer, old)
    kinds = {getattr(read, name).kind for name in dict(FEATURES)}
    assert kinds == {"none"}


@pytest.mark.parametrize("kind", [BatchNorm(), LayerNorm()], ids=named)
def test_a_step_with_everything_in_it_allocates_nothing_to_speak_of(kind: Any) -> None:
    row = {
        "normalization": kind,
        "dropout": Dropout(),
        "penalty": ElasticNet(),
        "constraint": MaxNorm(),
    }
    made = network(300, 300, row=row, inputs=100, outputs=10, dtype="float32")
    made.draw_from(np.random.default_rng(0))
    X, Y = batch(made, 512)

    def step() -> None:
        made.loss_and_gradient(X, Y)
        made.project()

    step()
    tracemalloc.start()
    try:
        step()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # NumPy converts a comparison to floats in pieces of 32 KiB
    smallest_of_them = 300 * 300 * 4
    assert peak - before < smallest_of_them / 4


def test_batches_of_changing_size_do_not_depend_on_each_other() -> None:
    row = {"normalization": LayerNorm(), "dropout": Dropout(), "penalty": ElasticNet()}
    used = network(5, row=row)
    for B in (3, 8, 1, 5, 8, 2):
        fresh = network(5, row=row)
        for made in (used, fresh):
            made.draw_from(np.random.default_rng(B))
        X, Y = batch(fresh, B, seed=B)
        assert used.loss_and_gradient(X, Y) == fresh.loss_and_gradient(X, Y)
        assert (used.gradient == fresh.gradient).all()
        assert (used.predict(X) == fresh.predict(X)).all()


def test_biases_do_not_begin_as_what_needs_a_matrix_or_the_size_of_a_layer() -> None:
    for kind in ("orthogonal", "he_normal"):
        with pytest.raises(SpecError, match="biases"):
            from_json(HiddenLayer, {"biases": {"kind": kind}})
    made = from_json(HiddenLayer, {"biases": {"kind": "constant", "value": 0.5}})
    assert made.biases == Constant(value=0.5)
