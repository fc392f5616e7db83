"""What tests of the window get: a workbench that is cranked by hand and closed at the end."""

from collections.abc import Iterator

import pytest

from tests.gui.bench_kit import Kit


@pytest.fixture
def kit(qapp: object) -> Iterator[Kit]:
    """A workbench with everything around it in the hands of the test."""
    made = Kit()
    yield made
    made.bench.close(forget=True)
