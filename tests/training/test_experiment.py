import json

import pytest
from hypothesis import given

from nnstudio.errors import NnstudioError
from nnstudio.training.experiment import (
    FORMAT_VERSION,
    Experiment,
    dumps,
    loads,
)
from tests.strategies import experiments, tiny_experiment


@given(experiments())
def test_an_experiment_survives_json(experiment: Experiment) -> None:
    assert loads(dumps(experiment)) == experiment


def test_every_field_is_written_with_the_version_of_the_format() -> None:
    data = json.loads(dumps(Experiment()))
    assert data["format_version"] == FORMAT_VERSION
    assert data["batches"] == {"size": 128, "replacement": False, "drop_last": False}


def test_fields_that_are_left_out_take_their_defaults() -> None:
    assert loads('{"format_version": 1, "seed": 7}') == Experiment(seed=7)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        "{}",
        '{"seed": 3}',
        '{"format_version": 2}',
        '{"format_version": 0}',
        '{"format_version": true}',
        '{"format_version": "1"}',
        '{"format_version": 1, "seed": -1}',
        '{"format_version": 1, "seeed": 1}',
        '{"format_version": 1, "optimizer": {"kind": "sgdd"}}',
        '{"format_version": 1, "optimizer": {"kind": "sgd", "learning_rate": NaN}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_experiment_is_refused_in_one_sentence(written: str) -> None:
    with pytest.raises(NnstudioError) as error:
        loads(written)
    assert len(str(error.value)) > 10


def test_a_newer_version_is_named_as_such() -> None:
    with pytest.raises(NnstudioError, match="newer"):
        loads('{"format_version": 99, "something": "new"}')


def test_equal_experiments_are_equal_and_hash_alike() -> None:
    assert tiny_experiment() == tiny_experiment()
    assert hash(tiny_experiment()) == hash(tiny_experiment())
