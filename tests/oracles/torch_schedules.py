"""Freeze PyTorch's schedules: `python tests/oracles/torch_schedules.py` writes the JSON.

Run where PyTorch is installed (the dependency group `peers`); the tests read only the JSON. The
base rate is 1, so that rates are factors; a factor stands for each call of the scheduler's `step`.
"""

import json
import math
from pathlib import Path

import torch
from torch import nn, optim
from torch.optim import lr_scheduler as lr

STEPS = 24
RUNS = {
    "step": lambda one: lr.StepLR(one, step_size=5, gamma=0.3),
    "exponential": lambda one: lr.ExponentialLR(one, gamma=0.9),
    "polynomial": lambda one: lr.PolynomialLR(one, total_iters=20, power=1.0),
    "polynomial of power 3": lambda one: lr.PolynomialLR(one, total_iters=20, power=3.0),
    "cosine": lambda one: lr.CosineAnnealingLR(one, T_max=STEPS, eta_min=0.1),
    "restarts": lambda one: lr.CosineAnnealingWarmRestarts(one, T_0=5, eta_min=0.05),
    "growing restarts": lambda one: lr.CosineAnnealingWarmRestarts(one, T_0=3, T_mult=2),
    "warm-up": lambda one: lr.LinearLR(one, start_factor=0.2, total_iters=7),
    "warm-up and exponential": lambda one: lr.ChainedScheduler(
        [lr.LinearLR(one, start_factor=0.1, total_iters=4), lr.ExponentialLR(one, gamma=0.8)]
    ),
    "one cycle": lambda one: lr.OneCycleLR(
        one, max_lr=1.0, total_steps=STEPS, cycle_momentum=False
    ),
    "another cycle": lambda one: lr.OneCycleLR(
        one,
        max_lr=1.0,
        total_steps=STEPS,
        pct_start=0.45,
        div_factor=5.0,
        final_div_factor=20.0,
        cycle_momentum=False,
    ),
}
PLATEAUS = {
    "plateau": {"factor": 0.5, "patience": 2},
    "impatient plateau": {"factor": 0.3, "patience": 0, "min_lr": 0.02},
    "plateau with threshold": {"factor": 0.1, "patience": 1, "threshold": 0.2},
}


def base():
    """An optimizer whose rate is 1."""
    return optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)


def factors(make):
    """The rate before each step."""
    optimizer = base()
    schedule = make(optimizer)
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(found) < STEPS:
            schedule.step()
    return found


def within_epochs(epochs, steps):
    """Rates of restarts at every step, by epochs that are no whole numbers."""
    optimizer = base()
    schedule = lr.CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2)
    found = []
    for step in range(epochs * steps):
        optimizer.step()
        schedule.step(step / steps)
        found.append(optimizer.param_groups[0]["lr"])
    return {"steps_per_epoch": steps, "factors": found}


def plateau(settings, losses):
    """The rate after each epoch."""
    optimizer = base()
    schedule = lr.ReduceLROnPlateau(optimizer, **settings)
    found = []
    for loss in losses:
        optimizer.step()
        schedule.step(loss)
        found.append(optimizer.param_groups[0]["lr"])
    return found


def main():
    """Write the JSON beside this file."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    wild = 1.0 + torch.rand(STEPS) * torch.linspace(0.0, 1.0, STEPS)
    losses = [math.exp(-epoch / 4) * value for epoch, value in enumerate(wild.tolist())]
    losses[9:16] = [losses[8]] * 7
    values = {
        "torch": torch.__version__,
        "factors": {name: factors(make) for name, make in RUNS.items()},
        "restarts within epochs": within_epochs(epochs=7, steps=3),
        "losses": losses,
        "plateaus": {name: plateau(settings, losses) for name, settings in PLATEAUS.items()},
    }
    written = json.dumps(values, sort_keys=True)
    Path(__file__).with_suffix(".json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
