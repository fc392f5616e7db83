"""Classic mistakes that could not act, or would make no difference: said at their row."""

from collections.abc import Iterator

from nnstudio.data.preprocessing import Raw
from nnstudio.faults import Mistake, Setup
from nnstudio.problems import Problem
from nnstudio.spec import title_of
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts


def fault_problems(experiment: Experiment, facts: DataFacts | None) -> Iterator[Problem]:
    """Give what is wrong with each classic mistake of `experiment`; facts as in `problems`."""
    found = dict(_wrong(experiment, facts))
    left = tuple(one for number, one in enumerate(experiment.faults) if number not in found)
    for number, message in found.items():
        # those that cannot act are taken out together
        yield Problem(("faults", number), message, ((("faults",), left),))


def _wrong(experiment: Experiment, facts: DataFacts | None) -> Iterator[tuple[int, Text]]:
    setup = setup_of(experiment, facts)
    seen: dict[str, Mistake] = {}
    for number, fault in enumerate(experiment.faults):
        unfit = fault.unfit(setup)
        other = seen.setdefault(fault.place, fault)
        if unfit is not None:
            yield number, unfit
        elif other == fault and other is not fault:
            yield number, text("This mistake is named twice.")
        elif other is not fault:
            yield (
                number,
                text(
                    "“{one}” and “{other}” are in the same place: only one of them can act.",
                    one=_title(other),
                    other=_title(fault),
                ),
            )


def setup_of(experiment: Experiment, facts: DataFacts | None) -> Setup:
    """Give what a mistake may ask about an experiment; facts as in `problems`."""
    return Setup(
        network=experiment.network,
        loss=experiment.loss,
        precision=experiment.precision,
        scales=not isinstance(experiment.scaling, Raw),
        task=None if facts is None else facts.task,
        outputs=None if facts is None else facts.outputs,
        held_out=None if facts is None else facts.validation,
    )


def _title(fault: Mistake) -> Text:
    # the literal stands at the class, from where it is extracted
    return Text(title_of(type(fault)), {})
