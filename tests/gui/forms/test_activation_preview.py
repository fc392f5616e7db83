"""The picture of an activation shows its own numbers, whatever it is."""

from typing import get_args

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.activation_preview import ActivationPreview, joins_units, sketch_of
from nnstudio.nn.activations import Activation, Identity, LeakyRelu, Relu, Sigmoid, Softmax, Tanh

MEMBERS = get_args(get_args(Activation)[0])
ALONE = [one for one in MEMBERS if not joins_units(one())]


@pytest.fixture
def preview(qtbot: QtBot) -> ActivationPreview:
    made = ActivationPreview()
    qtbot.addWidget(made)
    made.resize(264, 140)
    return made


def test_only_softmax_joins_units() -> None:
    assert [one for one in MEMBERS if joins_units(one())] == [Softmax]


@pytest.mark.parametrize("cls", ALONE)
def test_the_derivative_that_is_drawn_is_the_slope_of_what_is_drawn(
    cls: type, qapp: object
) -> None:
    slope, value = sketch_of(cls()).scene.lines
    between = np.diff(value.y) / np.diff(value.x)
    drawn = (slope.y[1:] + slope.y[:-1]) / 2
    smooth = np.isfinite(drawn)
    assert np.mean(smooth) > 0.98
    assert np.abs(between - drawn)[smooth].max() < 0.05


@pytest.mark.parametrize("cls", ALONE)
def test_what_is_drawn_fits_between_the_ends_of_the_axis(cls: type, qapp: object) -> None:
    scene = sketch_of(cls()).scene
    for line in scene.lines:
        assert np.nanmin(line.y) > scene.y.low
        assert np.nanmax(line.y) < scene.y.high


def test_saturated_sums_are_shaded(qapp: object) -> None:
    (left, right) = sketch_of(Tanh()).shaded
    assert left[1] == pytest.approx(-2.5, abs=0.03)
    assert right[0] == pytest.approx(2.5, abs=0.03)
    assert sketch_of(Relu()).shaded[0][1] == pytest.approx(0, abs=0.03)
    assert sketch_of(Identity()).shaded == ()


def test_the_key_names_shading_only_where_there_is_some(qapp: object) -> None:
    assert [key.name for key in sketch_of(Identity()).keys] == ["value", "derivative"]
    assert [key.name for key in sketch_of(Sigmoid()).keys] == ["value", "derivative", "saturated"]


def test_the_pointer_reads_value_and_derivative(qapp: object) -> None:
    read = sketch_of(LeakyRelu(slope=0.1)).read
    assert read is not None
    assert read(-2.0) == "Sum −2.00: value −0.200, derivative 0.100"


def test_softmax_is_shown_by_an_example(preview: ActivationPreview) -> None:
    preview.show_value(Softmax())
    assert preview.plot.isHidden()
    assert preview.bars.accessibleName() == (
        "Example: 1, 2, 5, 3 becomes 0.015, 0.041, 0.831, 0.112."
    )


def test_the_same_activation_is_not_drawn_twice(preview: ActivationPreview) -> None:
    preview.show_value(Tanh())
    sketch = preview.plot.sketch
    preview.show_value(Tanh())
    assert preview.plot.sketch is sketch
    preview.show_value(Relu())
    assert preview.plot.sketch is not sketch
