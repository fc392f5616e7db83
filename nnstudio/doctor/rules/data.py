"""Rules about the samples themselves: what no network could mend."""

from math import comb, inf
from typing import Final

from nnstudio.doctor.diagnosis import Phase, Remedy, Severity, Shows
from nnstudio.doctor.rules.offers import mistake
from nnstudio.doctor.rules.ruling import Known, NotKnownError, Seen, given, rule
from nnstudio.texts import text

DUPLICATES: Final = 0.05
CONTRADICTIONS: Final = 0.01
SHARED: Final = 0.05
LARGEST_TO_SMALLEST: Final = 10.0
NOTHING: Final = 0.02
"""Measured (tests/benchmarks/sensitivity.py --reference): random targets give at most 0.01, the
presets 0.46 and more."""
CHANCE: Final = 1e-4
"""A batch that shuffled data would give more rarely than this was not shuffled."""
LABEL_MATCHES: Final = 0.95


@rule(
    "non-finite-inputs",
    checks=text("All inputs are finite numbers."),
    phase=Phase.DATA,
    source="UMLAUT (CHI 2021), TheDeepChecker: any NaN in the inputs",
    in_a_row=1,
)
def non_finite_inputs(known: Known) -> Seen | None:
    """Judge whether all inputs are numbers."""
    count = known.inputs.non_finite
    if not count:
        return None
    return Seen(
        Severity.BROKEN,
        count,
        0,
        text("{count} of the inputs are no finite numbers.", count=count),
        text("One of them makes every sum that it enters a NaN, and after one step all weights."),
        (Remedy(text("Leave these samples out of the data, or fill the gaps")),),
        Shows.DATA,
    )


@rule(
    "blank-inputs",
    checks=text("The samples differ from one another."),
    phase=Phase.DATA,
    source="TheDeepChecker, UMLAUT: standard deviation 0",
    explained_by=("non-finite-inputs",),
    in_a_row=1,
)
def blank_inputs(known: Known) -> Seen | None:
    """Judge whether all samples look the same to the network."""
    facts = known.inputs
    if facts.constant < facts.inputs or facts.training < 2:
        return None
    return Seen(
        Severity.BROKEN,
        facts.constant,
        facts.inputs,
        text("All {inputs} inputs are the same in every sample.", inputs=facts.inputs),
        text("Every sample looks the same to the network, so it cannot tell them apart."),
        (Remedy(text("Look at the file: something else than the samples was read")),),
        Shows.DATA,
    )


@rule(
    "labels-off",
    checks=text("Every sample of a batch comes with its own target."),
    phase=Phase.DATA,
    source="TheDeepChecker's unaligned labels; the limit is ours: labels are right or they are not",
)
def labels_off(known: Known) -> Seen | None:
    """Judge whether the targets of a batch are those of its samples."""
    share = given(known.arithmetic.label_matches, text("The targets of the batch are not known."))
    if share >= LABEL_MATCHES:
        return None
    shifted = share < 0.5 / max(2, known.inputs.outputs)
    return Seen(
        Severity.BROKEN,
        share,
        LABEL_MATCHES,
        text(
            "Only {share:.0%} of the targets in the batch are those of their samples.", share=share
        ),
        text("The network is taught answers to other questions than it is asked."),
        (mistake("labels-off-by-one" if shifted else "inputs-shuffled-without-targets"),),
        Shows.DATA,
    )


@rule(
    "one-class-per-batch",
    checks=text("A batch holds samples of many classes."),
    phase=Phase.DATA,
    source="Deeplearning4j (unshuffled data); limit: what shuffling gives once in 10,000 batches",
)
def one_class_per_batch(known: Known) -> Seen | None:
    """Judge whether batches are drawn from all classes."""
    step, facts = known.arithmetic, known.inputs
    found = given(step.batch_classes, text("There are no classes."))
    present = sorted((one for one in facts.class_counts if one), reverse=True)
    total = sum(present)
    if found * 2 > len(present):
        return None
    # at most so likely in a batch that is drawn at random
    chance = comb(len(present), found) * (sum(present[:found]) / total) ** step.batch
    if chance >= CHANCE:
        return None
    unshuffled = not known.experiment.data.shuffled
    return Seen(
        Severity.BROKEN,
        found,
        len(present) / 2,
        text(
            "A batch of {batch} samples holds {found} of the {classes} classes.",
            batch=step.batch,
            found=found,
            classes=len(present),
        ),
        text("Each batch teaches its own classes and makes the network forget the others."),
        (Remedy(text("Shuffle the samples"), ((("data", "shuffled"), True),)),)
        if unshuffled
        else (mistake("samples-sorted-by-class"),),
        Shows.DATA,
    )


@rule(
    "validation-in-training",
    checks=text("No validation sample stands in the training part as well."),
    phase=Phase.DATA,
    source="UMLAUT warns of suspicious accuracies; comparing the samples is ours",
    in_a_row=1,
)
def validation_in_training(known: Known) -> Seen | None:
    """Judge whether validation samples were trained on; data that repeat themselves may."""
    facts = known.inputs
    if not facts.validation:
        raise NotKnownError(text("Nothing is held out for validation."))
    if facts.between > SHARED:
        return Seen(
            Severity.SLOW,
            facts.between,
            SHARED,
            text(
                "{share:.0%} of the validation samples stand in the training part of another "
                "source.",
                share=facts.between,
            ),
            text(
                "What was seen in training says nothing about new samples: the score is too good."
            ),
            (Remedy(text("Leave out one of the sources that have the same samples")),),
            Shows.SCORE,
        )
    if facts.shared <= SHARED or facts.shared <= 2 * facts.duplicates:
        return None
    return Seen(
        Severity.SLOW,
        facts.shared,
        SHARED,
        text(
            "{share:.0%} of the validation samples stand in the training part too.",
            share=facts.shared,
        ),
        text("What was seen in training says nothing about new samples: the score is too good."),
        (mistake("validation-in-training"),),
        Shows.SCORE,
    )


@rule(
    "contradictory-samples",
    checks=text("Samples with the same inputs have the same target."),
    phase=Phase.DATA,
    source="ours: what contradicts itself can be right half of the time at most",
    explained_by=("non-finite-inputs", "blank-inputs"),
    in_a_row=1,
)
def contradictory_samples(known: Known) -> Seen | None:
    """Judge whether the same inputs ask for different answers."""
    share = known.inputs.contradictions
    if share <= CONTRADICTIONS:
        return None
    return Seen(
        Severity.SLOW,
        share,
        CONTRADICTIONS,
        text(
            "{share:.1%} of the samples have the inputs of another sample and another target.",
            share=share,
        ),
        text("No network can give two answers to the same inputs; it ends up between them."),
        (Remedy(text("Look these samples over, or add what tells them apart")),),
        Shows.DATA,
    )


@rule(
    "unbalanced-classes",
    checks=text("No class has ten times as many samples as another one."),
    phase=Phase.DATA,
    source="SageMaker Debugger, ClassImbalance: largest over smallest class above 10",
    in_a_row=1,
)
def unbalanced_classes(known: Known) -> Seen | None:
    """Judge how unequal the classes are."""
    counts = known.inputs.class_counts
    if len(counts) < 2:
        raise NotKnownError(text("There are no classes."))
    ratio = max(counts) / min(counts) if min(counts) else inf
    if ratio <= LARGEST_TO_SMALLEST:
        return None
    return Seen(
        Severity.SLOW,
        ratio,
        LARGEST_TO_SMALLEST,
        text(
            "The largest class has {most} samples, the smallest {least}.",
            most=max(counts),
            least=min(counts),
        ),
        text("Guessing the large class pays, so the small one is learned last or never."),
        (Remedy(text("Collect more samples of the small classes, or use fewer of the large")),),
        Shows.DATA,
    )


@rule(
    "nothing-to-learn",
    checks=text("The inputs say something about the targets."),
    phase=Phase.DATA,
    explained_by=("blank-inputs", "contradictory-samples"),
    source="measured: nearest samples and a straight line explain under 2 % (random targets: 0)",
    in_a_row=1,
)
def nothing_to_learn(known: Known) -> Seen | None:
    """Judge whether anything at all can be known from the inputs; never more than a note."""
    gain = given(known.inputs.neighbour_gain, text("Too few samples are held out to try it."))
    if gain >= NOTHING:
        return None
    return Seen(
        Severity.NOTE,
        gain,
        NOTHING,
        text(
            "Neither similar samples nor a straight line say anything about held-out targets: they "
            "explain {gain:.0%} of them.",
            gain=max(0.0, gain),
        ),
        text(
            "There may be nothing to learn: then the loss stays at that of guessing, and what "
            "falls further is learned by heart."
        ),
        (),
        Shows.DATA,
    )


@rule(
    "duplicate-samples",
    checks=text("Training samples are not repeated."),
    phase=Phase.DATA,
    source="ours: a share of 5 %; MNIST and Fashion-MNIST have next to none",
    explained_by=("blank-inputs",),
    in_a_row=1,
)
def duplicate_samples(known: Known) -> Seen | None:
    """Judge how many samples are there more than once."""
    share = known.inputs.duplicates
    if share <= DUPLICATES:
        return None
    return Seen(
        Severity.NOTE,
        share,
        DUPLICATES,
        text("{share:.0%} of the training samples are there more than once.", share=share),
        text("Repeated samples count more than others, and may stand in both parts of the data."),
        (),
        Shows.DATA,
    )


@rule(
    "constant-inputs",
    checks=text("Every input differs between samples."),
    phase=Phase.DATA,
    source="measured (field notes, 2b): 67 pixels of MNIST are 0 in all 60,000 pictures",
    explained_by=("blank-inputs",),
    in_a_row=1,
)
def constant_inputs(known: Known) -> Seen | None:
    """Judge how many inputs never change; their weights never move, and need not."""
    facts = known.inputs
    if not facts.constant:
        return None
    return Seen(
        Severity.NOTE,
        facts.constant,
        0,
        text(
            "{count} of the {inputs} inputs are the same in every sample.",
            count=facts.constant,
            inputs=facts.inputs,
        ),
        text("Their weights get no gradient and never change. That is no fault."),
        (),
        Shows.WEIGHTS,
    )


RULES: Final = (
    non_finite_inputs,
    blank_inputs,
    labels_off,
    one_class_per_batch,
    contradictory_samples,
    unbalanced_classes,
    validation_in_training,
    nothing_to_learn,
    duplicate_samples,
    constant_inputs,
)
