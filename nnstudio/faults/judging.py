"""Mistakes in how held-out samples are judged; the training itself is right."""

from dataclasses import replace
from typing import ClassVar, Literal

from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import FittedScaling, Raw
from nnstudio.faults.mistake import Mistake, Place, Setup
from nnstudio.nn.dropout import Dropout, Dropped
from nnstudio.nn.network import Network
from nnstudio.nn.parameters import Matrix
from nnstudio.seams import Rows, Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text


class OfJudging(Mistake):
    """Of held-out samples."""

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: nothing is held out."""
        return text("It needs samples to validate with.") if setup.held_out == 0 else None


@spec(
    title="dropout active in prediction",
    help="Units are left out in evaluation too: the same sample gets another answer every time, "
    "and validation is worse than the network is.",
)
class DropoutActiveInPrediction(OfJudging):
    """Held-out samples are judged by the network as it trains."""

    kind: Literal["dropout-active-in-prediction"] = "dropout-active-in-prediction"
    place: ClassVar[Place] = "dropout"
    told: ClassVar[Text] = text("Dropout is active in prediction")
    formula_wrong: ClassVar[str] = "A = dropout(f(Z)) in evaluation"
    formula_right: ClassVar[str] = "A = f(Z) in evaluation"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` that judge with dropout; what is drawn does not depend on training."""
        return replace(seams, evaluate=_as_it_trains)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: there is no dropout, or nothing is held out."""
        if any(isinstance(row.dropout, Dropout) for row in setup.network.layers):
            return super().unfit(setup)
        return text("It needs a layer with dropout.")


def _as_it_trains(network: Network, X: Matrix, Y: Matrix) -> float:
    # what is left out has the size of the last batch that was seen
    network.predict(X)
    for row in network.rows:
        for step in row.steps:
            if isinstance(step, Dropped):
                step.draw()
    return network.training_loss(X, Y) - network.penalty()


@spec(
    title="evaluation scaled differently",
    help="The held-out samples are judged as they are, without the scaling that training has: "
    "validation says nothing about the network.",
)
class EvaluationScaledDifferently(OfJudging):
    """Raw inputs in evaluation."""

    kind: Literal["evaluation-scaled-differently"] = "evaluation-scaled-differently"
    place: ClassVar[Place] = "scaling"
    told: ClassVar[Text] = text("Held-out samples are not scaled as the training samples are")
    formula_wrong: ClassVar[str] = "predict(X)"
    formula_right: ClassVar[str] = "predict(scaled(X))"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` that leave the held-out inputs unscaled."""
        return replace(seams, held_out_scaling=_unscaled)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it makes no difference: nothing is scaled, or nothing is held out."""
        if setup.scales:
            return super().unfit(setup)
        return text("It needs a scaling that could be forgotten.")


def _unscaled(fitted: FittedScaling, dataset: Dataset, rows: Rows) -> FittedScaling:
    del fitted
    return Raw().fit(dataset, rows)
