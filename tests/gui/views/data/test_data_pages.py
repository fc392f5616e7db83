"""The data are told as a whole: balance, means, spread of values, copies, and one at large."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.augmentation import Distortions
from nnstudio.data.dataset import Dataset
from nnstudio.data.joined import join
from nnstudio.gui.views.data import DataView
from nnstudio.gui.widgets.image_grid import TileHit
from nnstudio.runs.data_summary import summarize
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData, prepare

EXPERIMENT = Experiment()
DISTORTED = replace(EXPERIMENT, augmentation=Distortions())
SOURCE = EXPERIMENT.data.sources[0].source
MIXED = replace(
    EXPERIMENT,
    data=DataSettings(
        sources=(WeightedSource(source=SOURCE, weight=3.0), WeightedSource(source=SOURCE))
    ),
)


def blots(count: int = 80, seed: int = 0) -> Dataset:
    """Pictures of two classes, one three times as large; the first pixel is always 0."""
    generator = np.random.default_rng(seed)
    inputs = generator.integers(0, 256, (count, 36), dtype=np.uint8)
    inputs[:, 0] = 0
    labels = (np.arange(count) % 4 == 0).astype(np.int64)
    return Dataset.of(
        inputs,
        labels,
        class_names=("ring", "bar"),
        source="test",
        image_shape=(6, 6),
        test_count=count // 4,
    )


def with_copies() -> PreparedData:
    data = prepare(EXPERIMENT, blots())
    inputs = np.array(data.dataset.inputs)
    rows, test = data.split.training, data.split.test
    labels = data.dataset.targets
    same = next(row for row in test if labels[row] == labels[rows[0]])
    other = next(row for row in rows[2:] if labels[row] != labels[rows[1]])
    inputs[same], inputs[other] = inputs[rows[0]], inputs[rows[1]]
    return replace(data, dataset=replace(data.dataset, inputs=inputs))


def numbers(task: Any = "values") -> PreparedData:
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(60, 4))
    inputs[:, 2] = 0
    classes = task == "classes"
    targets: Any = np.arange(60) % 3 if classes else inputs[:, :2] * 2
    names = ("a", "b", "c") if classes else ("height", "width")
    made = Dataset.of(inputs, targets, class_names=names, source="test", task=task)
    return prepare(EXPERIMENT, made)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[DataView]:
    made = DataView(draw=np.random.default_rng(1))
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.summary_wished.connect(lambda data: made.show_summary(summarize(data)))
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def looked_at(
    view: DataView, mode: str, data: PreparedData, experiment: Experiment = EXPERIMENT
) -> Any:
    view.show_data(data, experiment)
    view.modes.choose(mode)
    return view.page


# the summary


def test_all_data_are_looked_at_only_when_that_is_wished_for(qtbot: QtBot) -> None:
    view = DataView()
    qtbot.addWidget(view)
    wished: list[object] = []
    view.summary_wished.connect(wished.append)
    with qtbot.waitExposed(view):
        view.show()
    data = prepare(EXPERIMENT, blots())
    view.show_data(data, EXPERIMENT)
    assert wished == []
    view.modes.choose("balance")
    assert wished == [data]
    assert view.waiting.isVisible()
    view.show_summary(summarize(prepare(EXPERIMENT, blots(seed=1))))
    assert view.waiting.isVisible()
    view.show_summary(summarize(data))
    assert view.balance.isVisible()
    view.hide()


def test_other_data_are_looked_at_anew(view: DataView) -> None:
    dropped: list[bool] = []
    view.summary_dropped.connect(lambda: dropped.append(True))
    page = looked_at(view, "balance", prepare(EXPERIMENT, blots()))
    before = page.classes.words(0)
    view.show_data(prepare(EXPERIMENT, blots(120)), EXPERIMENT)
    assert len(dropped) == 2
    assert page.classes.words(0) != before


def test_why_there_are_no_data_is_said(view: DataView) -> None:
    view.show_refusal("", loading=True)
    assert view.empty.accessibleName() == "Loading the data"
    view.show_refusal("The file is gone.", loading=False)
    assert view.empty.accessibleDescription() == "The file is gone."
    view.show_refusal("", loading=False)
    assert view.empty.accessibleName() == "No data yet"


def test_where_it_is_narrow_the_modes_drop_down(view: DataView) -> None:
    view.show_data(prepare(EXPERIMENT, blots()), EXPERIMENT)
    assert view.modes.segments.isVisible()
    view.resize(240, 240)
    assert view.modes.list.isVisible()
    view.modes.list.chosen.emit("means")
    assert view.means.isVisible()


def test_a_window_in_another_language_looks_at_the_data_in_the_same_way(view: DataView) -> None:
    view.modes.choose("values")
    new = DataView()
    new.take_over(view)
    assert new.mode == "values"
    new.deleteLater()


# balance


def test_classes_are_counted_by_part(view: DataView) -> None:
    data = prepare(EXPERIMENT, blots())
    page = looked_at(view, "balance", data)
    labels, split = data.dataset.targets, data.split
    # without samples a part has no column
    assert not len(split.validation)
    ring = [int((labels[rows] == 0).sum()) for rows in (split.training, split.test)]
    share = f"{100 * ring[0] / len(split.training):.1f}\u00a0%"
    assert page.classes.words(0) == ("ring", "", *map(str, ring), share)
    assert page.facts.facts[0] == f"Most: ring, {ring[0]}"
    assert page.by.isHidden()


def test_a_click_on_a_class_shows_its_samples(view: DataView) -> None:
    page = looked_at(view, "balance", prepare(EXPERIMENT, blots()))
    page.classes.setFocus()
    page.classes.selectRow(1)
    QTest.keyClick(page.classes, Qt.Key.Key_Return)
    assert view.mode == "samples"
    assert set(view.samples.pictures.grid.accessibleDescription().split(", ")) == {"bar"}


def test_a_mixture_is_counted_by_source_too(view: DataView) -> None:
    data = mixture()
    page = looked_at(view, "balance", data, MIXED)
    page.by.choose("source")
    page.by.chosen.emit("source")
    training = data.split.training
    first = training[data.origin[training] == 0]
    ring = int((data.dataset.targets[first] == 0).sum())
    assert page.classes.words(0)[2] == str(ring)
    assert "75\u00a0%" in page.facts.facts[0]


def mixture() -> PreparedData:
    joined = join([blots(), blots(120, seed=2)], called=["one", "two"])
    return prepare(MIXED, joined)


def test_samples_of_one_source_can_be_seen_alone(view: DataView) -> None:
    data = mixture()
    view.show_data(data, MIXED)
    choice = view.samples.choices.sources
    assert choice.isVisible()
    choice.chosen.emit("1")
    rows = view.samples.pictures.shown_rows
    assert set(data.origin[rows].tolist()) == {1}
    view.show_data(prepare(EXPERIMENT, blots()), EXPERIMENT)
    assert not choice.isVisible()
    assert view.samples.facts.facts[0] == f"{len(view.samples._rows)} samples"


def test_what_does_not_fit_side_by_side_is_one_menu_that_says_what_is_chosen(
    view: DataView,
) -> None:
    data = mixture()
    view.show_data(data, MIXED)
    view.resize(236, 300)
    QApplication.processEvents()
    choices = view.samples.choices
    apart = (choices.parts, choices.part_list, choices.sources, choices.kinds)
    assert choices.menu.isVisible()
    assert not any(one.isVisible() for one in apart)
    assert choices.menu.currentText() == "Training"
    menu = QMenu()
    choices.menu.fill_menu(menu)
    classes = next(one for one in menu.findChildren(QMenu) if one.title() == "Class")
    next(one for one in classes.actions() if one.text() == "bar").trigger()
    next(one for one in menu.actions() if one.text() == "Test").trigger()
    assert choices.menu.currentText() == "Test · bar"
    rows = view.samples.pictures.shown_rows
    assert set(data.dataset.targets[rows].tolist()) == {1}
    assert set(rows.tolist()) <= set(data.split.test.tolist())
    view.resize(640, 300)
    QApplication.processEvents()
    assert not choices.menu.isVisible()
    assert choices.kinds.key == "1"


def test_values_to_be_learned_have_a_spread_for_each_part(view: DataView) -> None:
    data = numbers()
    page = looked_at(view, "balance", data)
    page.outputs.chosen.emit("1")
    shown = page.spreads.histograms[0].spread
    assert shown.counts.sum() == len(data.split.training)
    assert shown.ends[1] == pytest.approx(data.dataset.targets[data.split.training, 1].max())
    assert page.outputs.isVisible()


# means


def test_each_class_has_its_mean_picture_and_a_click_shows_its_samples(view: DataView) -> None:
    data = prepare(EXPERIMENT, blots())
    page = looked_at(view, "means", data)
    rows = data.split.training
    own = data.dataset.inputs[rows[data.dataset.targets[rows] == 1]]
    assert np.array_equal(page.grid.shown[0][1].ravel(), np.rint(own.mean(axis=0)))
    page.grid.picked.emit(1)
    assert view.mode == "samples"
    assert view.samples.choices.kinds.key == "1"


def test_means_of_plain_numbers_are_a_table(view: DataView) -> None:
    page = looked_at(view, "means", numbers("classes"))
    assert page.numbers.headings == ("Input", "a", "b", "c")
    assert page.numbers.words(2)[1:] == ("0", "0", "0")


def test_inputs_of_values_tell_how_they_go_with_them(view: DataView) -> None:
    page = looked_at(view, "means", numbers())
    assert page.numbers.words(0)[3] == "+1.00"
    assert page.numbers.words(2)[3:] == ("–", "–")


# values


def test_constant_inputs_are_counted_and_named_under_the_pointer(view: DataView) -> None:
    page = looked_at(view, "values", prepare(EXPERIMENT, blots()))
    assert page.sentence.text().startswith("1 of 36 inputs never changes\n")
    assert "because this input is always 0" in page.sentence.text()
    page.map.hovered.emit(TileHit(0, 0, 0))
    assert page.facts.facts == ("input (0, 0)", "always 0")
    page.map.hovered.emit(TileHit(0, 1, 2))
    assert page.facts.facts[0] == "input (1, 2)"
    page.map.hovered.emit(None)
    assert page.facts.facts[0].startswith("mean ")


def test_raw_and_scaled_values_have_a_histogram_each(view: DataView) -> None:
    page = looked_at(view, "values", prepare(EXPERIMENT, blots()))
    raw, scaled = (one.spread for one in page.spreads.histograms)
    assert raw.ends == (0, 255)
    assert scaled.ends == pytest.approx((0, 1))
    menu = QMenu()
    view.fill_menu(menu)
    before = page._is_logarithmic()
    menu.actions()[0].trigger()
    assert page._is_logarithmic() is not before


def test_plain_numbers_tell_which_inputs_never_change(view: DataView) -> None:
    page = looked_at(view, "values", numbers())
    assert page.facts.facts[0] == "Input 3 never changes"
    assert page.numbers.words(2)[-1] == "never changes"


# copies


def test_copies_are_shown_in_pairs_with_their_classes_and_parts(view: DataView) -> None:
    page = looked_at(view, "copies", with_copies())
    first, second = page.grid.shown
    assert np.array_equal(first, second)
    words = page.grid.accessibleDescription()
    assert "Training · Test" in words
    assert "≠" in words
    assert page.facts.facts == (
        "2 exact copies",
        "1 held-out sample is in training too",
        "1 contradicts its first copy",
    )


def test_a_row_in_two_parts_is_shown_as_its_own_copy(view: DataView) -> None:
    data = prepare(EXPERIMENT, blots())
    split = replace(data.split, validation=data.split.training[:1])
    page = looked_at(view, "copies", replace(data, split=split))
    assert page.grid.accessibleDescription().endswith("Training · Validation")
    assert page.facts.facts[1] == "1 held-out sample is in training too"


def test_one_class_and_classes_without_samples_are_told(view: DataView) -> None:
    made = Dataset.of(
        blots().inputs,
        np.zeros(80, np.int64),
        class_names=("all", "none"),
        source="test",
        image_shape=(6, 6),
    )
    page = looked_at(view, "balance", prepare(EXPERIMENT, made))
    assert page.facts.facts == ("No training sample of none",)
    view.modes.choose("means")
    assert view.means.grid.accessibleDescription() == "all"


def test_only_some_of_the_pairs_can_be_seen(view: DataView) -> None:
    page = looked_at(view, "copies", with_copies())
    page.which.chosen.emit("leaks")
    assert len(page.grid.shown[0]) == 1
    assert "Test" in page.grid.accessibleDescription()


def test_a_click_on_a_pair_shows_the_sample_at_large(view: DataView) -> None:
    data = with_copies()
    page = looked_at(view, "copies", data)
    page.grid.picked.emit(0)
    assert view.mode == "samples"
    assert view.samples.pictures.at_large


def test_without_copies_that_is_said(view: DataView) -> None:
    page = looked_at(view, "copies", prepare(EXPERIMENT, blots()))
    assert page.none.accessibleName() == "No sample is there twice"
    assert page.head is not None
    assert page.head.isHidden()


def test_copies_of_plain_numbers_are_rows(view: DataView) -> None:
    data = numbers("classes")
    inputs = np.array(data.dataset.inputs)
    rows = data.split.training
    inputs[rows[5]] = inputs[rows[0]]
    data = replace(data, dataset=replace(data.dataset, inputs=inputs))
    page = looked_at(view, "copies", data)
    told = page.numbers.words(0)
    assert told[0] == str(rows[0])
    assert told[3] == str(rows[5])


@pytest.mark.parametrize("mode", ["samples", "balance", "means", "values", "copies"])
@pytest.mark.parametrize("kind", ["pictures", "values", "classes"])
def test_every_mode_can_be_written_as_csv(view: DataView, mode: str, kind: Any) -> None:
    data = with_copies() if kind == "pictures" else numbers(kind)
    looked_at(view, mode, data)
    lines = view.table().splitlines()
    columns = lines[0].count(",")
    assert columns >= 2
    assert all(line.count(",") == columns for line in lines[1:] if line and mode != "values")


# one sample at large


def test_a_click_shows_a_sample_in_many_versions_and_escape_goes_back(view: DataView) -> None:
    data = prepare(EXPERIMENT, blots())
    view.show_data(data, DISTORTED)
    pictures = view.samples.pictures
    pictures.grid.picked.emit(2)
    (shown,) = pictures.versions.grid.shown
    row = int(data.split.training[2])
    assert np.array_equal(shown[0].ravel(), data.dataset.inputs[row])
    assert len({one.tobytes() for one in shown}) == len(shown) > 3
    view.samples.choices.anew.click()
    (again,) = pictures.versions.grid.shown
    assert np.array_equal(again[0], shown[0])
    assert not np.array_equal(again[1], shown[1])
    QTest.keyClick(pictures.versions.grid, Qt.Key.Key_Escape)
    assert pictures.grid.isVisible()


def test_a_sample_that_is_held_out_is_shown_as_it_is(view: DataView) -> None:
    data = prepare(EXPERIMENT, blots())
    view.show_data(data, DISTORTED)
    view.samples.show_sample(int(data.split.test[0]))
    assert len(view.samples.pictures.versions.grid.shown[0]) == 1
    assert view.samples.facts.facts == ("Held out: it is never distorted.",)


def test_without_augmentation_that_is_said(view: DataView) -> None:
    data = prepare(EXPERIMENT, blots())
    view.show_data(data, EXPERIMENT)
    view.samples.show_sample(int(data.split.training[0]))
    assert view.samples.facts.facts == ("No augmentation: training sees it as it is.",)
