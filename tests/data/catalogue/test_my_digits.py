"""The source of drawn digits gives what the canvas shows, and goes on giving what a run used."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue import DataPlaces, MyDigits
from nnstudio.data.drawings import Drawing
from nnstudio.data.my_digits import DigitLog
from nnstudio.data.progress import silent
from nnstudio.data.strokes import Stroke
from nnstudio.errors import NnstudioError


def places_in(folder: Path) -> DataPlaces:
    return DataPlaces(folders=(), cache=folder, downloads=folder, own=folder)


def one(x: float = 0.0) -> Drawing:
    return Drawing("1", (Stroke(np.array([(x, 0.0), (0.0, 100.0)])),), width=9.0)


def test_drawings_are_the_pictures_that_the_canvas_shows(tmp_path: Path) -> None:
    DigitLog(tmp_path).keep(one())
    data = MyDigits().load(places_in(tmp_path), silent)
    np.testing.assert_array_equal(data.inputs[0].reshape(28, 28), one().pixels())
    assert data.targets.tolist() == [1]
    assert data.class_names == tuple("0123456789")
    assert data.image_shape == (28, 28)


def test_a_pinned_source_gives_the_same_when_more_was_drawn(tmp_path: Path) -> None:
    log, places = DigitLog(tmp_path), places_in(tmp_path)
    log.keep(one())
    pinned = MyDigits().pinned(places)
    before = pinned.load(places, silent)
    log.keep(one(40.0))
    assert pinned.load(places, silent).sha256 == before.sha256
    assert len(MyDigits().load(places, silent).inputs) == 2
    assert pinned.pinned(places) is pinned


def test_a_drawing_that_is_held_out_is_not_trained_on_in_any_way(tmp_path: Path) -> None:
    log, places = DigitLog(tmp_path), places_in(tmp_path)
    for at in range(10):
        log.keep(one(10.0 * at))
    source = MyDigits(retraced=4, validation=0.3)
    data = source.load(places, silent)
    assert (data.validation_count, source.share_held_out) == (3, (0.0, 0.0))
    assert len(data.inputs) == 7 * 5 + 3
    trained = {row.tobytes() for row in data.inputs[:-3]}
    assert not trained & {row.tobytes() for row in data.inputs[-3:]}
    shown = {one(10.0 * at).pixels().tobytes() for at in range(10)}  # type: ignore[union-attr]  # each has ink
    assert {row.tobytes() for row in data.inputs[-3:]} <= shown


def test_one_more_drawing_moves_no_other_into_the_part_that_is_held_out(tmp_path: Path) -> None:
    log, places = DigitLog(tmp_path), places_in(tmp_path)
    for at in range(10):
        log.keep(one(10.0 * at))
    source = MyDigits(validation=0.3)
    before = {row.tobytes() for row in source.load(places, silent).inputs[-3:]}
    log.keep(one(105.0))
    after = {row.tobytes() for row in source.load(places, silent).inputs[-3:]}
    assert len(before & after) >= 2


def test_a_run_does_not_get_other_drawings_than_its_own(tmp_path: Path) -> None:
    log, places = DigitLog(tmp_path), places_in(tmp_path)
    log.keep(one())
    pinned = MyDigits().pinned(places)
    log.delete_all()
    for at in range(3):
        log.keep(one(10.0 * at))
    with pytest.raises(NnstudioError, match="are others"):
        pinned.load(places, silent)


def test_nothing_drawn_is_one_sentence_and_what_to_do(tmp_path: Path) -> None:
    for act in (MyDigits().pinned, lambda places: MyDigits().load(places, silent)):
        with pytest.raises(NnstudioError, match="drawn no digits yet"):
            act(places_in(tmp_path))


def test_a_run_whose_drawings_were_deleted_is_refused(tmp_path: Path) -> None:
    log = DigitLog(tmp_path)
    log.keep(one())
    pinned = MyDigits().pinned(places_in(tmp_path))
    log.delete_all()
    with pytest.raises(NnstudioError, match="all were deleted"):
        pinned.load(places_in(tmp_path), silent)


def test_drawings_of_no_digit_are_nothing_drawn(tmp_path: Path) -> None:
    log = DigitLog(tmp_path)
    log.keep(one())
    log.path.write_text(log.path.read_text().replace('"label":1', '"label":"a"'))
    with pytest.raises(NnstudioError, match="drawn no digits yet"):
        MyDigits().load(places_in(tmp_path), silent)


def test_to_pin_no_drawing_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = DigitLog(tmp_path)
    log.keep(one())
    log.keep(one(3.0))
    monkeypatch.setattr(DigitLog, "_take", lambda _log, _line: pytest.fail("looked into"))
    found = MyDigits().pinned(places_in(tmp_path))
    assert (found.entries, found.log) == (2, log.identity)
