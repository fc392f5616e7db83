"""What a form says about a setting: its range in one sentence, its values as people read them."""

from dataclasses import replace
from typing import Any

import pytest

from nnstudio.faults import fault_named
from nnstudio.gui.forms.words import broken, number, range_of, summary_of, tooltip, value_of
from nnstudio.nn.constraints import MaxNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.penalties import ElasticNet
from nnstudio.paths import setting_at
from nnstudio.spec import Choice, Display, Setting
from nnstudio.training.experiment import Experiment


def made(**values: Any) -> Setting:
    return Setting(
        **{"name": "n", "title": "T", "help": "H.", "kind": "number", "default": None} | values
    )


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        ({}, ""),
        ({"minimum": 1}, "At least 1."),
        ({"minimum": 0, "open_minimum": True}, "More than 0."),
        ({"maximum": 5}, "At most 5."),
        ({"maximum": 5, "open_maximum": True}, "Less than 5."),
        ({"minimum": 0, "maximum": 10}, "From 0 to 10."),
        ({"minimum": 0, "maximum": 10, "open_minimum": True}, "More than 0, at most 10."),
        ({"minimum": 0, "maximum": 1, "open_maximum": True}, "From 0 to less than 1."),
        (
            {"minimum": 0, "maximum": 1, "open_minimum": True, "open_maximum": True},
            "Between 0 and 1.",
        ),
    ],
)
def test_the_range_is_one_sentence(bounds: dict[str, Any], sentence: str) -> None:
    assert range_of(made(**bounds)) == sentence


def test_the_tooltip_gives_title_help_and_range() -> None:
    assert tooltip(made(minimum=1)) == "T\nH.\nAt least 1."


def test_the_tooltip_says_how_to_switch_an_optional_number_off() -> None:
    assert tooltip(made(optional=True)).endswith("Leave empty for off.")


def test_numbers_are_shown_with_their_unit() -> None:
    assert number(0.1, made(display=Display(unit="%"))) == "10 %"
    assert number(5, made(display=Display(unit="s"))) == "5 s"
    assert number(0.002, made()) == "2e-3"
    assert number(20_000, made(kind="integer")) == "20\u202f000"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (None, "number", "off"),
        (0.5, "number", "0.5"),
        (7, "integer", "7"),
        (True, "flag", "on"),
        (False, "flag", "off"),
        ("b", "choice", "Bee"),
        ((1, 2), "list", "1, 2"),
        ((), "list", "all"),
        ("word", "text", "word"),
        (Sgd(), "union", "SGD"),
    ],
)
def test_every_kind_of_value_can_be_read(value: Any, kind: Any, shown: str) -> None:
    assert value_of(value, made(kind=kind, choices=(Choice("b", "Bee"),))) == shown


def test_what_is_too_long_for_a_chip_is_said_in_initials() -> None:
    layer = HiddenLayer(normalization=BatchNorm(), dropout=Dropout(rate=0.2))
    assert summary_of(layer, without=()) == ("batch norm", "dropout 20 %")
    longer = replace(layer, penalty=ElasticNet(), constraint=MaxNorm(limit=3.0))
    assert summary_of(longer, without=()) == ("BN", "dropout 20 %", "EN", "max-norm 3")
    assert summary_of(HiddenLayer(), without=()) == ()


def test_long_words_of_a_tooltip_are_broken_into_lines() -> None:
    told = broken("one word after the other " * 10)
    assert max(map(len, told.splitlines())) <= 72
    assert " ".join(told.split()) == " ".join(("one word after the other " * 10).split())


def test_chinese_is_broken_too_and_no_line_begins_with_a_sign() -> None:
    words = "梯度的每个数都被截断在限值处，因此方向可能改变。" * 6
    lines = broken(words).splitlines()
    assert "".join(lines) == words
    assert max(map(len, lines)) <= 38
    assert not any(line[0] in "，。" for line in lines)


def test_classic_mistakes_are_shown_by_their_titles() -> None:
    setting = setting_at(Experiment(), ("faults",))
    pair = (fault_named("softmax-twice"), fault_named("gradient-sign"))
    assert value_of(pair, setting) == "softmax twice, wrong sign"
    assert value_of((), setting) == "none"
