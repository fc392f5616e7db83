import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from nnstudio.errors import NnstudioError
from nnstudio.training.experiment import Experiment
from nnstudio.training.recipe import Change, Parent, Recipe
from tests.strategies import experiments


@given(experiments())
def test_a_recipe_survives_json(experiment: Experiment) -> None:
    parent = Recipe(experiment, threads=2, end_step=7, data_sha256="ab")
    recipe = Recipe(
        replace(experiment, seed=1),
        parent=Parent(parent, 5),
        initial_sha256="cd",
        changes=(Change(0, "optimizer.learning_rate", 0.25), Change(4, "batches.size", 3)),
        data_sha256="ab",
    )
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("experiment", None),
        ("experiment", {"format_version": 1, "seed": -1}),
        ("parent", {}),
        ("parent", 3),
        ("changes", 3),
        ("changes", [[1, "seed"]]),
        ("changes", [[-1, "seed", 3]]),
        ("changes", [[1, 2, 3]]),
        ("changes", [[1, "seed", None]]),
        ("threads", -1),
        ("threads", True),
        ("end_step", "7"),
        ("data_sha256", None),
        ("initial_sha256", 7),
    ],
)
def test_a_damaged_recipe_is_refused(name: str, value: Any) -> None:
    data = Recipe(Experiment()).to_json()
    data[name] = value
    with pytest.raises(NnstudioError):
        Recipe.from_json(data)


def test_a_recipe_with_a_missing_field_is_refused() -> None:
    for name in Recipe(Experiment()).to_json().keys() - {"thread_changes"}:
        data = Recipe(Experiment()).to_json()
        del data[name]
        with pytest.raises(NnstudioError):
            Recipe.from_json(data)


def test_a_recipe_says_everything_in_its_json() -> None:
    assert set(Recipe(Experiment()).to_json()) == {
        "experiment",
        "parent",
        "initial_sha256",
        "changes",
        "threads",
        "thread_changes",
        "end_step",
        "data_sha256",
    }
