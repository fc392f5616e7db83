"""Looking, reading and keeping; strokes; progress, cancel, and nothing changed on the disk."""

import os
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.catalogue.imported import Imported, bring_back, own_sets, put_away
from nnstudio.data.drawings import read_drawings
from nnstudio.data.importing.asked import Asked, ClassName
from nnstudio.data.importing.reading import keep, look, read
from nnstudio.data.progress import Cancelled, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text
from tests.data.importing.made import every_kind, picture, png, strokes, write

KINDS = tuple(every_kind())


def put(folder: Path, kind: str) -> Path:
    files = every_kind()[kind]
    write(folder, files)
    return folder / next(iter(files))


@pytest.fixture
def places(tmp_path: Path) -> DataPlaces:
    return DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path, own=tmp_path / "own")


def test_strokes_are_drawn_as_the_canvas_draws_them(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(strokes())
    dataset = read(tmp_path / "a.jsonl")
    assert dataset.class_names == ("0", "1", "2")
    drawn = [one.pixels() for one in read_drawings(tmp_path / "a.jsonl")]
    np.testing.assert_array_equal(dataset.inputs.reshape(-1, 28, 28), np.stack(drawn))  # type: ignore[arg-type]  # none is blank


def test_a_drawing_without_label_or_shape_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(strokes() + '{"strokes": [[[1, 2]]]}\n')
    with pytest.raises(NnstudioError, match=r"Drawing 5 of .*a\.jsonl has no label"):
        read(tmp_path / "a.jsonl")
    (tmp_path / "a.jsonl").write_text(strokes() + '{"label": 1, "strokes": 7}\n')
    with pytest.raises(NnstudioError, match=r"Row 5 of .*a\.jsonl"):
        read(tmp_path / "a.jsonl")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_look_filled_in_gives_what_was_guessed(tmp_path: Path, kind: str) -> None:
    path = put(tmp_path, kind)
    seen = look(path)
    whole = read(path)
    assert seen.settings
    assert whole.sha256 == read(path, seen.asked).sha256
    if path.name != "a.png" and path.suffix != ".zip":
        assert whole.sha256 == read(tmp_path, look(tmp_path).asked).sha256
    if seen.count is not None:
        assert seen.count == len(whole.inputs)
    assert {name for name, _ in seen.classes} == set(whole.class_names)
    shown = seen.pictures.reshape(len(seen.pictures), -1)
    np.testing.assert_array_equal(shown, whole.inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_come_in_the_size_that_is_asked_for(tmp_path: Path, kind: str) -> None:
    dataset = read(put(tmp_path, kind), Asked(height=12, width=10))
    assert dataset.image_shape == (12, 10)
    assert dataset.inputs.max() > 60


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_waits_may_cancel(tmp_path: Path, kind: str) -> None:
    path = put(tmp_path, kind)

    def enough(_share: float | None, _doing: Text) -> None:
        raise Cancelled

    if kind == "sheet":
        pytest.skip("one picture is read in one piece")
    with pytest.raises(Cancelled):
        read(path, progress=enough)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_on_the_disk_is_changed(tmp_path: Path, kind: str) -> None:
    path = put(tmp_path, kind)
    before = {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in tmp_path.iterdir()}
    look(path)
    read(path)
    assert {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in tmp_path.iterdir()} == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_set_is_loaded_as_it_was_read(tmp_path: Path, places: DataPlaces, kind: str) -> None:
    dataset = read(put(tmp_path, kind))
    source = keep(dataset, "My letters", places)
    found = source.load(places, silent)
    assert found.sha256 == dataset.sha256
    assert (found.class_names, found.image_shape) == (dataset.class_names, dataset.image_shape)
    assert own_sets(places) == (source,)
    assert keep(dataset, "My letters", places) == source
    assert len(list((places.own / "imported").iterdir())) == 1


def test_what_is_not_there_or_is_something_else_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path / ("x" * 5000), tmp_path / "a\0b"):
        with pytest.raises(NnstudioError):
            look(path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(NnstudioError, match="neither a file nor a folder"):
            read(tmp_path / "pipe")


# kept sets


@pytest.fixture
def source(tmp_path: Path, places: DataPlaces) -> Imported:
    return keep(read(put(tmp_path, "npz")), "Größe 7/8", places)


def test_a_set_that_is_gone_is_refused_with_its_name(places: DataPlaces, source: Imported) -> None:
    source.path(places).unlink()
    with pytest.raises(NnstudioError, match=r"“Größe 7/8” is gone"):
        source.load(places, silent)
    assert own_sets(places) == ()


def test_a_set_under_another_name_is_known_by_its_content(
    places: DataPlaces, source: Imported
) -> None:
    path = source.path(places)
    path.rename(path.with_name(f"other-{source.sha256[:12]}.npz"))
    assert source.load(places, silent)


def test_a_set_that_was_altered_is_refused(
    tmp_path: Path, places: DataPlaces, source: Imported
) -> None:
    other = keep(read(put(tmp_path, "sheet")), "other", places)
    source.path(places).write_bytes(other.path(places).read_bytes())
    with pytest.raises(NnstudioError, match="was altered"):
        source.load(places, silent)
    content = source.path(places).read_bytes()
    source.path(places).write_bytes(content[: len(content) // 2])
    with pytest.raises(NnstudioError):
        source.load(places, silent)
    assert [one.name for one in own_sets(places)] == ["other"]


def test_a_validation_part_of_its_own_is_kept(tmp_path: Path, places: DataPlaces) -> None:
    folder = write(
        tmp_path / "set",
        {
            f"{part}/{name}/{place}.png": png(picture(place))
            for part in ("train", "val")
            for name in "ab"
            for place in range(2)
        },
    )
    source = keep(read(folder), "a", places)
    assert source.share_held_out == (0.0, 0.1)
    assert source.load(places, silent).validation_count == 4
    assert own_sets(places) == (source,)
    assert Imported(name="a").pinned(places) == source


def test_class_names_are_part_of_the_content(tmp_path: Path, places: DataPlaces) -> None:
    path = put(tmp_path, "zip of folders")
    one = keep(read(path), "a", places)
    renamed = Asked(classes=(ClassName(found="0", becomes="zero"),))
    other = keep(read(path, renamed), "a", places)
    assert one.sha256 != other.sha256
    assert len(own_sets(places)) == 2


def test_a_test_part_of_its_own_is_kept(tmp_path: Path, places: DataPlaces) -> None:
    images = np.zeros((4, 3, 3), np.uint8)
    labels = np.arange(4)
    np.savez(tmp_path / "a.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    source = keep(read(tmp_path / "a.npz"), "a", places)
    assert source.share_held_out == (0.1, 0.0)
    assert source.load(places, silent).test_count == 4
    assert own_sets(places) == (source,)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\0b", "a\x1bb"])
def test_a_set_needs_a_name(tmp_path: Path, places: DataPlaces, name: str) -> None:
    dataset = read(put(tmp_path, "npz"))
    with pytest.raises(NnstudioError, match="needs a name"):
        keep(dataset, name, places)


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, places: DataPlaces
) -> None:
    dataset = read(put(tmp_path, "npz"))
    (tmp_path / "own").write_text("in the way")
    with pytest.raises(NnstudioError, match="could not be saved"):
        keep(dataset, "a", places)


def test_a_name_alone_is_pinned_to_the_newest_content(
    tmp_path: Path, places: DataPlaces, source: Imported
) -> None:
    assert Imported(name=source.name).pinned(places) == source
    assert source.pinned(places) == source
    assert Imported().pinned(places) == Imported()
    with pytest.raises(NnstudioError, match=r"no imported set “other”.*Größe 7/8"):
        Imported(name="other").pinned(places)


def test_no_set_chosen_is_one_sentence(places: DataPlaces) -> None:
    with pytest.raises(NnstudioError, match="No imported set is chosen"):
        Imported().load(places, silent)
    with pytest.raises(NnstudioError, match=r"is gone|not legal"):
        Imported(name="../../x", sha256="../../*").load(places, silent)


def test_preparing_many_and_keeping_them_can_be_cancelled(
    tmp_path: Path, places: DataPlaces
) -> None:
    path = put(tmp_path, "npz")

    def enough(_share: float | None, doing: Text) -> None:
        if doing.template in {"preparing pictures", "keeping the samples"}:
            raise Cancelled

    for asked in (Asked(prepare=True), Asked(height=20)):
        with pytest.raises(Cancelled):
            read(path, asked, enough)
    with pytest.raises(Cancelled):
        keep(read(path), "a", places, enough)
    assert own_sets(places) == ()


def test_a_folder_of_one_table_or_file_of_strokes_is_that_file(tmp_path: Path) -> None:
    for kind in ("table", "strokes packed"):
        path = put(tmp_path / kind, kind)
        assert read(path.parent).sha256 == read(path).sha256


def test_one_broken_entry_does_not_hide_the_other_sets(
    places: DataPlaces, source: Imported
) -> None:
    folder = source.path(places).parent
    (folder / "gone-0.npz").symlink_to(folder / "nowhere")
    (folder / "odd-0.npz").write_bytes(b"PK")
    assert own_sets(places) == (source,)


def test_a_set_that_was_put_away_comes_back_for_a_day(places: DataPlaces, source: Imported) -> None:
    dataset = source.load(places, silent)
    away = put_away(source, places)
    assert own_sets(places) == ()
    bring_back(away)
    assert own_sets(places) == (source,)
    away = put_away(source, places)
    os.utime(away, (0, 0))
    put_away(keep(dataset, "other", places), places)
    with pytest.raises(NnstudioError, match="brought back"):
        bring_back(away)
