"""Freeze PyTorch's activations and losses: `python tests/oracles/torch_members.py` writes the JSON.

Run where PyTorch is installed (the dependency group `peers`); the tests read only the JSON. Each
entry holds values and what `backward` gives, in float64.
"""

import json
import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

ACTIVATIONS = [
    ("identity", {}, nn.Identity()),
    ("sigmoid", {}, nn.Sigmoid()),
    # nn.Hardsigmoid's derivative is a sixth rounded to float32, in float64 too (torch 2.13)
    ("hard_sigmoid", {}, lambda Z: functional.relu6(Z + 3) / 6),
    ("tanh", {}, nn.Tanh()),
    ("relu", {}, nn.ReLU()),
    ("leaky_relu", {}, nn.LeakyReLU()),
    ("leaky_relu", {"slope": 0.3}, nn.LeakyReLU(0.3)),
    ("elu", {}, nn.ELU()),
    ("elu", {"alpha": 0.4}, nn.ELU(0.4)),
    ("selu", {}, nn.SELU()),
    ("softplus", {}, nn.Softplus(threshold=1000)),
    ("softsign", {}, nn.Softsign()),
    ("gelu", {}, nn.GELU()),
    ("gelu_tanh", {}, nn.GELU(approximate="tanh")),
    ("silu", {}, nn.SiLU()),
    ("softmax", {}, nn.Softmax(dim=1)),
]
GAINS = {
    "identity": ("linear", None),
    "sigmoid": ("sigmoid", None),
    "tanh": ("tanh", None),
    "relu": ("relu", None),
    "leaky_relu": ("leaky_relu", 0.01),
}


def activations():
    """Values and derivatives on a grid with corners, tails and both signs of zero's neighbours."""
    grid = [0.0, 1e-9, 1e-3, 0.1, 0.25, 0.5, 0.75, 1.0, 1.3, 2.0, 2.5, 3.0, 3.5, 5.0, 8.0, 20.0]
    Z = torch.tensor([grid, [-one for one in grid], list(reversed(grid))])
    dA = torch.randn(Z.shape).round(decimals=3)
    members = []
    for kind, settings, function in ACTIVATIONS:
        at = Z.clone().requires_grad_()
        A = function(at)
        A.backward(dA)
        members.append(
            {"kind": kind, "settings": settings, "A": A.tolist(), "dZ": at.grad.tolist()}
        )
    gains = {kind: nn.init.calculate_gain(name, value) for kind, (name, value) in GAINS.items()}
    return {"Z": Z.tolist(), "dA": dA.tolist(), "members": members, "gains": gains}


def normalized(P, Y):
    """Keras's categorical cross-entropy without its clip, written with PyTorch's operations."""
    shares = P / P.sum(dim=1, keepdim=True)
    return -(Y * shares.log()).sum(dim=1).mean()


def losses():
    """Losses of outputs (or of sums, where PyTorch has only that form) and their derivatives."""
    P = torch.rand(4, 3) * 0.96 + 0.02
    values = torch.randn(4, 3) * 2
    labels = torch.tensor([0, 2, 1, 2])
    one_hot = functional.one_hot(labels, 3).double()
    several = torch.tensor([[1.0, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]])
    shares = torch.softmax(torch.randn(4, 3), dim=1)
    Z = torch.randn(4, 3) * 3
    numbers = torch.randn(4, 3) * 2

    def smoothed_by_keras(P, Y):
        return functional.binary_cross_entropy(P, Y * 0.8 + 0.1)

    on_outputs = [
        ("mean_squared_error", {}, nn.MSELoss(), values, numbers),
        (
            "mean_squared_error",
            {"over_batch": "sum", "over_outputs": "sum"},
            nn.MSELoss(reduction="sum"),
            values,
            numbers,
        ),
        ("mean_absolute_error", {}, nn.L1Loss(), values, numbers),
        (
            "mean_absolute_error",
            {"over_batch": "sum", "over_outputs": "sum"},
            nn.L1Loss(reduction="sum"),
            values,
            numbers,
        ),
        ("huber", {}, nn.HuberLoss(), values, numbers),
        ("huber", {"delta": 0.3}, nn.HuberLoss(delta=0.3), values, numbers),
        ("binary_cross_entropy", {}, nn.BCELoss(), P, several),
        (
            "binary_cross_entropy",
            {"over_batch": "sum", "over_outputs": "sum"},
            nn.BCELoss(reduction="sum"),
            P,
            several,
        ),
        ("binary_cross_entropy", {"label_smoothing": 0.2}, smoothed_by_keras, P, several),
        ("cross_entropy", {"normalized": True}, normalized, P, one_hot),
        (
            "kullback_leibler",
            {},
            lambda A, Y: functional.kl_div(A.log(), Y, reduction="batchmean"),
            P,
            shares,
        ),
        (
            "kullback_leibler",
            {"over_outputs": "mean"},
            lambda A, Y: functional.kl_div(A.log(), Y, reduction="mean"),
            P,
            shares,
        ),
        (
            "kullback_leibler",
            {},
            lambda A, Y: functional.kl_div(A.log(), Y, reduction="batchmean"),
            P,
            one_hot,
        ),
    ]
    on_sums = [
        ("softmax", "cross_entropy", {}, nn.CrossEntropyLoss(), Z, one_hot),
        ("softmax", "cross_entropy", {"label_smoothing": 0.15},
         nn.CrossEntropyLoss(label_smoothing=0.15), Z, one_hot),
        ("softmax", "cross_entropy", {"over_batch": "sum"},
         nn.CrossEntropyLoss(reduction="sum"), Z, shares),
        ("softmax", "kullback_leibler", {},
         lambda Z, Y: functional.kl_div(Z.log_softmax(dim=1), Y, reduction="batchmean"), Z, shares),
        ("sigmoid", "binary_cross_entropy", {}, nn.BCEWithLogitsLoss(), Z * 10, several),
        ("sigmoid", "binary_cross_entropy", {"over_batch": "sum", "over_outputs": "sum"},
         nn.BCEWithLogitsLoss(reduction="sum"), Z * 100, several),
    ]  # fmt: skip
    found = []
    for output, kind, settings, loss, at, targets in [
        *((None, *one) for one in on_outputs),
        *on_sums,
    ]:
        point = at.clone().requires_grad_()
        value = loss(point, targets)
        value.backward()
        found.append(
            {
                "output": output,
                "kind": kind,
                "settings": settings,
                "at": at.tolist(),
                "targets": targets.tolist(),
                "value": value.item(),
                "gradient": point.grad.tolist(),
            }
        )
    assert all(math.isfinite(one["value"]) for one in found)
    return found


def main():
    """Write the JSON beside this file."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    values = {"torch": torch.__version__, "activations": activations(), "losses": losses()}
    written = json.dumps(values, sort_keys=True) + "\n"
    Path(__file__).with_suffix(".json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
