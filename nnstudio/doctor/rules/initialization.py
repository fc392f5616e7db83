"""Rules about the start: what the network is before its first step."""

from collections.abc import Callable
from typing import Final

from nnstudio.doctor.diagnosis import Phase, Rule, Severity, Shows
from nnstudio.doctor.evidence.facts import LayerFacts
from nnstudio.doctor.rules.offers import SQUASHING, layer_name, rectify, redraw, usual
from nnstudio.doctor.rules.ruling import Known, NotKnownError, Seen, given, rule
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy
from nnstudio.texts import text

DATA_CAUSES: Final = (
    "non-finite-inputs",
    "blank-inputs",
    "raw-inputs",
    "faint-inputs",
    "large-targets",
)
TOO_LARGE: Final = 3.0
TOO_SMALL: Final = 1 / 3
TWINS: Final = 0.5
FIRST_LOSS: Final = 3.0


@rule(
    "symmetric-units",
    checks=text("The units of a layer differ from one another."),
    phase=Phase.START,
    source="NeuraLint f004, TheDeepChecker: columns equal within 1e-8",
    in_a_row=1,
)
def symmetric_units(known: Known) -> Seen | None:
    """Judge whether units are copies of each other, and stay so."""
    layers, start = known.layers, known.start
    for now, first, above in zip(layers, start, start[1:], strict=False):
        alike = first.twins > TWINS and first.units > 1
        # units that start alike part ways where the layer above tells them apart
        if alike and (now.twins > TWINS if known.step else above.weights_spread == 0.0):
            return Seen(
                Severity.BROKEN,
                now.twins,
                TWINS,
                text(
                    "In {layer}, {share:.0%} of the units have the same weights as another one.",
                    layer=layer_name(known.experiment, now.number),
                    share=now.twins,
                ),
                text("Equal units get equal gradients and stay equal: they count as one."),
                (redraw(known.experiment, tuple(range(len(layers)))),),
                Shows.WEIGHTS,
                now.number,
            )
    return None


def _free(known: Known, layer: LayerFacts) -> bool:
    """Whether the size of the weights does not matter: normalized, or at right angles."""
    row = known.experiment.network.rows[layer.number]
    normalized = isinstance(row, HiddenLayer) and row.normalization.kind != "none"
    return normalized or row.weights.kind == "orthogonal"


def _misdrawn(
    known: Known, beyond: Callable[[float], bool], worst: Callable[..., LayerFacts]
) -> tuple[LayerFacts, float, tuple[int, ...]] | None:
    """Give the worst layer that is drawn wrong, its ratio, and the numbers of all such layers."""
    found = [
        one
        for one in known.start
        if one.advised_spread > 0 and not _free(known, one) and beyond(_ratio(one))
    ]
    if not found:
        return None
    layer = worst(found, key=_ratio)
    return layer, _ratio(layer), tuple(one.number for one in found)


def _ratio(layer: LayerFacts) -> float:
    return layer.weights_spread / layer.advised_spread


@rule(
    "weights-too-large",
    checks=text("Initial weights are not too large."),
    phase=Phase.START,
    source="PoorWeightInitialization: variance 10 times off, about 3 in spread; He, Glorot",
    in_a_row=1,
)
def weights_too_large(known: Known) -> Seen | None:
    """Judge whether any layer starts with weights that blow signals up."""
    found = _misdrawn(known, lambda ratio: ratio > TOO_LARGE, max)
    if found is None:
        return None
    layer, ratio, numbers = found
    return Seen(
        Severity.SLOW,
        ratio,
        TOO_LARGE,
        text(
            "The initial weights of {layer} are {ratio:.3g} times as large as its activation asks "
            "for.",
            layer=layer_name(known.experiment, layer.number),
            ratio=ratio,
        ),
        text("The signal grows by this factor: sigmoids saturate, and the first loss is huge."),
        (redraw(known.experiment, numbers),),
        Shows.WEIGHTS,
        layer.number,
    )


@rule(
    "weights-too-small",
    checks=text("Initial weights are not too small."),
    phase=Phase.START,
    source="PoorWeightInitialization: variance 10 times off, about 3 in spread; He, Glorot",
    explained_by=("symmetric-units",),
    in_a_row=1,
)
def weights_too_small(known: Known) -> Seen | None:
    """Judge whether any layer starts with weights in which signals fade."""
    found = _misdrawn(known, lambda ratio: ratio < TOO_SMALL, min)
    if found is None:
        return None
    layer, ratio, numbers = found
    # an output layer of zeros is a fair start: it takes sides in the first step
    if numbers == (len(known.start) - 1,) and ratio == 0.0:
        return None
    return Seen(
        Severity.SLOW,
        ratio,
        TOO_SMALL,
        text(
            "The initial weights of {layer} are {ratio:.2g} times what its activation asks for.",
            layer=layer_name(known.experiment, layer.number),
            ratio=ratio,
        ),
        text("Signals and gradients shrink by this factor, so learning begins very slowly."),
        (redraw(known.experiment, numbers),),
        Shows.WEIGHTS,
        layer.number,
    )


@rule(
    "no-non-linearity",
    checks=text("No hidden layer is linear."),
    phase=Phase.START,
    source="UMLAUT (CHI 2021), NeuraLint f009",
    in_a_row=1,
)
def no_non_linearity(known: Known) -> Seen | None:
    """Judge whether hidden layers do nothing that one layer could not do."""
    rows = known.experiment.network.layers
    linear = tuple(
        number for number, row in enumerate(rows) if isinstance(row.activation, Identity)
    )
    if not linear:
        return None
    return Seen(
        Severity.SLOW,
        len(linear),
        0,
        text(
            "In {layer} the activation is linear.",
            layer=layer_name(known.experiment, linear[0]),
        ),
        text("Two linear layers in a row are one: the network is weaker than it looks."),
        (rectify(known.experiment, linear),),
        Shows.WEIGHTS,
        linear[0],
    )


@rule(
    "wrong-loss-for-output",
    checks=text("The loss fits the output activation."),
    phase=Phase.START,
    source="NeuraLint f008 and f015; Nielsen, chapter 3",
    in_a_row=1,
)
def wrong_loss_for_output(known: Known) -> Seen | None:
    """Judge whether the slope of the output unit takes the error away that it should pass on."""
    if known.task == "values":
        return None
    activation, loss = known.experiment.network.output.activation, known.experiment.loss
    softmax = activation.kind == "softmax"
    squashing = softmax or activation.kind in SQUASHING
    distances = ("mean_squared_error", "mean_absolute_error", "huber")
    if loss.kind in distances and squashing:
        reason = text(
            "The slope of the output unit is smallest just where the answer is most wrong, and the "
            "error is multiplied by it."
        )
    elif isinstance(loss, BinaryCrossEntropy) and softmax:
        reason = text(
            "Softmax outputs share one whole, but this loss judges each of them by itself."
        )
    elif isinstance(loss, CrossEntropy) and not softmax:
        reason = text(
            "This loss looks at shares of a sum alone, so the outputs may all grow or fade "
            "together, and sigmoids saturate."
        )
    else:
        return None
    return Seen(
        Severity.SLOW,
        1,
        0,
        text("The output activation and the loss do not belong together."),
        reason,
        (usual(known.task),),
        Shows.LOSS,
        len(known.experiment.network.layers),
    )


@rule(
    "first-loss-wrong",
    checks=text("The first loss is that of an undecided network."),
    phase=Phase.START,
    source="Karpathy, cs231n (ln C); limit measured by tests/benchmarks/false_alarms.py: sensible "
    "networks reach 2.6 times it, those of field notes 2b are at 4 and more",
    explained_by=(
        *DATA_CAUSES,
        "targets-out-of-reach",
        "targets-do-not-add-up",
        "weights-too-large",
        "outputs-do-not-sum",
        "softmax-twice",
        "outputs-differ",
        "loss-told-differs",
    ),
    in_a_row=1,
)
def first_loss_wrong(known: Known) -> Seen | None:
    """Judge whether the untrained network has an opinion."""
    expected = given(known.outputs.expected_loss, text("What to expect of this loss is not known."))
    if expected <= 0.0:
        raise NotKnownError(text("What to expect of this loss is not known."))
    told = known.first_arithmetic.told_loss
    ratio = told / expected
    if ratio <= FIRST_LOSS:
        return None
    return Seen(
        Severity.SLOW,
        told,
        FIRST_LOSS * expected,
        text(
            "The first loss is {told:.4g}; an undecided network has {expected:.4g}.",
            told=told,
            expected=expected,
        ),
        text(
            "Before it learns anything new, the network must unlearn the opinions it starts with."
        ),
        (redraw(known.experiment, tuple(range(len(known.experiment.network.rows)))),),
        Shows.LOSS,
    )


RULES: Final[tuple[Rule, ...]] = (
    symmetric_units,
    weights_too_large,
    weights_too_small,
    no_non_linearity,
    wrong_loss_for_output,
    first_loss_wrong,
)
