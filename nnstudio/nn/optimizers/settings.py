"""Settings that several optimizers have, defined once: a form keeps what means the same in both."""

from typing import Annotated

from nnstudio.spec import Display, Field

LearningRate = Annotated[
    float,
    Field(
        gt=0,
        le=10,
        title="Learning rate",
        description="Size of every step (PyTorch lr, Keras and MindSpore learning_rate).",
    ),
    Display(scale="log", live=True),
]
SgdRate = Annotated[LearningRate, Display(scale="log", live=True, means="sgd")]
AdamRate = Annotated[LearningRate, Display(scale="log", live=True, means="adam")]
RmsPropRate = Annotated[LearningRate, Display(scale="log", live=True, means="rmsprop")]
AdagradRate = Annotated[LearningRate, Display(scale="log", live=True, means="adagrad")]
AdadeltaRate = Annotated[LearningRate, Display(scale="log", live=True, means="adadelta")]
Momentum = Annotated[
    float,
    Field(
        ge=0,
        lt=1,
        title="Momentum",
        description="Share of the last step that is kept (the same name in PyTorch, Keras and "
        "MindSpore; 0 by default there too).",
    ),
    Display(live=True),
]
Beta1 = Annotated[
    float,
    Field(
        ge=0,
        lt=1,
        title="β₁",
        description="Memory of the mean gradient (PyTorch betas[0], Keras beta_1, MindSpore "
        "beta1).",
    ),
    Display(live=True, advanced=True),
]
Beta2 = Annotated[
    float,
    Field(
        ge=0,
        lt=1,
        title="β₂",
        description="Memory of the mean squared gradient (PyTorch betas[1], Keras beta_2, "
        "MindSpore beta2).",
    ),
    Display(live=True, advanced=True),
]
