"""Every classic mistake, whatever it does: it acts, it goes on as it began, it can be written."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest

from nnstudio.data.preprocessing import Raw
from nnstudio.faults import FAULTS, fault_named, seams_of
from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy
from nnstudio.nn.network import NetworkSpec
from nnstudio.paths import parse_at, remedied
from nnstudio.seams import TRUE
from nnstudio.spec import SpecError, kind_of
from nnstudio.training.experiment import Experiment, dumps, loads
from nnstudio.training.loop import train
from nnstudio.training.problems import problems
from nnstudio.training.replay import replay
from nnstudio.training.state import TrainingState
from tests.faults.sick import NAMES, finished, fitting, planted, switched
from tests.strategies import tiny_case

# what is wrong in the judging alone leaves the training as it is
JUDGING: Final = {"dropout-active-in-prediction", "evaluation-scaled-differently"}


def bits(state: TrainingState) -> tuple[bytes, bytes, bytes]:
    history = state.history.view()
    return (
        state.network.vector.tobytes(),
        history.loss.tobytes(),
        history.validation.loss.tobytes(),
    )


def test_the_mistakes_are_those_of_the_table() -> None:
    assert tuple(kind_of(one) for one in FAULTS) == NAMES


def test_a_mistake_is_found_by_its_name() -> None:
    assert [type(fault_named(name)) for name in NAMES] == list(FAULTS)


def test_without_mistakes_the_seams_are_the_very_same() -> None:
    assert seams_of(()) is TRUE
    case = tiny_case()
    assert TrainingState.start(case.experiment, case.data).seams is TRUE


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_makes_a_difference(name: str) -> None:
    case, fault = fitting(name), fault_named(name)
    wrong, true = finished(planted(case, fault)), finished(planted(case))
    assert bits(wrong) != bits(true)
    assert (bits(wrong)[0] == bits(true)[0]) is (name in JUDGING)


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_the_same_in_the_experiment_and_behind_it(name: str) -> None:
    case, fault = fitting(name), fault_named(name)
    assert bits(finished(planted(case, fault))) == bits(finished(switched(case, fault)))


@pytest.mark.parametrize("name", NAMES)
def test_a_run_with_a_mistake_goes_on_with_the_same_bits(name: str) -> None:
    state = switched(fitting(name), fault_named(name))
    for _ in zip(range(6), train(state), strict=False):
        pass
    checkpoint, forked = state.checkpoint(), state.fork()
    restored = TrainingState.restore(checkpoint, state.data)
    whole = bits(finished(state))
    assert bits(finished(restored)) == whole
    assert bits(finished(forked)) == whole


@pytest.mark.parametrize("name", NAMES)
def test_the_recipe_of_a_run_with_a_mistake_makes_it_again(name: str) -> None:
    state = finished(switched(fitting(name), fault_named(name)))
    assert bits(replay(state.recipe, state.data)) == bits(state)


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_can_be_written_and_read(name: str) -> None:
    experiment = replace(fitting(name).experiment, faults=(fault_named(name),))
    assert loads(dumps(experiment)) == experiment


@pytest.mark.parametrize("name", NAMES)
def test_where_a_mistake_fits_nothing_is_said_and_elsewhere_its_row_says_why(name: str) -> None:
    case = fitting(name)
    experiment = replace(case.experiment, faults=(fault_named(name),))
    assert problems(experiment, case.data.facts) == ()
    unfit = replace(experiment, **misfit(name))
    facts = replace(case.data.facts, task="values", validation=0)
    said = [one.path for one in problems(unfit, facts)]
    always = {
        "divided-by-inputs",
        "inputs-shuffled-without-targets",
        "gradient-sign",
        "gradient-accumulates",
        "update-not-applied",
    }
    assert (("faults", 0) in said) is (name not in always)


def misfit(name: str) -> dict[str, Any]:
    """Settings under which the mistake could do nothing."""
    bare = OutputLayer(bias=False, activation=Softmax())
    settings: dict[str, Any] = {
        "network": NetworkSpec(layers=(), output=bare),
        "loss": CrossEntropy(over_batch="sum"),
        "scaling": Raw(),
        "precision": "float32",
    }
    if name == "loss-of-another-gradient":
        output = OutputLayer(activation=Sigmoid())
        settings["network"] = NetworkSpec(layers=(), output=output)
        settings["loss"] = BinaryCrossEntropy(over_outputs="sum")
    if name in {"softmax-over-batch", "softmax-twice"}:
        settings["network"] = NetworkSpec(
            layers=(), output=OutputLayer(bias=False, activation=Sigmoid())
        )
    return settings


def test_two_mistakes_in_one_place_are_refused() -> None:
    case = fitting("summed-gradient")
    pair = (fault_named("divided-by-inputs"), fault_named("summed-gradient"))
    experiment = replace(case.experiment, faults=pair)
    assert [one.path for one in problems(experiment, case.data.facts)] == [("faults", 1)]


def test_the_order_in_which_mistakes_are_named_makes_no_difference() -> None:
    case = fitting("")
    pair = (fault_named("gradient-accumulates"), fault_named("gradient-sign"))
    assert bits(finished(switched(case, *pair))) == bits(finished(switched(case, *pair[::-1])))


def test_a_fork_without_the_mistake_is_a_run_without_it() -> None:
    case = fitting("")
    state = switched(case, fault_named("gradient-accumulates"))
    for _ in zip(range(6), train(state), strict=False):
        pass
    healed = state.fork(case.experiment)
    assert healed.seams is TRUE
    np.testing.assert_array_equal(healed.network.vector, state.network.vector)
    finished(healed)
    assert "gradient" not in healed.stage.vectors


def test_what_was_prepared_with_a_leak_is_prepared_anew_without_it() -> None:
    case = fitting("")
    state = switched(case, fault_named("validation-in-training"))
    assert set(state.data.split.validation) <= set(state.data.split.training)
    healed = state.fork(case.experiment)
    assert not set(healed.data.split.validation) & set(healed.data.split.training)


def test_old_experiments_without_mistakes_still_load() -> None:
    assert loads('{"format_version": 1}').faults == ()
    assert loads('{"format_version": 1, "faults": []}').faults == ()


def test_mistakes_are_written_on_the_command_line_as_a_list_of_names() -> None:
    written = '["softmax-twice", {"kind": "gradient-sign"}]'
    expected = (fault_named("softmax-twice"), fault_named("gradient-sign"))
    assert parse_at(Experiment(), "faults", written).faults == expected
    assert parse_at(Experiment(), "faults", "softmax-twice,gradient-sign").faults == expected
    assert parse_at(Experiment(faults=expected), "faults", "[]").faults == ()


def test_a_mistake_of_no_name_is_refused_with_all_that_there_are() -> None:
    with pytest.raises(SpecError, match="gradient-sign"):
        parse_at(Experiment(), "faults", "gradient-sing")


def test_what_cannot_act_is_taken_out_by_one_click_and_the_rest_stays() -> None:
    case = fitting("")
    names = ("gradient-sign", "transposed-error", "targets-not-clipped", "gradient-sign")
    experiment = replace(case.experiment, faults=tuple(fault_named(name) for name in names))
    found = problems(experiment, case.data.facts)
    assert [one.path for one in found] == [("faults", number) for number in (1, 2, 3)]
    assert "named twice" in str(found[2].message)
    assert {remedied(experiment, one.remedy).faults for one in found} == {experiment.faults[:1]}
