"""Freeze PyTorch's values for tests/nn: `python tests/oracles/torch_values.py` writes the JSON.

Run where PyTorch is installed (the dependency group `peers`); the tests read only the JSON.
"""

import json
from pathlib import Path

import torch
from torch import nn

STEPS = 20
ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU, "identity": nn.Identity}
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"lr": 0.1}),
    "sgd with momentum": (torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    "adam": (torch.optim.Adam, {"lr": 0.01}),
    "adam with other betas": (
        torch.optim.Adam,
        {"lr": 0.1, "betas": (0.5, 0.8), "eps": 1e-3},
    ),
}


def transposed(value):
    """Give a weight as (inputs, units), and a bias as it is."""
    return (value.detach().mT if value.ndim == 2 else value.detach()).tolist()


def networks():
    """Losses of 20 steps of small networks, and what they end with."""
    found = []
    losses = {
        "cross_entropy": (nn.CrossEntropyLoss(), {}),
        "smoothed": (nn.CrossEntropyLoss(label_smoothing=0.2), {"label_smoothing": 0.2}),
        "summed": (nn.CrossEntropyLoss(reduction="sum"), {"over_batch": "sum"}),
        "mean_squared_error": (nn.MSELoss(), {}),
        "softmax and mean_squared_error": (nn.MSELoss(), {}),
    }
    for place, (loss_name, (loss, settings)) in enumerate(losses.items()):
        for other, (activation, make) in enumerate(ACTIVATIONS.items()):
            for optimizer_name in (list(OPTIMIZERS)[1:3][(place + other) % 2],):
                squared = "squared" in loss_name
                layers = [nn.Linear(4, 6), make(), nn.Linear(6, 5), make(), nn.Linear(5, 3)]
                if loss_name.startswith("softmax"):
                    layers.append(nn.Softmax(dim=1))
                model = nn.Sequential(*layers)
                start = [transposed(value) for value in model.parameters()]
                X = torch.randn(7, 4).round(decimals=3)
                labels = torch.randint(0, 3, (7,))
                Y = nn.functional.one_hot(labels, 3).double()
                kind, values = OPTIMIZERS[optimizer_name]
                optimizer = kind(model.parameters(), **values)
                curve = []
                for _ in range(STEPS):
                    optimizer.zero_grad()
                    value = loss(model(X), Y if squared else labels)
                    value.backward()
                    optimizer.step()
                    curve.append(value.item())
                found.append(
                    {
                        "loss": "mean_squared_error" if squared else "cross_entropy",
                        "settings": settings,
                        "output": "identity" if loss_name == "mean_squared_error" else "softmax",
                        "activation": activation,
                        "optimizer": optimizer_name,
                        "X": X.tolist(),
                        "labels": labels.tolist(),
                        "start": start,
                        "losses": curve,
                        "end": [transposed(value) for value in model.parameters()],
                    }
                )
    return found


def main():
    """Write the JSON beside this file."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    values = {
        "torch": torch.__version__,
        "networks": networks(),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(values) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
