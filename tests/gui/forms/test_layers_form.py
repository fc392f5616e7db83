"""Layers are chips: added, removed, moved and edited, each with all its settings when open."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.chips import Chevron, Grip, QuietNumber
from nnstudio.gui.forms.explanation import Explanation
from nnstudio.gui.forms.layer_chip import LayerChip
from nnstudio.gui.forms.layers_form import LayersForm
from nnstudio.gui.forms.part import Shown
from nnstudio.nn.activations import Identity, LeakyRelu, Tanh
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.initializers import GlorotNormal, GlorotUniform, HeNormal, Normal, Zeros
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.penalties import L2
from nnstudio.spec import Problem, describe, help_of
from nnstudio.texts import text
from nnstudio.training.facts import DataFacts
from tests.gui.forms.test_editors import enter

THREE = NetworkSpec(layers=tuple(HiddenLayer(units=units) for units in (30, 20, 10)))
FACTS = DataFacts(
    training=8,
    validation=1,
    test=1,
    inputs=784,
    outputs=10,
    image_shape=(28, 28),
    class_names=tuple("0123456789"),
    known_classes=tuple("0123456789"),
    constant_inputs=np.zeros(784, bool),
    sha256="0" * 64,
)


def units_of(chip: LayerChip) -> QuietNumber:
    """The field for the units of a hidden layer."""
    assert chip.units is not None
    return chip.units


class Bench:
    """Layers, and what was sent."""

    def __init__(self, qtbot: QtBot, network: NetworkSpec = THREE) -> None:
        self.qtbot = qtbot
        self.form = LayersForm()
        qtbot.addWidget(self.form)
        self.heard: list[Any] = []
        self.form.edited.connect(self.heard.append)
        self.form.show_facts(FACTS)
        self.form.show_this(Shown(network))
        self.form.resize(272, 600)
        self.form.show()

    @property
    def shown(self) -> list[str]:
        return [chip.units.text() for chip in self.form.chips if chip.units is not None]

    @property
    def sent(self) -> list[int]:
        return [layer.units for layer in self.heard[-1].layers]

    def key(self, at: int, key: Qt.Key, *, alt: bool = False) -> None:
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.form.chips[at].chip, key, modifier)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_layers_are_shown_with_units_and_parameters(bench: Bench) -> None:
    assert bench.shown == ["30", "20", "10"]
    numbers = [chip.parameters.text() for chip in bench.form.chips]
    assert numbers == ["23\u202f550", "620", "210"]
    assert bench.form.output.parameters.text() == "110"
    assert bench.form.output.fixed_units.text() == "10"


def test_running_statistics_are_not_counted_as_parameters(qtbot: QtBot) -> None:
    bench = Bench(qtbot, NetworkSpec(layers=(HiddenLayer(units=30, normalization=BatchNorm()),)))
    assert bench.form.chips[0].parameters.text() == "23\u202f610"


def test_sizes_are_not_shown_while_the_data_are_unknown(bench: Bench) -> None:
    bench.form.show_facts(None)
    assert bench.form.chips[0].parameters.text() == ""
    assert bench.form.output.fixed_units.isHidden()


def test_units_are_edited_in_the_chip(bench: Bench) -> None:
    enter(units_of(bench.form.chips[1]), "64")
    assert bench.sent == [30, 64, 10]


def test_units_out_of_bounds_are_refused_under_the_chip(bench: Bench) -> None:
    with bench.qtbot.waitSignal(bench.form.refusal_changed):
        enter(units_of(bench.form.chips[1]), "0")
    assert bench.heard == []
    assert bench.form.chips[1].complaint.isVisible()
    assert str(bench.form.refusal).startswith("Layer 2: ")
    enter(units_of(bench.form.chips[1]), "5")
    assert bench.form.refusal is None


def test_the_activation_is_chosen_in_the_chip(bench: Bench) -> None:
    QTest.keyClicks(bench.form.chips[0].activation, "tanh")
    assert bench.heard[-1].layers[0] == HiddenLayer(units=30, activation=Tanh())


def test_the_output_has_an_activation_too(bench: Bench) -> None:
    QTest.keyClicks(bench.form.output.activation, "identity")
    assert bench.heard == [replace(THREE, output=OutputLayer(activation=Identity()))]


# ---- adding, removing, moving


def test_a_new_layer_is_like_the_last_one(bench: Bench) -> None:
    bench.form.add_button.click()
    assert bench.sent == [30, 20, 10, 10]
    assert bench.shown == ["30", "20", "10", "10"]


def test_the_size_of_a_new_layer_can_be_typed_at_once(bench: Bench) -> None:
    bench.form.activateWindow()
    bench.form.add_button.click()
    units = units_of(bench.form.chips[-1])
    assert QApplication.focusWidget() is units
    QTest.keyClicks(units, "7")
    QTest.keyClick(units, Qt.Key.Key_Return)
    assert bench.sent == [30, 20, 10, 7]


@pytest.mark.parametrize("written", ["0", "64"])
def test_return_in_the_units_sends_them_and_neither_opens_nor_closes(
    bench: Bench, written: str
) -> None:
    bench.form.activateWindow()
    chip = bench.form.chips[0]
    for opened in (False, True):
        chip.set_opened(opened=opened)
        units_of(chip).setFocus()
        enter(units_of(chip), written)
        assert chip.opened == opened
    chip.activation.setFocus()
    QTest.keyClick(chip.activation, Qt.Key.Key_Return)
    assert chip.opened


def test_the_first_layer_is_the_default_one(qtbot: QtBot) -> None:
    bench = Bench(qtbot, NetworkSpec(layers=()))
    bench.form.add_button.click()
    assert bench.heard == [NetworkSpec(layers=(HiddenLayer(),))]


def test_there_is_an_end_to_adding(qtbot: QtBot) -> None:
    bench = Bench(qtbot, NetworkSpec(layers=(HiddenLayer(),) * 50))
    assert not bench.form.add_button.isEnabled()
    assert "50" in bench.form.add_button.toolTip()


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_layer_is_removed_by_key_and_the_next_one_has_the_keyboard(
    bench: Bench, key: Qt.Key
) -> None:
    bench.key(1, key)
    assert bench.sent == [30, 10]
    assert bench.shown == ["30", "10"]
    assert bench.form.chips[1].chip.hasFocus()


def test_every_layer_can_be_removed(qtbot: QtBot) -> None:
    bench = Bench(qtbot, NetworkSpec())
    bench.form.chips[0].remove_wished.emit()
    assert bench.heard == [NetworkSpec(layers=())]
    assert bench.form.weights.isHidden()


def test_the_output_cannot_be_removed(bench: Bench) -> None:
    QTest.keyClick(bench.form.output.chip, Qt.Key.Key_Delete)
    assert bench.heard == []


@pytest.mark.parametrize(
    ("at", "key", "order"),
    [(0, Qt.Key.Key_Down, [20, 30, 10]), (2, Qt.Key.Key_Up, [30, 10, 20])],
)
def test_a_layer_moves_by_alt_and_arrow_and_keeps_the_keyboard(
    bench: Bench, at: int, key: Qt.Key, order: list[int]
) -> None:
    bench.key(at, key, alt=True)
    assert bench.sent == order
    assert bench.shown == [str(units) for units in order]
    assert bench.form.chips[order.index(THREE.layers[at].units)].chip.hasFocus()


@pytest.mark.parametrize(("at", "key"), [(0, Qt.Key.Key_Up), (2, Qt.Key.Key_Down)])
def test_a_layer_does_not_move_past_the_ends(bench: Bench, at: int, key: Qt.Key) -> None:
    bench.key(at, key, alt=True)
    assert bench.heard == []


def test_moving_equal_layers_changes_nothing_and_shows_them_still(qtbot: QtBot) -> None:
    bench = Bench(qtbot, NetworkSpec(layers=(HiddenLayer(), HiddenLayer())))
    bench.key(0, Qt.Key.Key_Down, alt=True)
    assert bench.heard in ([], [NetworkSpec(layers=(HiddenLayer(), HiddenLayer()))])
    assert bench.shown == ["256", "256"]


def test_a_layer_is_dragged_to_its_place(bench: Bench) -> None:
    first, last = bench.form.chips[0], bench.form.chips[2]
    below = last.chip.mapToGlobal(QPoint(5, last.chip.height() - 2))
    first.dragged.emit(below.y())
    first.dropped.emit()
    assert bench.sent == [20, 10, 30]


def test_the_grip_follows_the_mouse(bench: Bench) -> None:
    first, last = bench.form.chips[0], bench.form.chips[2]
    grip = first.findChildren(Grip)[0]
    target = grip.mapFromGlobal(last.chip.mapToGlobal(QPoint(5, last.chip.height() - 2)))
    QTest.mouseMove(grip, target)
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseMove(grip, target)
    bench.form.grab()
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=target)
    assert bench.sent == [20, 10, 30]


def test_a_click_on_the_grip_moves_nothing(bench: Bench) -> None:
    QTest.mouseClick(bench.form.chips[0].findChildren(Grip)[0], Qt.MouseButton.LeftButton)
    assert bench.heard == []
    assert not bench.form.chips[0].opened


def test_the_keys_of_a_layer_are_kept_from_the_shortcuts_of_the_window(bench: Bench) -> None:
    clear = QAction(bench.form)
    clear.setShortcut("Delete")
    bench.form.addAction(clear)
    fired: list[bool] = []
    clear.triggered.connect(lambda: fired.append(True))
    bench.form.chips[0].chip.setFocus()
    QTest.keyClick(bench.form.chips[0].chip, Qt.Key.Key_Delete)
    assert fired == []
    assert bench.sent == [20, 10]


def test_a_layer_that_is_dropped_where_it_was_stays(bench: Bench) -> None:
    first = bench.form.chips[0]
    first.dragged.emit(first.chip.mapToGlobal(QPoint(5, 2)).y())
    first.dropped.emit()
    first.dropped.emit()
    assert bench.heard == []


def test_what_was_typed_into_a_removed_layer_does_not_stay_for_another(bench: Bench) -> None:
    enter(units_of(bench.form.chips[1]), "0")
    bench.key(1, Qt.Key.Key_Delete)
    assert bench.form.refusal is None
    assert bench.shown == ["30", "10"]


# ---- all settings


def test_a_click_opens_and_closes_all_settings_of_a_layer(bench: Bench) -> None:
    chip = bench.form.chips[0]
    middle = QPoint(chip.chip.width() - 60, 14)
    QTest.mouseClick(chip.chip, Qt.MouseButton.LeftButton, pos=middle)
    assert chip.opened
    rest = [one.name for one in describe(HiddenLayer) if one.name not in {"units", "activation"}]
    assert list(chip.rows.form.parts) == ["activation", *rest]
    bench.key(0, Qt.Key.Key_Return)
    assert not chip.opened


def test_the_settings_of_an_open_layer_are_edited(bench: Bench) -> None:
    bench.form.expand(2)
    bias: Any = bench.form.chips[2].rows.form.parts["bias"]
    bias.editor.click()
    assert bench.heard[-1].layers[2] == HiddenLayer(units=10, bias=False)


def test_an_edit_in_the_chip_is_kept_by_an_edit_in_the_rows(bench: Bench) -> None:
    enter(units_of(bench.form.chips[2]), "5")
    bias: Any = bench.form.chips[2].rows.form.parts["bias"]
    bias.editor.click()
    assert bench.heard[-1].layers[2] == HiddenLayer(units=5, bias=False)


def test_a_chip_says_in_short_what_else_the_layer_has(bench: Bench) -> None:
    layer = HiddenLayer(normalization=BatchNorm(), dropout=Dropout(rate=0.2), penalty=L2(l2=1e-4))
    bench.form.show_this(Shown(NetworkSpec(layers=(layer, HiddenLayer()))))
    first, second = (chip.chip for chip in bench.form.chips)
    assert first.summary.text() == "BN · dropout 20 % · L2 1e-4"
    assert first.height() > second.height()
    assert second.summary.isHidden()


def test_the_fields_of_an_activation_are_edited_in_an_open_layer(bench: Bench) -> None:
    network = NetworkSpec(layers=(HiddenLayer(activation=LeakyRelu()),))
    bench.form.show_this(Shown(network))
    bench.form.expand(0)
    part: Any = bench.form.chips[0].rows.form.parts["activation"]
    enter(part.form.parts["slope"].editor, "0.3")
    assert bench.heard[-1].layers[0].activation == LeakyRelu(slope=0.3)


def test_the_activation_of_an_open_layer_is_drawn(bench: Bench) -> None:
    bench.form.expand(0)
    drawing = bench.form.chips[0].rows.activation
    before = drawing.plot.sketch
    bench.form.show_this(Shown(replace(THREE, layers=(HiddenLayer(activation=Tanh()),) * 3)))
    assert drawing.plot.sketch is not before
    assert drawing.plot.sketch is not None
    assert len(drawing.plot.sketch.shaded) == 2


def test_what_is_wrong_with_a_number_of_an_activation_is_said_at_its_row(bench: Bench) -> None:
    network = NetworkSpec(layers=(HiddenLayer(activation=LeakyRelu()),))
    wrong = Problem(("layers", 0, "activation", "slope"), text("too steep"))
    bench.form.show_this(Shown(network, (wrong,)))
    chip = bench.form.chips[0]
    assert chip.opened
    assert chip.complaint.text() == ""
    part: Any = chip.rows.form.parts["activation"]
    assert part.form.parts["slope"].row.complaint.text() == "too steep"


def test_rows_that_rarely_matter_are_a_click_away(bench: Bench) -> None:
    bench.form.expand(0)
    rows = bench.form.chips[0].rows
    biases: Any = rows.form.parts["biases"]
    assert biases.kind.isHidden()
    rows.more.click()
    assert not biases.kind.isHidden()
    rows.more.click()
    assert biases.kind.isHidden()


def test_one_row_sets_the_initial_weights_of_all_layers(bench: Bench) -> None:
    assert bench.form.weights.kind.editor.currentText() == "He normal"
    QTest.keyClick(bench.form.weights.kind.editor, Qt.Key.Key_Up)
    assert {layer.weights for layer in bench.heard[-1].layers} == {GlorotUniform()}


def test_the_row_for_all_layers_says_that_it_speaks_for_the_hidden_ones(bench: Bench) -> None:
    assert bench.form.for_all.isVisible()
    assert bench.form.for_all.text() == "In all hidden layers"
    bench.form.show_this(Shown(NetworkSpec(layers=())))
    assert bench.form.for_all.isHidden()


def test_what_initial_weights_of_zero_teach_is_said_at_the_field(qtbot: QtBot) -> None:
    def words(form: LayersForm) -> list[str]:
        found = form.findChildren(Explanation)
        return [one.text() for one in found if one.isVisible()]

    bench = Bench(qtbot)
    assert words(bench.form) == []
    zeros = NetworkSpec(layers=(HiddenLayer(weights=Zeros()),))
    bench = Bench(qtbot, zeros)
    assert words(bench.form) == [help_of(Zeros)]
    bench.form.chips[0].set_opened(opened=True)
    assert words(bench.form).count(help_of(Zeros)) == 2


def test_a_chip_shows_that_it_can_be_opened_and_whether_it_is(bench: Bench) -> None:
    chip = bench.form.chips[0]
    sign = next(iter(chip.chip.findChildren(Chevron)))
    assert sign.isVisible()
    assert not sign.opened
    place = sign.mapTo(chip.chip, sign.rect().center())
    QTest.mouseClick(chip.chip, Qt.MouseButton.LeftButton, pos=place)
    assert chip.opened
    assert sign.opened
    bench.key(0, Qt.Key.Key_Return)
    assert not sign.opened


def test_settings_of_the_common_initial_weights_reach_all_layers(qtbot: QtBot) -> None:
    layers = tuple(HiddenLayer(units=units, weights=Normal()) for units in (3, 2))
    bench = Bench(qtbot, NetworkSpec(layers=layers))
    assert bench.form.weights.form is not None
    std: Any = bench.form.weights.form.parts["std"]
    enter(std.editor, "0.5")
    assert {layer.weights for layer in bench.heard[-1].layers} == {Normal(std=0.5)}


def test_layers_that_start_differently_are_said_to(qtbot: QtBot) -> None:
    layers = (HiddenLayer(weights=GlorotNormal()), HiddenLayer(weights=HeNormal()))
    bench = Bench(qtbot, NetworkSpec(layers=layers))
    assert bench.form.weights.kind.editor.currentText() == "various"
    assert bench.heard == []
    QTest.keyClick(bench.form.weights.kind.editor, Qt.Key.Key_End)
    assert len({layer.weights for layer in bench.heard[-1].layers}) == 1


# ---- problems and marks


def test_a_problem_is_shown_under_the_layer_that_its_path_names(bench: Bench) -> None:
    problems = (
        Problem(("layers", 1, "activation"), text("does not fit")),
        Problem(("output", "weights"), text("is too large")),
        Problem(("layers",), text("is too deep")),
    )
    bench.form.show_this(Shown(THREE, problems))
    assert bench.form.chips[1].complaint.text() == "does not fit"
    assert bench.form.output.opened
    assert bench.form.complaint.text() == "is too deep"
    assert bench.form.wrong


def test_a_layer_that_differs_from_the_running_one_has_a_mark_that_goes_back(
    bench: Bench,
) -> None:
    running = replace(THREE, layers=(HiddenLayer(units=99), *THREE.layers[1:]))
    bench.form.show_this(Shown(THREE, running=running))
    assert [chip.mark.shown for chip in bench.form.chips] == [True, False, False]
    bench.form.chips[0].mark.click()
    assert bench.sent == [99, 20, 10]


def test_a_layer_that_the_run_does_not_have_has_a_mark(bench: Bench) -> None:
    bench.form.show_this(Shown(THREE, running=replace(THREE, layers=THREE.layers[:2])))
    assert [chip.mark.shown for chip in bench.form.chips] == [False, False, True]
    bench.form.chips[2].mark.click()
    assert bench.heard == []


def test_every_control_of_a_layer_has_a_name_and_a_tooltip(bench: Bench) -> None:
    for chip in (*bench.form.chips, bench.form.output):
        for control in (chip.chip, chip.activation, *([chip.units] if chip.units else [])):
            assert control.accessibleName()
            assert control.toolTip()
