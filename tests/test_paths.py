"""Paths into a spec: what is replaced is checked, what differs is named by the shortest paths."""

import json
from dataclasses import replace
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given

from nnstudio.data.catalogue.mnist import FashionMnist, Mnist
from nnstudio.data.catalogue.noise import Noise
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.losses import CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adadelta, Adagrad, Adam, AdamW, RmsProp, Sgd
from nnstudio.nn.schedules import CosineRestarts, Exponential, Step
from nnstudio.paths import (
    differences,
    parse_at,
    path_of,
    remedied,
    replace_at,
    setting_at,
    switch,
    value_at,
)
from nnstudio.spec import Field, Path, SpecError, spec, to_json
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from tests.test_spec import instances

DEFAULT = Experiment(optimizer=Adam(learning_rate=0.002))
TWO_LAYERS = replace(DEFAULT, network=NetworkSpec(layers=(HiddenLayer(), HiddenLayer(units=64))))


@spec(title="Strict")
class Strict:
    kind: Literal["strict"] = "strict"
    needed: Annotated[int, Field(ge=0, title="Needed")]


@spec(title="Words")
class Words:
    word: Annotated[str | None, Field(title="Word")] = None


def paths_of(error: pytest.ExceptionInfo[SpecError]) -> list[tuple[str | int, ...]]:
    return [problem.path for problem in error.value.problems]


# ---- reading and replacing


def test_the_empty_path_is_the_whole() -> None:
    assert value_at(DEFAULT, ()) is DEFAULT
    assert replace_at(DEFAULT, (), TWO_LAYERS) is TWO_LAYERS


def test_a_path_leads_through_lists() -> None:
    assert value_at(TWO_LAYERS, ("network", "layers", 1, "units")) == 64


def test_replacing_changes_that_place_alone() -> None:
    path = ("network", "layers", 0, "units")
    changed = replace_at(TWO_LAYERS, path, 5)
    assert differences(TWO_LAYERS, changed) == (path,)
    assert value_at(changed, path) == 5


def test_what_is_replaced_is_checked_and_the_error_names_the_whole_path() -> None:
    path = ("network", "layers", 1, "units")
    with pytest.raises(SpecError) as error:
        replace_at(TWO_LAYERS, path, 0)
    assert paths_of(error) == [path]


def test_a_list_that_gets_too_short_is_refused_at_its_own_path() -> None:
    with pytest.raises(SpecError) as error:
        replace_at(DEFAULT, ("data", "sources"), ())
    assert paths_of(error) == [("data", "sources")]


def test_a_setting_is_found_by_its_path() -> None:
    assert setting_at(TWO_LAYERS, ("network", "layers", 1, "units")).title == "Units"
    assert setting_at(DEFAULT, ("optimizer", "learning_rate")).display.live


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("foo",),
        ("optimizer", "momentum"),
        ("seed", "more"),
        ("network", "layers", 0),
        ("network", "layers", 1, "units"),
        ("network", "layers", -1, "units"),
        ("network", 0),
        ("network", "layers", "0", "units"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(SpecError, match="no setting of this name"):
        setting_at(DEFAULT, path)


# ---- switching the member of a union


def test_switching_keeps_what_means_the_same() -> None:
    assert switch(Sgd(momentum=0.9, weight_decay=1e-4), RmsProp) == RmsProp(momentum=0.9)
    assert switch(Sgd(weight_decay=1e-4), AdamW) == AdamW(weight_decay=1e-4)
    assert switch(Adam(learning_rate=3e-4, beta1=0.5), AdamW) == AdamW(
        learning_rate=3e-4, beta1=0.5
    )


@pytest.mark.parametrize("other", [Sgd, RmsProp, Adagrad, Adadelta])
def test_another_optimizer_takes_its_own_learning_rate_and_epsilon(other: type) -> None:
    assert switch(Adam(learning_rate=0.006, epsilon=1e-4), other) == other()
    assert switch(other(learning_rate=0.5), Adam) == Adam()


def test_what_nobody_chose_takes_the_default_of_the_new_class() -> None:
    assert switch(CrossEntropy(), MeanSquaredError) == MeanSquaredError()
    assert CrossEntropy().over_outputs != MeanSquaredError().over_outputs
    assert switch(switch(CosineRestarts(), Step), Exponential) == Exponential()


def test_switching_back_to_the_kind_of_the_default_gives_the_values_of_the_default() -> None:
    default = Adam(learning_rate=0.006)
    assert switch(Sgd(), Adam, default=default) == default
    assert switch(AdamW(beta1=0.8), Adam, default=default) == replace(default, beta1=0.8)
    assert parse_at(Experiment(optimizer=Sgd()), "optimizer", "adam") == Experiment()


def test_switching_drops_what_is_not_legal_there() -> None:
    # a share of 0.3 is no number of samples
    assert switch(Noise(samples=77, validation=0.3), Mnist) == Mnist(validation=0.3)
    from nnstudio.data.catalogue.handwriting import Handwriting

    assert switch(Noise(validation=0.3, seed=5), Handwriting) == Handwriting(seed=5)


def test_switching_there_and_back_keeps_what_both_have() -> None:
    old = Mnist(validation=0.2)
    assert switch(switch(old, FashionMnist), Mnist) == old


def test_switching_to_what_needs_more_than_the_old_has_is_refused() -> None:
    with pytest.raises(SpecError, match="needed: is missing"):
        switch(Sgd(), Strict)


# ---- what a person writes


def written(path: str, value: str) -> dict[tuple[str | int, ...], Any]:
    changed = parse_at(TWO_LAYERS, path, value)
    return {
        place: value_at(changed, place) if place else changed
        for place in differences(TWO_LAYERS, changed)
    }


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("seed", "7", 7),
        ("optimizer.learning_rate", "1e-2", 0.01),
        ("optimizer.learning_rate", "1", 1.0),
        ("network.layers.1.units", "32", 32),
        ("stopping.epochs", "null", None),
        ("stopping.patience", "3", 3),
        ("data.classes", "[1, 7]", (1, 7)),
        ("data.shuffled", "false", False),
        ("precision", "float64", "float64"),
        ("loss.over_batch", "sum", "sum"),
        ("data.sources.0.source.seed", "4", 4),
        ("network.layers", "[]", ()),
    ],
)
def test_a_value_is_read_as_json_or_as_a_bare_word(path: str, value: str, expected: Any) -> None:
    place = tuple(int(part) if part.isdecimal() else part for part in path.split("."))
    assert written(path, value) == {place: expected}


@pytest.mark.parametrize("path", ["optimizer", "optimizer.kind"])
def test_a_union_is_switched_by_name_and_keeps_what_means_the_same(path: str) -> None:
    assert written(path, "sgd") == {("optimizer",): Sgd()}
    assert written(path, "adamw") == {("optimizer",): AdamW(learning_rate=0.002)}


def test_a_union_takes_a_whole_group_of_settings_too() -> None:
    group = json.dumps({"kind": "sgd", "momentum": 0.5})
    assert written("optimizer", group) == {("optimizer",): Sgd(momentum=0.5)}


def test_a_text_is_taken_as_it_is_written() -> None:
    assert parse_at(Words(), "word", "12").word == "12"
    assert parse_at(Words(), "word", "no JSON {").word == "no JSON {"
    assert parse_at(Words(), "word", '"12"').word == "12"
    assert parse_at(Words(word="a"), "word", "null").word is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("optimizer", "sgdd", "must be one of sgd, adam"),
        ("optimizer.learning_rate", "0", "must be greater than 0"),
        ("optimizer.learning_rate", "NaN", "must be a finite number"),
        ("optimizer.learning_rate", "0,01", "must be a number"),
        ("precision", "float16", "must be one of float32, float64"),
        ("seed", "1.5", "must be a whole number"),
        ("seed", "9" * 5000, "must be a whole number"),
        ("seed", "[" * 100_000, "must be a whole number"),
        ("network", "wide", "must be a group of settings"),
        ("optimizer.momentum", "0.9", "there is no setting of this name"),
        ("9" * 5000, "1", "there is no setting of this name"),
        ("", "1", "there is no setting of this name"),
        ("kind", "sgd", "there is no setting of this name"),
        ("optimizer..kind", "sgd", "there is no setting of this name"),
    ],
)
def test_what_cannot_be_is_refused_in_words(path: str, value: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        parse_at(DEFAULT, path, value)


# ---- comparing


def test_equal_specs_do_not_differ() -> None:
    assert differences(DEFAULT, replace(DEFAULT)) == ()


def test_differences_are_named_in_field_order() -> None:
    other = replace(
        DEFAULT,
        seed=3,
        optimizer=replace(DEFAULT.optimizer, learning_rate=0.5),
        precision="float64",
    )
    assert differences(DEFAULT, other) == (
        ("optimizer", "learning_rate"),
        ("precision",),
        ("seed",),
    )


def test_another_member_of_a_union_is_one_difference() -> None:
    assert differences(DEFAULT, replace(DEFAULT, loss=MeanSquaredError())) == (("loss",),)


def test_lists_of_other_lengths_are_one_difference() -> None:
    assert differences(DEFAULT, TWO_LAYERS) == (("network", "layers"),)


def test_a_list_beside_nothing_is_one_difference() -> None:
    assert differences((1, 2), None) == ((),)


def test_items_of_lists_are_compared_one_by_one() -> None:
    other = replace_at(
        DEFAULT, ("data",), DataSettings(sources=(WeightedSource(source=Mnist(), weight=2.0),))
    )
    assert differences(DEFAULT, other) == (
        ("data", "sources", 0, "source"),
        ("data", "sources", 0, "weight"),
    )


@given(instances(Experiment), instances(Experiment))
def test_copying_all_differences_makes_two_experiments_equal(
    one: Experiment, other: Experiment
) -> None:
    changed = one
    for path in differences(one, other):
        changed = replace_at(changed, path, value_at(other, path))
    assert changed == other


@given(instances(Experiment))
def test_every_leaf_can_be_set_from_what_is_written_in_its_json(experiment: Experiment) -> None:
    def leaves(data: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
        if isinstance(data, dict):
            return [found for key, inner in data.items() for found in leaves(inner, (*path, key))]
        if isinstance(data, list) and data and isinstance(data[0], dict):
            return [
                found
                for place, inner in enumerate(data)
                for found in leaves(inner, (*path, str(place)))
            ]
        return [(path, data)]

    for path, value in leaves(to_json(experiment), ()):
        if path[-1] != "kind" or len(path) > 1:
            try:
                again = parse_at(experiment, ".".join(path), json.dumps(value))
            except SpecError:
                # the tag of a field with one member only is no setting
                assert path[-1] == "kind"
            else:
                assert again == experiment


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("seed", ("seed",)),
        ("network.layers.0.units", ("network", "layers", 0, "units")),
        ("9" * 5000, ("9" * 5000,)),
    ],
)
def test_a_dotted_path_has_numbers_for_places_in_lists(written: str, path: Path) -> None:
    assert path_of(written) == path


def test_a_remedy_puts_all_its_values_in_place() -> None:
    experiment = Experiment()
    remedy = ((("network", "output", "activation"), Identity()), (("loss",), MeanSquaredError()))
    mended = remedied(experiment, remedy)
    assert mended.network.output.activation == Identity()
    assert mended.loss == MeanSquaredError()
    assert differences(experiment, mended) == (("network", "output", "activation"), ("loss",))
