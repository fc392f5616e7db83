"""What rules offer: changes of the Experiment, each legal, in the words of a button."""

from typing import Any, Final

from nnstudio.doctor.diagnosis import Remedy
from nnstudio.nn.activations import Activation, LeakyRelu, Relu, Selu
from nnstudio.nn.initializers import GlorotUniform, HeNormal, Initializer, LeCunNormal, Zeros
from nnstudio.paths import setting_at
from nnstudio.tasks import Task
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.problems import usual_ends

RATE: Final = ("optimizer", "learning_rate")
RECTIFIED: Final = frozenset(
    ("relu", "leaky_relu", "elu", "selu", "softplus", "gelu", "gelu_tanh", "silu")
)
SQUASHING: Final = frozenset(("sigmoid", "hard_sigmoid", "tanh", "softsign"))


def row_path(experiment: Experiment, number: int) -> tuple[str | int, ...]:
    """Give the path of the layer `number`, from 0; the last one is the output layer."""
    hidden = number < len(experiment.network.layers)
    return ("network", "layers", number) if hidden else ("network", "output")


def advised(activation: Activation) -> Initializer:
    """Give the initializer that goes with an activation: He's, LeCun's or Glorot's."""
    if isinstance(activation, Selu):
        return LeCunNormal()
    return HeNormal() if activation.kind in RECTIFIED else GlorotUniform()


def redraw(experiment: Experiment, numbers: tuple[int, ...]) -> Remedy:
    """Offer the initial weights that go with the activations of these layers, and biases of 0."""
    changes: list[tuple[tuple[str | int, ...], Any]] = []
    for number in numbers:
        row, path = experiment.network.rows[number], row_path(experiment, number)
        changes.append(((*path, "weights"), advised(row.activation)))
        if row.bias and not isinstance(row.biases, Zeros):
            changes.append(((*path, "biases"), Zeros()))
    return Remedy(text("Draw initial weights by the rule of each activation"), tuple(changes))


def rate_times(experiment: Experiment, factor: float) -> Remedy | None:
    """Offer the learning rate times `factor`; None where the setting ends before that."""
    most = setting_at(experiment, RATE).maximum
    rate = experiment.optimizer.learning_rate * factor
    if most is not None and rate > most:
        rate = most
    if rate == experiment.optimizer.learning_rate:
        return None
    rate = float(f"{rate:.2g}")
    return Remedy(text("Set the learning rate to {rate:g}", rate=rate), ((RATE, rate),))


def usual_rate(experiment: Experiment) -> Remedy | None:
    """Offer the learning rate that the optimizer has by default; None where it has that."""
    rate = type(experiment.optimizer)().learning_rate
    if rate == experiment.optimizer.learning_rate:
        return None
    return Remedy(text("Set the learning rate to {rate:g}", rate=rate), ((RATE, rate),))


def rectify(experiment: Experiment, numbers: tuple[int, ...]) -> Remedy:
    """Offer ReLU with He's weights for these hidden layers."""
    changes = [
        change
        for number in numbers
        for change in (
            ((*row_path(experiment, number), "activation"), Relu()),
            ((*row_path(experiment, number), "weights"), HeNormal()),
        )
    ]
    return Remedy(text("Take ReLU with the initial weights of He"), tuple(changes))


def leak(experiment: Experiment, numbers: tuple[int, ...]) -> Remedy:
    """Offer leaky ReLU for these hidden layers: its units cannot die."""
    changes = tuple(
        ((*row_path(experiment, number), "activation"), LeakyRelu()) for number in numbers
    )
    return Remedy(text("Take leaky ReLU, whose units cannot die"), changes)


def usual(task: Task) -> Remedy:
    """Offer the output activation and the loss that go with a task."""
    told: dict[Task, Text] = {
        "classes": text("Take softmax and cross-entropy"),
        "labels": text("Take sigmoid and binary cross-entropy"),
        "values": text("Take linear outputs and the mean squared error"),
    }
    return Remedy(told[task], usual_ends(task))


def offers(*remedies: Remedy | None) -> tuple[Remedy, ...]:
    """Give those that there are."""
    return tuple(one for one in remedies if one is not None)


def mistake(kind: str) -> Remedy:
    """Offer to take a classic mistake out, by its name."""
    return Remedy(text("Take the mistake out"), mistake=kind)


def layer_name(experiment: Experiment, number: int) -> Text:
    """Give what people call layer `number`, for the middle of a sentence."""
    if number >= len(experiment.network.layers):
        return text("the output layer")
    return text("hidden layer {number}", number=number + 1)
