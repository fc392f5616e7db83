"""Published sets: found in every usual place and form, and told apart by their content alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue.known_set import IDX_NAMES, KnownSet, is_there, load_known
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import known, parts, places, write_idx, write_npz

ASKED = known(1, title="Asked")
OTHER = known(2, title="Other")


def load(at: DataPlaces, asked: KnownSet = ASKED) -> Dataset:
    return load_known(asked, others=(ASKED, OTHER), places=at, progress=silent)


def refused(at: DataPlaces) -> str:
    with pytest.raises(NnstudioError) as caught:
        load(at)
    assert str(caught.value.hint)
    return str(caught.value)


@pytest.mark.parametrize("gz", [True, False])
@pytest.mark.parametrize("below", [".", "asked"])
def test_the_four_files_are_found_in_the_folder_and_in_a_subfolder_of_its_name(
    tmp_path: Path,
    gz: bool,  # noqa: FBT001 - a parameter
    below: str,
) -> None:
    write_idx(tmp_path / "data" / below, parts(1), gz=gz)
    dataset = load(places(tmp_path / "data", own=tmp_path))
    arrays = parts(1)
    np.testing.assert_array_equal(dataset.inputs[:12], arrays[0].reshape(12, 12))
    np.testing.assert_array_equal(dataset.inputs[12:], arrays[2].reshape(5, 12))
    assert dataset.targets.tolist() == [*arrays[1].tolist(), *arrays[3].tolist()]
    assert (dataset.test_count, dataset.validation_count) == (5, 0)
    assert dataset.image_shape == (4, 3)


def test_names_with_a_dot_are_known_too(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(1), gz=False)
    for name in IDX_NAMES:
        (tmp_path / name).rename(tmp_path / name.replace("-idx", ".idx"))
    assert len(load(places(tmp_path, own=tmp_path)).inputs) == 17


def test_one_file_of_four_arrays_gives_the_same_data(tmp_path: Path) -> None:
    write_idx(tmp_path / "idx", parts(1))
    write_npz(tmp_path / "npz" / "asked.npz", parts(1))
    one = load(places(tmp_path / "idx", own=tmp_path))
    other = load(places(tmp_path / "npz", own=tmp_path))
    assert one.sha256 == other.sha256


def test_a_set_under_the_names_of_another_is_refused_and_both_are_named(tmp_path: Path) -> None:
    write_idx(tmp_path / "asked", parts(2))
    assert "are Other, not Asked" in refused(places(tmp_path, own=tmp_path))


def test_another_set_is_refused_in_one_file_too(tmp_path: Path) -> None:
    write_npz(tmp_path / "asked.npz", parts(2))
    assert "are Other, not Asked" in refused(places(tmp_path, own=tmp_path))


def test_another_set_does_not_hide_the_right_one_in_a_later_folder(tmp_path: Path) -> None:
    write_idx(tmp_path / "one", parts(2))
    write_idx(tmp_path / "two", parts(1))
    found = load(places(tmp_path / "one", tmp_path / "two", own=tmp_path))
    assert found.source == "asked"


def test_both_sets_side_by_side_are_told_apart(tmp_path: Path) -> None:
    write_idx(tmp_path / "asked", parts(1))
    write_idx(tmp_path / "other", parts(2))
    at = places(tmp_path, own=tmp_path)
    assert load(at).sha256 != load(at, OTHER).sha256


def test_a_set_that_nobody_published_is_refused_with_both_checksums(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(3))
    said = refused(places(tmp_path, own=tmp_path))
    assert "does not hold what was published as Asked" in said
    assert ASKED.contents[0][:12] in said


def test_one_file_of_another_set_is_refused_by_its_name(tmp_path: Path) -> None:
    mine, other = parts(1), parts(2)
    write_idx(tmp_path, (*mine[:3], other[3]))
    assert f"{IDX_NAMES[3]}.gz does not hold" in refused(places(tmp_path, own=tmp_path))


def test_counts_that_differ_are_said_before_checksums(tmp_path: Path) -> None:
    arrays = parts(1)
    write_idx(tmp_path, (arrays[0], arrays[1][:-1], *arrays[2:]))
    assert "has 12 pictures, but" in refused(places(tmp_path, own=tmp_path))


def test_labels_out_of_range_are_said_before_checksums(tmp_path: Path) -> None:
    arrays = parts(1)
    write_idx(tmp_path, (arrays[0], np.full(12, 77, np.uint8), *arrays[2:]))
    assert "has the label 77 at place 0" in refused(places(tmp_path, own=tmp_path))


def test_a_file_that_is_cut_off_is_refused_even_when_a_sound_set_lies_elsewhere(
    tmp_path: Path,
) -> None:
    write_idx(tmp_path / "one", parts(1))
    write_idx(tmp_path / "two", parts(1))
    broken = tmp_path / "one" / f"{IDX_NAMES[0]}.gz"
    broken.write_bytes(broken.read_bytes()[:-20])
    said = refused(places(tmp_path / "one", tmp_path / "two", own=tmp_path))
    assert str(broken) in said


def test_missing_files_are_named(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(1))
    (tmp_path / f"{IDX_NAMES[1]}.gz").unlink()
    said = refused(places(tmp_path, own=tmp_path))
    assert f"lacks {IDX_NAMES[1]};" in said


def test_nothing_found_and_nothing_allowed_says_where_it_was_looked_for(tmp_path: Path) -> None:
    said = refused(places(tmp_path / "here", own=tmp_path))
    assert "Asked was not found" in said
    assert str(tmp_path / "here") in said


def test_what_was_downloaded_before_is_found_without_the_network(tmp_path: Path) -> None:
    write_idx(tmp_path / "downloads" / "asked", parts(1))
    assert load(places(own=tmp_path)).source == "asked"


def test_the_digest_of_the_data_does_not_depend_on_the_form_of_the_files(tmp_path: Path) -> None:
    write_idx(tmp_path / "a", parts(1), gz=True)
    write_idx(tmp_path / "b", parts(1), gz=False)
    one, other = (load(places(tmp_path / name, own=tmp_path)) for name in "ab")
    assert one.sha256 == other.sha256


def test_arrays_of_wider_numbers_are_read_when_they_hold_the_same_bytes(tmp_path: Path) -> None:
    arrays = parts(1)
    write_npz(tmp_path / "asked.npz", (arrays[0], arrays[1].astype(np.int64), *arrays[2:]))
    assert load(places(tmp_path, own=tmp_path)).inputs.dtype == np.uint8


def test_arrays_of_the_wrong_shape_are_refused(tmp_path: Path) -> None:
    arrays = parts(1)
    write_npz(tmp_path / "asked.npz", (arrays[0].reshape(12, 12), *arrays[1:]))
    assert "has the shape 12 × 12; N × 4 × 3 was" in refused(places(tmp_path, own=tmp_path))


def test_the_same_bytes_in_another_shape_are_refused(tmp_path: Path) -> None:
    arrays = parts(1)
    write_idx(tmp_path, (arrays[0].reshape(12, 3, 4), *arrays[1:]))
    assert "has the shape 12 × 3 × 4; N × 4 × 3 was" in refused(places(tmp_path, own=tmp_path))


def test_numbers_that_are_no_bytes_are_refused(tmp_path: Path) -> None:
    arrays = parts(1)
    spoiled = arrays[0].astype(np.int64) + 256
    write_npz(tmp_path / "asked.npz", (spoiled, *arrays[1:]))
    assert "x_train" in refused(places(tmp_path, own=tmp_path))
    write_npz(tmp_path / "asked.npz", (arrays[0].astype(str), *arrays[1:]))
    assert "x_train" in refused(places(tmp_path, own=tmp_path))


def test_a_set_without_other_sets_is_still_checked(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(2))
    with pytest.raises(NnstudioError, match="does not hold what was published"):
        load_known(
            replace(ASKED), others=(), places=places(tmp_path, own=tmp_path), progress=silent
        )


def test_a_set_is_there_where_it_would_be_loaded_from(tmp_path: Path) -> None:
    write_idx(tmp_path / "idx" / "asked", parts(1))
    write_npz(tmp_path / "npz" / "asked.npz", parts(1))
    write_idx(tmp_path / "own" / "downloads" / ASKED.kind, parts(1), gz=False)
    for found in (
        places(tmp_path / "idx", own=tmp_path),
        places(tmp_path / "npz", own=tmp_path),
        places(own=tmp_path / "own"),
    ):
        assert is_there(ASKED, places=found)
        assert not is_there(OTHER, places=found)


def test_a_set_is_not_there_where_files_lack_or_are_of_another_set_or_damaged(
    tmp_path: Path,
) -> None:
    write_idx(tmp_path / "lacking", parts(1))
    next((tmp_path / "lacking").iterdir()).unlink()
    write_idx(tmp_path / "other", parts(2))
    write_npz(tmp_path / "damaged" / "asked.npz", parts(1))
    (tmp_path / "damaged" / "asked.npz").write_bytes(b"PK")
    for name in ("nowhere", "lacking", "other", "damaged"):
        assert not is_there(ASKED, places=places(tmp_path / name, own=tmp_path))
    write_idx(tmp_path / "downloads" / ASKED.kind, parts(1))
    for name, found in (("other", True), ("damaged", False)):
        folders = places(tmp_path / name, own=tmp_path)
        assert is_there(ASKED, places=folders) is found
        if found:
            assert len(load(folders).inputs) == 17
        else:
            refused(folders)
