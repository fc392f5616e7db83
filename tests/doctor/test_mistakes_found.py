"""The whole table of classic mistakes on real pictures: each is found, planted and switched on.

The fast sibling is `test_naming`, with the same mistakes on tiny data.
"""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.faults.sick import NAMES

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "mistakes_found.py"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mistakes_found", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_names_every_mistake() -> None:
    assert set(script().EXPECTED) == set(NAMES)


@pytest.mark.slow
def test_every_mistake_is_found_as_the_table_says() -> None:
    assert script().main([]) == 0
