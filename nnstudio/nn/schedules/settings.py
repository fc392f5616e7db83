"""Settings that several schedules have, defined once: a form keeps them from one to the other."""

from typing import Annotated

from nnstudio.spec import Display, Field

Gamma = Annotated[
    float,
    Field(
        gt=0,
        le=1,
        title="Factor",
        description="What the rate is multiplied by each time (PyTorch gamma, decay_rate in Keras "
        "and MindSpore; factor where it waits for a plateau).",
    ),
]
Epochs = Annotated[
    float,
    Field(
        gt=0,
        le=1_000_000,
        title="Every (epochs)",
        description="How many epochs the fall takes each time (Keras decay_steps, in steps; "
        "MindSpore decay_epoch; PyTorch always 1).",
    ),
    Display(scale="log"),
]
Final = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        title="Final factor",
        description="What is left in the end, as a share of the base rate (PyTorch eta_min and "
        "Keras alpha, end_learning_rate are its like).",
    ),
]
Stepwise = Annotated[
    bool,
    Field(title="Per epoch", description="The rate changes once an epoch, not at every step."),
    Display(advanced=True),
]
