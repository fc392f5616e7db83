"""Mistakes in how a gradient becomes a step."""

from dataclasses import replace
from typing import ClassVar, Literal

from nnstudio.faults.mistake import Mistake, Place, Setup
from nnstudio.nn.optimizers import OptimizerState, Rule
from nnstudio.nn.parameters import Layout
from nnstudio.seams import Apply, Seams, Vector
from nnstudio.spec import spec
from nnstudio.texts import Text, text


@spec(
    title="update not applied",
    help="The new weights are computed and thrown away, as when they are written to a local "
    "variable: gradients live, and nothing changes.",
)
class UpdateNotApplied(Mistake):
    """Every step is made on a copy."""

    kind: Literal["update-not-applied"] = "update-not-applied"
    place: ClassVar[Place] = "update"
    told: ClassVar[Text] = text("The update is computed and never written back")
    formula_wrong: ClassVar[str] = "W ← W"
    formula_right: ClassVar[str] = "W ← W - η dW"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` whose steps change nothing."""
        before = seams.apply

        def bound(layout: Layout) -> Apply:
            make = before(layout)

            def apply(
                rule: Rule, theta: Vector, grad: Vector, state: OptimizerState, rate: float
            ) -> None:
                make(rule, theta.copy(), grad, state, rate)

            return apply

        return replace(seams, apply=bound)


@spec(
    title="biases never updated",
    help="The step leaves the biases as they are; the weights alone learn.",
)
class BiasNeverUpdated(Mistake):
    """Biases keep their first values."""

    kind: Literal["bias-never-updated"] = "bias-never-updated"
    place: ClassVar[Place] = "update"
    told: ClassVar[Text] = text("The biases are never updated")
    formula_wrong: ClassVar[str] = "b ← b"
    formula_right: ClassVar[str] = "b ← b - η db"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` whose steps leave out the biases."""
        before = seams.apply

        def bound(layout: Layout) -> Apply:
            make = before(layout)
            places = [slice(one.start, one.stop) for one in layout.slots if one.name.endswith(".b")]

            def apply(
                rule: Rule, theta: Vector, grad: Vector, state: OptimizerState, rate: float
            ) -> None:
                kept = [theta[place].copy() for place in places]
                make(rule, theta, grad, state, rate)
                for place, values in zip(places, kept, strict=True):
                    theta[place] = values

            return apply

        return replace(seams, apply=bound)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: there are no biases."""
        if any(row.bias for row in setup.network.rows):
            return None
        return text("It needs a layer with biases.")
