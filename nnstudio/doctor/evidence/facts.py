"""The numbers that rules judge, each with its unit and what it is taken over.

Nothing but the step and the Experiment is mandatory: what is unknown is None, and a rule whose
facts are None says that it was not checked. The Experiment comes without its classic mistakes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from nnstudio.tasks import Task
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import HistoryView


@dataclass(frozen=True, eq=False)
class InputFacts:
    """The data of a run, once; inputs are scaled as the network gets them, before augmentation.

    Attributes
    ----------
    training, validation : int
        Samples in these parts.
    inputs, outputs : int
        Numbers of a sample, and of its target.
    lowest, highest, mean, spread : float or None
        Over all inputs of (a large fixed part of) the training part that are finite when they are
        scaled; spread is the standard deviation. None where there are none.
    held_out_mean, held_out_spread : float or None
        The same of the validation part, as the run evaluates it; None without one.
    own_held_out_mean, own_held_out_spread : float or None
        The same of the validation part, scaled as the training part.
    non_finite : int
        Inputs of the training part that are not finite as they are given: scaling spreads one of
        them over all samples.
    constant : int
        Inputs that are the same in every training sample.
    duplicates : float
        Share of the training samples whose inputs occur in another one as well.
    contradictions : float
        Share of the training samples that have the inputs of another one with another target.
    shared : float
        Share of the validation samples whose inputs stand in the training part as well.
    between : float
        Share of the validation samples that stand in the training part of another source.
    class_counts : tuple of int
        Training samples of every class; empty where there are no classes.
    target_lowest, target_highest : float
        Over the targets of the training part.
    target_sum_error : float
        Largest distance of the sum of a training target from 1.
    guess_loss : float or None
        Stated loss, per sample, of the best answer that does not look at the inputs; None where it
        is not known.
    image_shape : tuple of int or None
        Height and width of a sample that is a picture.
    neighbour_gain : float or None
        Share of the variance of held-out targets (R²) that answers without training explain, the
        better of nearest samples and straight line (`evidence.reference`); None without a
        validation part.
    neighbour_score : float or None
        Share of the right classes of these answers; None where there are no classes.
    """

    training: int
    validation: int
    inputs: int
    outputs: int
    lowest: float | None
    highest: float | None
    mean: float | None
    spread: float | None
    non_finite: int
    constant: int
    duplicates: float
    contradictions: float
    shared: float
    class_counts: tuple[int, ...]
    target_lowest: float
    target_highest: float
    target_sum_error: float
    guess_loss: float | None
    image_shape: tuple[int, int] | None
    between: float = 0.0
    held_out_mean: float | None = None
    held_out_spread: float | None = None
    own_held_out_mean: float | None = None
    own_held_out_spread: float | None = None
    neighbour_gain: float | None = None
    neighbour_score: float | None = None


@dataclass(frozen=True, eq=False)
class LayerFacts:
    """One layer at a Moment, over the probe batch, before the step unless said otherwise.

    Attributes
    ----------
    number : int
        From 0; the output layer is the last.
    fan_in, units : int
        Shape of its weights.
    activation : str
        Kind of its activation.
    sums_mean, sums_spread : float
        Mean and standard deviation of the pre-activations Z over samples and units.
    outputs_mean, outputs_spread : float
        The same of the activations A.
    slope : float or None
        Mean of abs(f'(Z)) as a share of the steepest slope of f; None where f works per sample.
    saturated : float or None
        Share of all Z where the slope is under 5 % of the steepest; None where f is not bounded on
        both sides (the flat half of ReLU is no harm: see `dead`).
    dead : float
        Share of the units whose slope is 0 (or whose output never changes) for every probe sample.
    off : float
        Share of the units that are 0 for every probe sample.
    twins : float
        Share of the units that have a twin: the same incoming weights and bias within 1e-8.
    weights_mean, weights_spread : float
        Over W.
    advised_spread : float
        Standard deviation of the rule that goes with the activation (He, Glorot).
    weights_sum : float
        Sum of abs(W).
    weights_norm : float
        Frobenius norm of W.
    gradient_norm : float
        Norm of the gradient of W that the run applied.
    zero_gradients : float
        Share of the entries of that gradient that are exactly 0, over inputs that are not 0 in the
        whole batch of the step.
    update_ratio : float or None
        Mean of abs(update) over mean of abs(W), over lit inputs; None where no step was made, or
        all these weights are 0.
    change : float or None
        Norm of W - W at the start, over the norm of W at the start.
    bias_mean, bias_spread : float or None
        Over b; None without biases.
    lit : float
        Share of its inputs that are not constant over the probe batch.
    penalty_ratio : float or None
        Norm of the penalty's gradient over that of the data; None without a penalty.
    """

    number: int
    fan_in: int
    units: int
    activation: str
    sums_mean: float
    sums_spread: float
    outputs_mean: float
    outputs_spread: float
    slope: float | None
    saturated: float | None
    dead: float
    off: float
    twins: float
    weights_mean: float
    weights_spread: float
    advised_spread: float
    weights_sum: float
    weights_norm: float
    gradient_norm: float
    zero_gradients: float
    lit: float
    update_ratio: float | None = None
    change: float | None = None
    bias_mean: float | None = None
    bias_spread: float | None = None
    penalty_ratio: float | None = None


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """Whether a step was what it says it is: the run's numbers against those of the stated loss.

    "Stated" is what the Experiment says, computed in float64 by an untouched network on the batch
    of the step. Names of slots as in the layout: ``layers.0.W`` ...

    Attributes
    ----------
    told_loss, own_loss : float
        Loss of the batch as the run told it, and as stated; stated in the precision of the run
        where that makes the difference.
    gradient_errors : mapping of str to float
        Per slot: norm of (applied - stated gradient) over the larger of the two norms; 0 where
        one of them is not finite, which `NonFinite` tells.
    gradient_sizes : mapping of str to float
        Per slot: factor a of the best fit ``applied = a stated``.
    one_step : float or None
        Real fall of the stated loss for a tiny step along the applied gradient, over the promised
        one; None where the gradient is 0 or not finite.
    update_errors : mapping of str to float
        Per slot: norm of (made - expected update) over the larger, by the optimizer's own formula
        from the applied gradient; what a constraint cuts off is taken into account.
    repeated : float or None
        Factor a of the best fit ``applied - stated = a (gradient applied in the step before)``;
        None at the first step or where there is no difference.
    repeated_error : float or None
        Relative error that this fit leaves.
    output_sum_error : float or None
        Largest distance of the sum of a sample's outputs, as the run made them, from 1; None for
        outputs that are not softmax.
    output_error : float
        Largest distance of an output of the run from that of the untouched network.
    output_size : float
        Largest output of the untouched network, without its sign.
    batch : int
        Samples in the batch.
    batch_classes : int or None
        How many classes the batch holds; None where there are no classes.
    batch_input_spread : float
        Standard deviation of the inputs of the batch, as the run got them.
    label_matches : float or None
        Share of the batch whose target is that of its sample in the data set.
    noise : float or None
        Norm of the gradient's spread over parts of the batch, over the norm of its mean.
    reach : float or None
        How many times as long the step could have been before the stated loss of its batch rises
        (`evidence.reach`); None where no length of it lowers the loss.
    """

    told_loss: float
    own_loss: float
    gradient_errors: Mapping[str, float]
    gradient_sizes: Mapping[str, float]
    update_errors: Mapping[str, float]
    batch: int
    output_error: float
    batch_input_spread: float
    output_size: float = 1.0
    one_step: float | None = None
    repeated: float | None = None
    repeated_error: float | None = None
    output_sum_error: float | None = None
    batch_classes: int | None = None
    label_matches: float | None = None
    noise: float | None = None
    reach: float | None = None


@dataclass(frozen=True, eq=False)
class OutputFacts:
    """What the network answers to the probe batch, by an untouched network with these weights.

    Attributes
    ----------
    loss, score : float
        Over the probe batch, which are validation samples where there are any.
    expected_loss : float or None
        Of an undecided network under the stated loss (ln C for cross-entropy ...), as the run adds
        up a batch, with what the initial weights cost; None where it is not known.
    largest_share : float or None
        Share of the most frequent answer among the predicted classes; None where no classes.
    answers : ndarray of int64, shape (C, C), or None
        Confusion: rows are true classes, columns answers.
    told : tuple of float, or None
        Loss of the same samples as the run evaluates them, twice; None where it was not asked.
    spread : float
        Mean over the outputs of their standard deviation over the samples: 0 for one same answer.
    told_own : float or None
        Loss of these samples by the untouched network.
    clipped : float or None
        Share of the samples whose right output is beyond the clip of the loss; None without one.
    """

    loss: float
    score: float
    expected_loss: float | None
    spread: float
    largest_share: float | None = None
    answers: NDArray[Any] | None = None
    told: tuple[float, float] | None = None
    told_own: float | None = None
    clipped: float | None = None


@dataclass(frozen=True, eq=False)
class CourseFacts:
    """What the history says up to this step.

    Attributes
    ----------
    steps, epochs : int
        Made, and ended.
    first_loss : float
        Of the first batch, as told.
    best_loss, loss : float
        Lowest smoothed training loss, and the newest (median of the last steps).
    floor : float
        5th percentile of the told losses over the newest half of the run.
    fall : float or None
        Relative fall of the smoothed loss per 100 steps, over the newest part; None at first.
    swing : float or None
        Spread of the detrended loss of the newest part over its mean.
    score : float
        Newest smoothed training score.
    validation : tuple of (step, loss, score)
        Whole validations at ends of epochs.
    rising_epochs : int
        How many epochs in a row the validation loss rose while the training loss fell.
    gap : float or None
        (validation loss - training loss) / training loss at the newest whole validation.
    rate : float
        Learning rate of the newest step.
    ended : str or None
        Reason of the ending; None while it goes on.
    """

    steps: int
    epochs: int
    first_loss: float
    best_loss: float
    loss: float
    floor: float
    score: float
    rate: float
    fall: float | None = None
    swing: float | None = None
    validation: tuple[tuple[int, float, float], ...] = ()
    rising_epochs: int = 0
    gap: float | None = None
    ended: str | None = None


@dataclass(frozen=True)
class NonFinite:
    """Where numbers stopped being finite: the step that failed, the layer, and what overflowed."""

    step: int
    layer: int | None
    what: str


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that is known of a run at one step.

    Attributes
    ----------
    step : int
        How many steps had been made before the Moment.
    experiment : Experiment
        As it acts at that step, live changes in it, without its classic mistakes.
    task : {"classes", "labels", "values"}
        What there is to learn.
    start : tuple of LayerFacts
        The layers before the first step.
    layers : tuple of LayerFacts
        The layers now.
    history : HistoryView or None
        Up to this step, for rules that need the curve itself.
    non_finite : NonFinite or None
        Where the run broke down; None while all is finite.
    """

    step: int
    experiment: Experiment
    task: Task = "classes"
    inputs: InputFacts | None = None
    start: tuple[LayerFacts, ...] = ()
    layers: tuple[LayerFacts, ...] = ()
    arithmetic: Arithmetic | None = None
    first_arithmetic: Arithmetic | None = None
    outputs: OutputFacts | None = None
    course: CourseFacts | None = None
    history: HistoryView | None = field(default=None, repr=False)
    non_finite: NonFinite | None = None
