"""A spec within a source is a group that folds, says what was changed, and opens for mistakes."""

from typing import Annotated, Any, Literal

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.group import Group
from nnstudio.gui.forms.part import Shown
from nnstudio.gui.forms.spec_form import SpecForm, UnionPart
from nnstudio.problems import Problem
from nnstudio.spec import Display, Field, describe, spec
from nnstudio.texts import text
from tests.gui.forms.test_editors import enter


@spec(title="Pen", help="What writes.")
class Pen:
    width: Annotated[float, Field(gt=0, le=5, title="Width", description="How wide.")] = 1.0
    digest: Annotated[str, Field(title="Digest"), Display(hidden=True)] = ""


@spec(title="Writer")
class Writer:
    kind: Literal["writer"] = "writer"
    pen: Pen = Pen()


@spec(title="Printer")
class Printer:
    kind: Literal["printer"] = "printer"


@spec(title="Whole")
class Whole:
    source: Annotated[Writer | Printer, Field(discriminator="kind", title="Source")] = Writer()
    pen: Pen = Pen()


class Bench:
    """A union with a group in it, and what was sent."""

    def __init__(self, qtbot: QtBot) -> None:
        self.union = UnionPart(describe(Whole)[0])
        qtbot.addWidget(self.union)
        self.heard: list[Any] = []
        self.union.edited.connect(self.heard.append)
        self.union.show_this(Shown(Writer(), default=Writer()))
        self.union.show()

    @property
    def group(self) -> Group:
        assert self.union.form is not None
        found = self.union.form.parts["pen"]
        assert isinstance(found, Group)
        return found

    @property
    def rows(self) -> Any:
        return self.group.inner()[0]


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_a_group_is_folded_until_its_heading_is_clicked(bench: Bench) -> None:
    assert bench.group.header.text() == "Pen"
    assert not bench.rows.isVisible()
    bench.group.header.click()
    assert bench.rows.isVisible()


def test_a_spec_outside_of_a_union_stays_plain_rows(qtbot: QtBot) -> None:
    form = SpecForm(Whole)
    qtbot.addWidget(form)
    assert isinstance(form.parts["pen"], SpecForm)


def test_an_edit_within_sends_the_whole_and_is_counted_at_the_heading(bench: Bench) -> None:
    enter(bench.rows.parts["width"].editor, "2")
    assert bench.heard == [Writer(pen=Pen(width=2.0))]
    bench.union.show_this(Shown(bench.heard[-1], default=Writer()))
    assert bench.group.note.text() == "1 changed"


def test_what_is_wrong_opens_the_group(bench: Bench) -> None:
    wrong = (Problem(("pen", "width"), text("too wide")),)
    bench.union.show_this(Shown(Writer(), wrong, default=Writer()))
    assert bench.group.opened


def test_an_entry_that_is_refused_keeps_the_group_open(bench: Bench) -> None:
    enter(bench.rows.parts["width"].editor, "9")
    assert bench.group.opened
    assert bench.heard == []


def test_what_is_never_typed_has_no_row(bench: Bench) -> None:
    assert list(bench.rows.parts) == ["width"]
