"""Activations and losses against the values of PyTorch that are frozen in tests/oracles."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.parts import Parts, head_of
from nnstudio.spec import kind_of
from tests.nn.members import ACTIVATION_CLASSES, LOSS_CLASSES

FROZEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "oracles" / "torch_members.json").read_text(encoding="utf-8")
)
MEMBERS = {kind_of(cls): cls for cls in (*ACTIVATION_CLASSES, *LOSS_CLASSES)}


def named(case: dict[str, Any]) -> str:
    return " ".join(
        [case["kind"], *(f"{name}={value}" for name, value in case["settings"].items())]
    )


def made(case: dict[str, Any]) -> Any:
    return MEMBERS[case["kind"]](**case["settings"])


@pytest.mark.parametrize("case", FROZEN["activations"]["members"], ids=named)
def test_an_activation_and_its_derivative_are_those_of_pytorch(case: dict[str, Any]) -> None:
    Z, dA = (np.array(FROZEN["activations"][name]) for name in ("Z", "dA"))
    A, dZ = np.empty_like(Z), np.empty_like(Z)
    activation = made(case)
    activation.forward(Z, A)
    activation.backward(dA, Z, A, dZ)
    # what PyTorch takes from 1 + erf or 1 + tanh has no more digits than 1 has
    np.testing.assert_allclose(A, case["A"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(dZ, case["dZ"], rtol=1e-12, atol=1e-14)


def test_every_activation_is_compared() -> None:
    compared = {case["kind"] for case in FROZEN["activations"]["members"]}
    assert compared == {kind_of(cls) for cls in ACTIVATION_CLASSES}


@pytest.mark.parametrize("kind", FROZEN["activations"]["gains"])
def test_a_gain_that_pytorch_publishes_is_the_same_here(kind: str) -> None:
    assert MEMBERS[kind]().gain == pytest.approx(FROZEN["activations"]["gains"][kind], rel=1e-15)


@pytest.mark.parametrize("case", FROZEN["losses"], ids=named)
def test_a_loss_and_its_derivative_are_those_of_pytorch(case: dict[str, Any]) -> None:
    at, targets = np.array(case["at"]), np.array(case["targets"])
    loss = made(case)
    if case["output"] is None:
        gradient = np.empty_like(at)
        value = loss.value_and_gradient(at, targets, gradient)
    else:
        row = OutputLayer(activation=MEMBERS[case["output"]]())
        head = head_of(row, loss, Parts.of((row,), loss), C=at.shape[1], dtype=at.dtype)
        head.reserve(len(at))
        head.resize(len(at))
        value, gradient = head.loss_and_gradient(at, targets), head.dZ
    assert value == pytest.approx(case["value"], rel=1e-12)
    np.testing.assert_allclose(gradient, case["gradient"], rtol=1e-12, atol=1e-15)


def test_every_loss_is_compared() -> None:
    compared = {case["kind"] for case in FROZEN["losses"]}
    assert compared == {kind_of(cls) for cls in LOSS_CLASSES}
