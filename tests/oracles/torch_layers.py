"""Freeze PyTorch's normalization for tests/nn: `python tests/oracles/torch_layers.py`.

Writes the JSON beside this file. Run where PyTorch is installed (the dependency group `peers`);
the tests read only the JSON.
"""

import json
from pathlib import Path

import torch
from torch import nn

SETTINGS = (
    {"momentum": 0.1, "eps": 1e-5},
    {"momentum": 0.3, "eps": 1e-3},
    {"momentum": 1.0, "eps": 0.1},
)


def batch_norm(settings):
    """Give five training batches of several sizes through one layer, then one of evaluation."""
    layer = nn.BatchNorm1d(4, **settings)
    scatter(layer)
    found = {"settings": settings, **parameters(layer), "batches": []}
    for B in (6, 2, 7, 3, 5):
        values = passed(layer, torch.randn(B, 4) * torch.tensor([1.0, 5.0, 0.01, 2.0]) + 3.0)
        values["running_mean"] = layer.running_mean.tolist()
        values["running_variance"] = layer.running_var.tolist()
        found["batches"].append(values)
    layer.eval()
    Z = torch.randn(6, 4)
    found["evaluation"] = {"Z": Z.tolist(), "A": layer(Z).tolist()}
    return found


def layer_norm(settings):
    """Give one batch through a layer, whose training and evaluation are alike."""
    layer = nn.LayerNorm(4, eps=settings["eps"])
    scatter(layer)
    return {
        "settings": {"eps": settings["eps"]},
        **parameters(layer),
        "batches": [passed(layer, torch.randn(B, 4) * 3.0 - 1.0) for B in (5, 1)],
    }


def scatter(layer):
    """Move gamma and beta away from where they begin."""
    with torch.no_grad():
        layer.weight.copy_(torch.randn(4))
        layer.bias.copy_(torch.randn(4))


def parameters(layer):
    """Give gamma and beta."""
    return {"gamma": layer.weight.tolist(), "beta": layer.bias.tolist()}


def passed(layer, Z):
    """Give outputs and gradients for inputs `Z` and a random derivative by the outputs."""
    Z.requires_grad_()
    layer.zero_grad()
    A = layer(Z)
    dA = torch.randn_like(A)
    A.backward(dA)
    return {
        "Z": Z.tolist(),
        "A": A.tolist(),
        "dA": dA.tolist(),
        "dZ": Z.grad.tolist(),
        "dgamma": layer.weight.grad.tolist(),
        "dbeta": layer.bias.grad.tolist(),
    }


def network():
    """Give ten steps of a network with both kinds, and its outputs in evaluation."""
    model = nn.Sequential(
        nn.Linear(4, 6),
        nn.BatchNorm1d(6),
        nn.ReLU(),
        nn.Linear(6, 5),
        nn.LayerNorm(5),
        nn.Tanh(),
        nn.Linear(5, 3),
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    X = torch.randn(8, 4)
    labels = torch.randint(0, 3, (8,))
    found = {"rate": 0.2, "X": X.tolist(), "labels": labels.tolist(), "start": vector(model)}
    curve = []
    for _ in range(10):
        optimizer.zero_grad()
        value = nn.functional.cross_entropy(model(X), labels)
        value.backward()
        optimizer.step()
        curve.append(value.item())
    model.eval()
    return {
        **found,
        "losses": curve,
        "end": vector(model),
        "buffers": [*model[1].running_mean.tolist(), *model[1].running_var.tolist()],
        "probabilities": model(X).softmax(dim=1).tolist(),
    }


def vector(model):
    """Give all parameters one behind the other, weights as (inputs, units)."""
    return [number for one in model.parameters() for number in one.detach().t().flatten().tolist()]


def main():
    """Write the JSON beside this file."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    values = {
        "torch": torch.__version__,
        "batch_norm": [batch_norm(one) for one in SETTINGS],
        "layer_norm": [layer_norm(one) for one in SETTINGS[:2]],
        "network": network(),
    }
    written = json.dumps(values, sort_keys=True) + "\n"
    Path(__file__).with_suffix(".json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
