"""Freeze PyTorch's optimizers: `python tests/oracles/torch_optimizers.py` writes the JSON.

Run where PyTorch is installed (the dependency group `peers`); the tests read only the JSON. The
gradient at each step is a fixed one plus a curvature times the parameters, of very unlike sizes.
"""

import inspect
import json
from pathlib import Path

import torch
from torch import optim

STEPS = 20
RUNS = {
    "sgd": (optim.SGD, {"lr": 0.1}),
    "sgd with weight decay": (optim.SGD, {"lr": 0.1, "weight_decay": 0.03}),
    "sgd with momentum": (optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    "sgd with dampening": (optim.SGD, {"lr": 0.05, "momentum": 0.8, "dampening": 0.3}),
    "sgd with momentum and decay": (
        optim.SGD,
        {"lr": 0.05, "momentum": 0.9, "dampening": 0.2, "weight_decay": 0.1},
    ),
    "nesterov": (optim.SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "nesterov with decay": (
        optim.SGD,
        {"lr": 0.05, "momentum": 0.7, "nesterov": True, "weight_decay": 0.02},
    ),
    "adagrad": (optim.Adagrad, {"lr": 0.1}),
    "adagrad from 0.1": (
        optim.Adagrad,
        {"lr": 0.01, "initial_accumulator_value": 0.1, "eps": 1e-7},
    ),
    "adagrad with a falling rate": (optim.Adagrad, {"lr": 0.1, "lr_decay": 0.05}),
    "adadelta": (optim.Adadelta, {"lr": 1.0}),
    "adadelta of keras": (optim.Adadelta, {"lr": 0.5, "rho": 0.95, "eps": 1e-7}),
    "rmsprop": (optim.RMSprop, {"lr": 0.01}),
    "rmsprop with momentum": (optim.RMSprop, {"lr": 0.01, "alpha": 0.9, "momentum": 0.8}),
    "rmsprop centred": (optim.RMSprop, {"lr": 0.01, "centered": True, "eps": 1e-6}),
    "rmsprop centred with momentum": (
        optim.RMSprop,
        {"lr": 0.003, "alpha": 0.95, "momentum": 0.9, "centered": True},
    ),
    "adam": (optim.Adam, {"lr": 0.01}),
    "adam with other betas": (optim.Adam, {"lr": 0.1, "betas": (0.5, 0.8), "eps": 1e-3}),
    "adamw": (optim.AdamW, {"lr": 0.01}),
    "adamw with much decay": (
        optim.AdamW,
        {"lr": 0.05, "weight_decay": 0.5, "betas": (0.8, 0.95), "eps": 1e-6},
    ),
    "nadam": (optim.NAdam, {"lr": 0.002}),
    "nadam of keras": (
        optim.NAdam,
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-7, "momentum_decay": 1.0},
    ),
    "amsgrad": (optim.Adam, {"lr": 0.01, "amsgrad": True}),
    "amsgrad with other betas": (
        optim.Adam,
        {"lr": 0.1, "amsgrad": True, "betas": (0.5, 0.6), "eps": 1e-3},
    ),
}


def trajectories():
    """Parameters after each step."""
    gradients = torch.randn(STEPS, 5) * torch.tensor([1e-6, 0.1, 1.0, 10.0, 1e3])
    curvature = torch.tensor([1e-6, 0.1, 1.0, 3.0, 10.0])
    start = torch.randn(5)
    found = {
        "start": start.tolist(),
        "gradients": gradients.tolist(),
        "curvature": curvature.tolist(),
        "after": {},
    }
    for name, (make, settings) in RUNS.items():
        theta = start.clone().requires_grad_()
        optimizer = make([theta], **settings)
        after = []
        for gradient in gradients:
            theta.grad = gradient + curvature * theta.detach()
            optimizer.step()
            after.append(theta.tolist())
        found["after"][name] = after
    return found


def defaults():
    """What PyTorch takes where a setting is left out."""
    found = {}
    for make, _ in RUNS.values():
        settings = inspect.signature(make.__init__).parameters.values()
        found[make.__name__] = {
            one.name: one.default for one in settings if one.default is not one.empty
        }
    return found


def clipping():
    """Gradients before and after they are clipped."""
    before = torch.randn(10)
    value, norm = (torch.zeros(10, requires_grad=True) for _ in range(2))
    value.grad, norm.grad = before.clone(), before.clone()
    nn = torch.nn.utils
    nn.clip_grad_value_([value], 0.3)
    nn.clip_grad_norm_([norm], 0.7)
    return {
        "by value": {"before": before.tolist(), "after": value.grad.tolist()},
        "by norm": {"before": before.tolist(), "after": norm.grad.tolist()},
    }


def main():
    """Write the JSON beside this file."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    values = {
        "torch": torch.__version__,
        "trajectories": trajectories(),
        "clipping": clipping(),
        "defaults": defaults(),
    }
    written = json.dumps(values, sort_keys=True)
    Path(__file__).with_suffix(".json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
