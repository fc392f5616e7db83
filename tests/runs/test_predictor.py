"""Answers are those of the vector that was shown last, for raw inputs."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.runs.model import Model
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.run import ends_of


def by_hand(model: Model, rows: np.ndarray) -> np.ndarray:
    views = model.layout.views(model.vector)
    X = rows * model.scaling.factor + model.scaling.shift
    hidden = np.maximum(X @ views["layers.0.W"] + views["layers.0.b"], 0)
    Z = hidden @ views["layers.1.W"] + views["layers.1.b"]
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@pytest.fixture
def predictor(model: Model) -> Predictor:
    made = Predictor(model.blueprint)
    made.show(model.vector)
    return made


def test_rows_are_scaled_and_answered(model: Model, predictor: Predictor) -> None:
    rows = np.array([[0, 1, 2, 3], [255, 0, 0, 9]], np.uint8)
    np.testing.assert_allclose(predictor.probabilities(rows), by_hand(model, rows), atol=1e-6)


def test_a_picture_is_one_row(model: Model, predictor: Predictor) -> None:
    picture = np.array([[0, 1], [2, 3]], np.uint8)
    assert predictor.probabilities(picture).tolist() == (
        predictor.probabilities(picture.reshape(1, 4)).tolist()
    )


def test_answers_stay_when_the_next_ones_are_asked_for(predictor: Predictor) -> None:
    first = predictor.probabilities(np.zeros((1, 4)))
    kept = first.copy()
    predictor.probabilities(np.full((1, 4), 9.0))
    np.testing.assert_array_equal(first, kept)


def test_another_vector_gives_other_answers(model: Model, predictor: Predictor) -> None:
    before = predictor.probabilities(np.ones((1, 4)))
    predictor.show(-model.vector)
    assert not np.allclose(before, predictor.probabilities(np.ones((1, 4))))


def test_the_vector_is_copied(model: Model) -> None:
    vector = model.vector.copy()
    predictor = Predictor(model.blueprint)
    predictor.show(vector)
    before = predictor.probabilities(np.ones((1, 4)))
    vector[:] = 0
    np.testing.assert_array_equal(predictor.probabilities(np.ones((1, 4))), before)


def test_double_precision_is_kept(model: Model) -> None:
    predictor = Predictor(model.blueprint)
    predictor.show(model.vector)
    predictor.show(model.vector.astype(np.float64))
    assert predictor.probabilities(np.ones((1, 4))).dtype == np.float64


def test_it_is_ready_when_a_vector_was_shown(model: Model, predictor: Predictor) -> None:
    assert predictor.ready
    assert not Predictor(model.blueprint).ready


def test_nothing_can_be_asked_before(model: Model) -> None:
    with pytest.raises(RuntimeError, match="no vector"):
        Predictor(model.blueprint).probabilities(np.ones((1, 4)))


def test_a_vector_of_another_size_is_refused(model: Model, predictor: Predictor) -> None:
    with pytest.raises(ValueError, match="layout"):
        predictor.show(model.vector[:-1])


@pytest.mark.parametrize("shape", [(4,), (1, 5), (4, 1), (1, 2, 2)])
def test_pixels_of_another_shape_are_refused(predictor: Predictor, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pixels"):
        predictor.probabilities(np.zeros(shape))


def test_inputs_that_are_no_pictures_come_in_rows(model: Model) -> None:
    predictor = Predictor(replace(model.blueprint, image_shape=None))
    predictor.show(model.vector)
    assert predictor.probabilities(np.zeros((3, 4))).shape == (3, 2)


def test_weights_that_overflow_give_no_number_and_no_warning(model: Model) -> None:
    predictor = Predictor(model.blueprint)
    predictor.show(np.full_like(model.vector, 1e38))
    assert not np.isfinite(predictor.probabilities(np.full((1, 4), 255.0))).all()


def test_the_ends_of_a_layout_are_inputs_and_outputs(model: Model) -> None:
    assert ends_of(model.layout) == (4, 2)


def test_what_speaks_for_an_answer_adds_up_to_its_lead(model: Model, predictor: Predictor) -> None:
    """A ReLU network without biases is straight along the line to the empty picture."""
    for name, values in model.layout.views(model.vector).items():
        if name.endswith(".b"):
            values[:] = 0
    predictor.show(model.vector)
    picture = np.array([[40, 250], [0, 9]], np.uint8)
    hand = model.layout.views(model.vector)
    hidden = np.maximum(picture.reshape(1, 4) * model.scaling.factor @ hand["layers.0.W"], 0)
    logits = (hidden @ hand["layers.1.W"])[0]
    for answer, logit in enumerate(logits):
        found = predictor.spoken(picture, answer)
        assert found.shape == (2, 2)
        assert found[1, 0] == 0
        np.testing.assert_allclose(found.sum(), logit - logits.mean(), rtol=1e-4, atol=1e-6)


def test_paper_without_ink_says_nothing_however_inputs_are_scaled(model: Model) -> None:
    scaling = replace(model.scaling, shift=np.asarray(model.scaling.shift) + 3)
    made = Predictor(replace(model.blueprint, scaling=scaling))
    made.show(model.vector)
    np.testing.assert_array_equal(made.spoken(np.zeros((2, 2), np.uint8), 0), np.zeros((2, 2)))


def test_only_one_sample_and_a_known_answer_can_be_explained(predictor: Predictor) -> None:
    with pytest.raises(ValueError, match="2 samples"):
        predictor.spoken(np.zeros((2, 4)), 0)
    with pytest.raises(ValueError, match="answer 99"):
        predictor.spoken(np.zeros((1, 4)), 99)
