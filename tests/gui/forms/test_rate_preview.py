"""The drawing of the learning rate: what it says, which axis it takes, when it draws again."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.rate_preview import RatePreview, short_rate, sketch_of
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant, Cosine
from nnstudio.training.experiment import Batches, Experiment, Stopping
from nnstudio.training.facts import DataFacts
from nnstudio.training.forecast import RateForecast

FACTS = DataFacts(
    training=100,
    validation=0,
    test=0,
    inputs=2,
    outputs=2,
    image_shape=None,
    class_names=("0", "1"),
    known_classes=("0", "1"),
    constant_inputs=np.zeros(2, dtype=np.bool_),
    sha256="",
)
PLAIN = Experiment(
    optimizer=Sgd(learning_rate=0.5),
    schedule=Cosine(),
    batches=Batches(size=10),
    stopping=Stopping(epochs=3),
)


@pytest.fixture
def preview(qtbot: QtBot) -> RatePreview:
    made = RatePreview()
    qtbot.addWidget(made)
    made.resize(264, 140)
    return made


def falling(low: float, high: float, *, steps: int = 100) -> RateForecast:
    rates = np.geomspace(high, low, steps)
    return RateForecast(np.arange(steps), rates, 10, steps, until_validated=False)


def test_start_and_end_are_written_over_the_drawing(preview: RatePreview) -> None:
    preview.show_rate(replace(PLAIN, schedule=Cosine(final=0.5)), FACTS)
    assert preview.plot.sketch is not None
    assert [(key.name, key.value[:3]) for key in preview.plot.sketch.keys] == [
        ("start", "0.5"),
        ("end", "0.2"),
    ]
    assert "30 steps" in preview.plot.accessibleName()


def test_a_constant_rate_is_said_once(preview: RatePreview) -> None:
    preview.show_rate(replace(PLAIN, schedule=Constant()), FACTS)
    assert preview.plot.sketch is not None
    assert [(key.name, key.value) for key in preview.plot.sketch.keys] == [("throughout", "0.5")]


def test_it_is_drawn_again_only_when_it_would_look_different(
    preview: RatePreview, qtbot: QtBot
) -> None:
    preview.show_rate(PLAIN, FACTS)
    with qtbot.waitExposed(preview):
        preview.show()
    preview.grab()
    painted = preview.plot.painted
    preview.show_rate(replace(PLAIN, seed=9), FACTS)
    preview.grab()
    assert preview.plot.painted == painted
    preview.show_rate(replace(PLAIN, stopping=Stopping(epochs=4)), FACTS)
    preview.grab()
    assert preview.plot.painted == painted + 1


def test_without_an_end_a_sentence_takes_the_place_of_the_drawing(preview: RatePreview) -> None:
    preview.show_rate(PLAIN, FACTS)
    preview.show_rate(replace(PLAIN, stopping=Stopping(epochs=None, seconds=1.0)), FACTS)
    assert preview.plot.isHidden()
    assert not preview.sentence.isHidden()
    assert "limit" in preview.sentence.text()
    preview.show_rate(PLAIN, FACTS)
    assert not preview.plot.isHidden()
    assert preview.sentence.isHidden()


def test_a_rate_that_falls_by_powers_of_ten_gets_a_logarithmic_axis(qapp: object) -> None:
    assert sketch_of(falling(1e-5, 0.1)).scene.y.logarithmic
    assert not sketch_of(falling(0.05, 0.1)).scene.y.logarithmic


def test_a_rate_that_waits_for_the_validation_is_not_said_to_stay(qapp: object) -> None:
    waiting = RateForecast(np.arange(2), np.array([0.1, 0.1]), 1, 2, until_validated=True)
    assert [(key.name, key.value) for key in sketch_of(waiting).keys] == [("until it falls", "0.1")]


def test_each_rate_stays_until_the_next_step(qapp: object) -> None:
    two = RateForecast(np.arange(2), np.array([0.1, 0.05]), 1, 2, until_validated=False)
    (line,) = sketch_of(two).scene.lines
    assert line.x.tolist() == [0, 1, 1, 2]
    assert line.y.tolist() == [0.1, 0.1, 0.05, 0.05]


def test_the_pointer_reads_step_epoch_and_rate(qapp: object) -> None:
    read = sketch_of(falling(0.01, 0.1)).read
    assert read is not None
    assert read(0.0) == "Step 1, epoch 1: 0.1"
    assert read(99.9) == "Step 100, epoch 10: 0.01"


@pytest.mark.parametrize(
    ("rate", "peak", "written"),
    [(0.0, 1.0, "0"), (0.5, 1.0, "0.5"), (0.00123, 0.01, "1.23e-3"), (1.6e-9, 0.01, "2e-9")],
)
def test_rates_are_written_short(rate: float, peak: float, written: str) -> None:
    assert short_rate(rate, peak=peak) == written


def test_three_rates_are_written_with_fewer_digits(qapp: object) -> None:
    rates = np.array([0.0012345, 0.0045678, 0.0023456])
    told = RateForecast(np.arange(3), rates, 1, 3, until_validated=False)
    assert [key.value for key in sketch_of(told).keys] == ["1.2e-3", "4.6e-3", "2.3e-3"]
