"""Rules about the start: what the network is before its first step."""

from math import nan, prod
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
TOO_SMALL: Final = 0.1
TOO_SMALL_IN_ALL: Final = 0.01
TWINS: Final = 0.5
FIRST_LOSS: Final = 3.0
FIRST_OF_VALUES: Final = 10.0
FIRST_NATS: Final = 2.0
"""So much over the expected one the loss of two classes may be: 0.69 is soon tripled."""


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


def _ratio(layer: LayerFacts) -> float:
    return layer.weights_spread / layer.advised_spread if layer.advised_spread > 0 else 1.0


@rule(
    "weights-too-large",
    checks=text("Initial weights are not too large."),
    phase=Phase.START,
    source="PoorWeightInitialization: variance 10 times off, about 3 in spread; He, Glorot",
    in_a_row=1,
)
def weights_too_large(known: Known) -> Seen | None:
    """Judge whether any layer starts with weights that blow signals up."""
    found = [one for one in known.start if not _free(known, one) and _ratio(one) > TOO_LARGE]
    if not found:
        return None
    layer = max(found, key=_ratio)
    ratio, numbers = _ratio(layer), tuple(one.number for one in found)
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
        text("The signal grows by this factor on its way: units become flat, or sums huge."),
        (redraw(known.experiment, numbers),),
        Shows.WEIGHTS,
        layer.number,
    )


@rule(
    "weights-too-small",
    checks=text("Initial weights are not too small."),
    phase=Phase.START,
    source="ours, against He and Glorot: a tenth in one layer, or a hundredth through all; "
    "784-100-10 with 0.01 (0.21 and 0.07) still learns, case always-zero-gradient",
    explained_by=("symmetric-units",),
    in_a_row=1,
)
def weights_too_small(known: Known) -> Seen | None:
    """Judge whether any layer starts with weights in which signals fade."""
    # alone, a small output layer is a fair start: it takes sides in the first step
    hidden = [one for one in known.start[:-1] if not _free(known, one)]
    everywhere = prod(min(1.0, _ratio(one)) for one in known.start if not _free(known, one))
    if not hidden:
        return None
    layer = min(hidden, key=_ratio)
    ratio = _ratio(layer)
    if ratio >= (1 / TOO_LARGE if everywhere < TOO_SMALL_IN_ALL else TOO_SMALL):
        return None
    numbers = tuple(one.number for one in known.start if _ratio(one) < 1 / TOO_LARGE)
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
        nan,
        nan,
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
    "networks reach 1.6 over it, those of field notes 2b are at 4 times it and more",
    explained_by=(
        *DATA_CAUSES,
        "targets-out-of-reach",
        "targets-do-not-add-up",
        "weights-too-large",
        "outputs-do-not-sum",
        "softmax-twice",
        "outputs-differ",
        "loss-told-differs",
        "heavy-dropout",
    ),
    in_a_row=1,
)
def first_loss_wrong(known: Known) -> Seen | None:
    """Judge whether the untrained network has an opinion."""
    expected = given(known.outputs.expected_loss, text("What to expect of this loss is not known."))
    if expected <= 0.0:
        raise NotKnownError(text("What to expect of this loss is not known."))
    told = known.first_arithmetic.told_loss
    limit = (FIRST_OF_VALUES if known.task == "values" else FIRST_LOSS) * expected
    loss = known.experiment.loss
    if isinstance(loss, CrossEntropy | BinaryCrossEntropy):
        limit = max(limit, expected + FIRST_NATS * known.terms)
    if told <= limit:
        return None
    return Seen(
        Severity.SLOW,
        told,
        limit,
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
