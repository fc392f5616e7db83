"""Pictures in folders and archives find their classes; what cannot be read is named."""

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nnstudio.data.dataset import Dataset
from nnstudio.data.importing.asked import Asked, ClassName
from nnstudio.data.importing.reading import look, read
from nnstudio.data.pictures import on_light_ground
from nnstudio.errors import NnstudioError
from tests.data.importing.made import picture, png, table, write, zipped


def names(dataset: Dataset) -> list[str]:
    return [dataset.class_names[place] for place in dataset.targets]


def refused(path: Path, **asked: Any) -> str:
    with pytest.raises(NnstudioError) as caught:
        read(path, Asked(**asked))
    with pytest.raises(NnstudioError):
        look(path, Asked(**asked))
    return str(caught.value)


def pictures(*classes: str) -> dict[str, bytes | str]:
    return {f"{name}/{place}.png": png(picture(place)) for name in classes for place in range(2)}


def labelled(rows: str) -> dict[str, bytes | str]:
    return {**{f"{place}.png": png(picture(place)) for place in range(3)}, "labels.csv": rows}


# folders


def test_each_folder_is_a_class_whatever_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, pictures("10", "9", "十 字", "a b", "Ω"))
    dataset = read(tmp_path)
    assert dataset.class_names == ("9", "10", "a b", "Ω", "十 字")
    assert len(dataset.inputs) == 10
    assert dataset.image_shape == (8, 8)


def test_a_look_tells_what_is_there_without_reading_it(tmp_path: Path) -> None:
    write(
        tmp_path, {**pictures("a", "b"), "b/notes.txt": "x", "b/.hidden.png": b"", "Thumbs.db": b""}
    )
    seen = look(tmp_path)
    assert seen.count == 4
    assert seen.classes == (("a", 2), ("b", 2))
    assert seen.labels == ("a", "a", "b", "b")
    assert seen.pictures.shape == (4, 8, 8)
    assert (seen.asked.height, seen.asked.width) == (8, 8)
    assert "1 files that are no pictures" in str(seen.remarks[0])
    assert look(tmp_path, seen.asked).classes == seen.classes


def test_what_is_hidden_or_left_behind_by_a_system_is_passed_over(tmp_path: Path) -> None:
    odd = {"a/.DS_Store": b"x", "a/._0.png": b"x", "a/Thumbs.db": b"x", "__MACOSX/a/0.png": b"x"}
    write(tmp_path, {**pictures("a", "b"), **odd})
    assert len(read(tmp_path).inputs) == 4
    (tmp_path / "b.zip").write_bytes(zipped({**pictures("a", "b"), **odd}))
    assert len(read(tmp_path / "b.zip").inputs) == 4


def test_pictures_are_read_in_the_order_that_people_see(tmp_path: Path) -> None:
    write(tmp_path, {f"a/{place}.png": png(picture(place)) for place in (10, 9, 1)})
    found = read(tmp_path).inputs
    np.testing.assert_array_equal(found[1].reshape(8, 8), picture(9))


def test_folders_for_training_and_test_are_parts_not_classes(tmp_path: Path) -> None:
    write(tmp_path, pictures("set/train/cat", "set/train/dog", "set/test/cat"))
    dataset = read(tmp_path)
    assert dataset.class_names == ("cat", "dog")
    assert dataset.test_count == 2
    assert names(dataset)[-2:] == ["cat", "cat"]


@pytest.mark.parametrize("name", ["val", "Valid", "validation", "dev"])
def test_a_folder_for_validation_is_a_part_too(tmp_path: Path, name: str) -> None:
    write(tmp_path, pictures("train/a", "train/b", f"{name}/b", "test/a"))
    dataset = read(tmp_path)
    assert (dataset.validation_count, dataset.test_count) == (2, 2)
    assert names(dataset) == ["a", "a", "b", "b", "b", "b", "a", "a"]
    told = " ".join(map(str, look(tmp_path).remarks))
    assert "validation pictures" in told
    assert "test pictures" in told
    fewer = read(tmp_path, Asked(classes=(ClassName(found="b"),)))
    assert (len(fewer.inputs), fewer.validation_count, fewer.test_count) == (4, 0, 2)


def test_without_pictures_for_training_those_for_validation_are_learned(tmp_path: Path) -> None:
    write(tmp_path, pictures("val/a", "val/b", "test/a"))
    dataset = read(tmp_path)
    assert (dataset.validation_count, dataset.test_count) == (0, 2)


def test_of_nested_folders_the_outermost_or_the_innermost_is_the_class(tmp_path: Path) -> None:
    write(tmp_path, pictures("7/anna", "7/ben", "8/anna"))
    assert read(tmp_path).class_names == ("7", "8")
    assert read(tmp_path, Asked(folders="inner")).class_names == ("anna", "ben")
    assert "folders" in look(tmp_path).settings


def test_pictures_in_no_class_folder_are_left_out_and_said_so(tmp_path: Path) -> None:
    write(tmp_path, {**pictures("a", "b"), "loose.png": png(picture())})
    assert len(read(tmp_path).inputs) == 4
    assert "1 pictures in no class folder" in str(look(tmp_path).remarks[0])


def test_names_may_begin_with_the_class(tmp_path: Path) -> None:
    write(tmp_path, {f"{kind}_{place}.png": png(picture()) for kind in "ab" for place in range(3)})
    assert names(read(tmp_path)) == ["a", "a", "a", "b", "b", "b"]


def test_pictures_without_classes_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {f"{place}.png": png(picture()) for place in range(3)})
    assert "nothing that says what their classes are" in refused(tmp_path)


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"letter.txt": "dear reader"})
    assert "no pictures" in refused(tmp_path)


def test_links_to_folders_are_not_followed_and_said(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", pictures("a", "b"))
    elsewhere = write(tmp_path / "elsewhere", pictures("c"))
    (folder / "a" / "again").symlink_to(folder, target_is_directory=True)
    (folder / "c").symlink_to(elsewhere, target_is_directory=True)
    (folder / "0").symlink_to(folder / "a", target_is_directory=True)
    (folder / "b" / "gone.png").symlink_to(folder / "nowhere.png")
    assert names(read(folder)) == ["a", "a", "b", "b"]
    assert "4 links" in str(look(folder).remarks[0])
    (folder / "b" / "one.png").symlink_to(folder / "a" / "0.png")
    assert len(read(folder).inputs) == 5


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is hidden from root")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    write(tmp_path, pictures("a", "b"))
    (tmp_path / "a").chmod(0)
    try:
        assert "a cannot be read" in refused(tmp_path)
    finally:
        (tmp_path / "a").chmod(0o700)


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    write(tmp_path, {**pictures("a", "b"), "a/1.png": png(picture())[:40]})
    assert "a/1.png" in refused(tmp_path)


def test_classes_may_be_renamed_joined_and_left_out(tmp_path: Path) -> None:
    write(tmp_path, pictures("a", "b", "c", "d"))
    asked = Asked(
        classes=(
            ClassName(found="a", becomes="vowel"),
            ClassName(found="b", becomes="rest"),
            ClassName(found="c", becomes="rest"),
            ClassName(found="d", becomes=""),
        )
    )
    assert names(read(tmp_path, asked)) == ["vowel", "vowel", "rest", "rest", "rest", "rest"]
    wrong = Asked(classes=(ClassName(found="x", becomes="y"),))
    with pytest.raises(NnstudioError, match="no class “x”"):
        read(tmp_path, wrong)
    with pytest.raises(NnstudioError, match="left out"):
        read(tmp_path, Asked(classes=tuple(ClassName(found=one) for one in "abcd")))


def test_leaving_out_classes_keeps_the_test_part_right(tmp_path: Path) -> None:
    write(tmp_path, pictures("train/a", "train/b", "test/a", "test/b"))
    dataset = read(tmp_path, Asked(classes=(ClassName(found="b"),)))
    assert (len(dataset.inputs), dataset.test_count) == (4, 2)


# sizes, ground, kinds of pictures


def test_pictures_of_different_sizes_become_28_by_28(tmp_path: Path) -> None:
    sizes = {"a/0.png": 8, "a/1.png": 8, "b/0.png": 12}
    write(tmp_path, {name: png(picture(side=side)) for name, side in sizes.items()})
    dataset = read(tmp_path)
    assert dataset.image_shape == (28, 28)
    again = read(tmp_path, Asked(height=28))
    np.testing.assert_array_equal(dataset.inputs, again.inputs)


def test_large_pictures_are_made_small_unless_a_size_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {f"{name}/0.png": png(picture(side=100)) for name in "ab"})
    assert read(tmp_path).image_shape == (28, 28)
    assert read(tmp_path, Asked(height=100, width=90)).image_shape == (100, 90)


def test_what_lies_on_light_ground_is_inverted_and_else_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"a/0.png": png(picture(1, light=True)), "a/1.png": png(picture(1))})
    first, second = read(tmp_path).inputs
    np.testing.assert_array_equal(first, second)
    as_it_is = read(tmp_path, Asked(ground="dark")).inputs[0].reshape(8, 8)
    assert on_light_ground(as_it_is)
    turned = read(tmp_path, Asked(ground="light")).inputs[1].reshape(8, 8)
    assert on_light_ground(turned)


def test_preparing_fits_and_centres(tmp_path: Path) -> None:
    corner = np.zeros((40, 40), np.uint8)
    corner[1:6, 1:4] = 255
    write(tmp_path, {"a/0.png": png(corner), "a/blank.png": png(np.zeros((40, 40), np.uint8))})
    prepared, blank = read(tmp_path, Asked(prepare=True)).inputs.reshape(-1, 28, 28)
    rows, _ = np.nonzero(prepared > 100)
    assert np.ptp(rows) + 1 == pytest.approx(20, abs=1)
    assert not blank.any()


def test_colour_alpha_palette_16_bit_and_cmyk_become_the_same_grey(tmp_path: Path) -> None:
    grey = Image.fromarray(picture(3))
    (tmp_path / "a").mkdir()
    wide = Image.fromarray(picture(3).astype(np.uint16) * 257)
    clear = Image.merge("LA", (grey, Image.new("L", grey.size, 255)))
    kinds = {
        "0.png": grey, "1.png": grey.convert("RGB"), "2.png": clear, "3.gif": grey.convert("P"),
        "4.png": wide, "5.tiff": grey.convert("CMYK"), "6.png": grey.convert("RGBA"),
        "7.bmp": grey, "8.webp": grey.convert("RGB"), "9.jpg": grey.convert("RGB"),
        "10.tga": grey, "11.pgm": grey,
    }  # fmt: skip
    for name, image in kinds.items():
        image.save(tmp_path / "a" / name, lossless=True)  # only of WebP it is asked
    found = read(tmp_path).inputs.reshape(-1, 8, 8).astype(int)
    assert len(found) == len(kinds)
    for place, one in enumerate(found):
        assert np.abs(one - picture(3)).max() <= (40 if place == 9 else 2), list(kinds)[place]


def test_a_picture_that_was_turned_is_turned_back(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    tall = np.zeros((20, 10), np.uint8)
    image = Image.fromarray(tall)
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "a" / "0.jpg", exif=exif)
    image.save(tmp_path / "a" / "1.jpg", exif=exif)
    assert read(tmp_path).image_shape == (10, 20)


# a table of labels


@pytest.mark.parametrize(
    "rows",
    [
        "file,label\n0.png,x\n1.png,y\n2.png,x\n",
        "0.png,x\n1.png,y\n2.png,x\n",
        "\ufefffile;label\r\n0.png;x\r\n1.png;y\r\n2.png;x\r\n",
        "filename\tsize\tclass\n0\t8\tx\n1\t8\ty\n2\t8\tx\n",
        'id,image,label\n5,"0.png","x"\n6,"1.png","y"\n7,"2.png","x"\n',
        "path,label\n.\\0.png,x\nsome/where/1.png,y\n./2.png,x\n",
    ],
)
def test_a_table_of_labels_is_read_however_it_is_written(tmp_path: Path, rows: str) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(labelled(rows)))
    assert names(read(tmp_path / "a.zip")) == ["x", "y", "x"]
    folder = write(tmp_path / "folder", labelled(rows))
    assert names(read(folder)) == ["x", "y", "x"]
    assert names(read(folder / "labels.csv")) == ["x", "y", "x"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_labels_may_be_written_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    rows = "file,label\n0.png,一\n1.png,二\n2.png,一\n".encode(encoding)
    (tmp_path / "a.zip").write_bytes(zipped({**labelled(""), "labels.csv": rows}))
    assert names(read(tmp_path / "a.zip")) == ["一", "二", "一"]


def test_a_column_may_be_chosen_by_name_or_number(tmp_path: Path) -> None:
    rows = "file,label,writer\n0.png,x,anna\n1.png,y,ben\n2.png,x,ben\n"
    (tmp_path / "a.zip").write_bytes(zipped(labelled(rows)))
    assert look(tmp_path / "a.zip").columns == ("file", "label", "writer")
    for column in ("writer", "WRITER", "3"):
        assert names(read(tmp_path / "a.zip", Asked(labels=column))) == ["anna", "ben", "ben"]
    assert "no column zebra" in refused(tmp_path / "a.zip", labels="zebra")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("file,label\n0.png,x\n7.png,y\n", "row 3: there is no picture 7.png"),
        ("file,label\n0.png,x\n1.png,\n", "row 3: it has no label"),
        ("file,label\n0.png,x\n0.png,y\n", "row 3: 0.png is y here and x further up"),
        ("file,label\n0.png,x\n1.png,y,z\n", "row 3: it has 3 columns; 2 were expected"),
        ("file\n0.png\n1.png\n", "no column of labels"),
        ('file,label\n0.png,"x\n', "cannot be taken apart"),
        ("", "labels.csv has no rows"),
        ("file,label\n", "no rows below"),
        ("\0\1\2", "no table"),
    ],
)
def test_a_row_that_does_not_fit_is_named(tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(labelled(rows)))
    assert said in refused(tmp_path / "a.zip")


def test_a_row_twice_and_a_picture_without_row_are_said_so(tmp_path: Path) -> None:
    rows = "file,label\n0.png,x\n0.png,x\n1.png,y\n"
    (tmp_path / "a.zip").write_bytes(zipped(labelled(rows)))
    seen = look(tmp_path / "a.zip")
    assert seen.count == 2
    said = [str(one) for one in seen.remarks]
    assert "1 rows name a picture again." in said
    assert "1 pictures are not in labels.csv: they are left out." in said


def test_a_table_below_a_folder_names_the_pictures_beside_it(tmp_path: Path) -> None:
    files = {f"set/{name}": content for name, content in labelled("0.png,x\n2.png,y\n").items()}
    (tmp_path / "a.zip").write_bytes(zipped({**files, "other/0.png": png(picture(9))}))
    found = read(tmp_path / "a.zip").inputs
    np.testing.assert_array_equal(found[0].reshape(8, 8), picture(0))


def test_a_table_of_other_things_beside_folders_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {**pictures("a", "b"), "results.csv": table()})
    assert read(tmp_path).class_names == ("a", "b")


# archives without trust


@pytest.mark.parametrize("name", ["../out.png", "/etc/x.png", "a/../../x.png", "C:/x.png"])
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({**pictures("a", "b"), name: png(picture())}))
    assert "leads out of it" in refused(tmp_path / "a.zip")


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/0.png", png(picture()))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a/0.png", png(picture()))
    assert "a/0.png twice" in refused(tmp_path / "a.zip")


def test_a_file_that_unpacks_to_more_than_it_can_be_is_refused(tmp_path: Path) -> None:
    bomb = bytearray(zipped({"a/0.png": bytes(2000)}))
    place = bomb.index(b"PK\1\2") + 24
    bomb[place : place + 4] = (2**30).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(bomb)
    assert "claims to be larger" in refused(tmp_path / "a.zip")


def test_an_archive_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"letter.txt": "dear reader"}))
    assert "no pictures" in refused(tmp_path / "a.zip")
    (tmp_path / "b.zip").write_bytes(zipped({}))
    assert "no pictures" in refused(tmp_path / "b.zip")


def test_a_table_alone_in_an_archive_is_read_as_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"train.csv": table()}))
    assert read(tmp_path / "a.zip").image_shape == (5, 5)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_in_letters_that_the_archive_does_not_tell_are_guessed(
    tmp_path: Path, encoding: str
) -> None:
    content = zipped({"AAAAAA/0.png": png(picture()), "b/0.png": png(picture())})
    name = "大" if encoding == "utf-8" else "大小山"
    written = name.encode(encoding).ljust(6, b"_")
    (tmp_path / "a.zip").write_bytes(content.replace(b"AAAAAA", written))
    assert read(tmp_path / "a.zip").class_names == ("b", written.decode(encoding))


def test_letters_of_two_parts_are_the_same_as_those_of_one(tmp_path: Path) -> None:
    table = "file,label\n\u00e9.png,caf\u00e9\n"
    files: dict[str, bytes | str] = {"e\u0301.png": png(picture()), "labels.csv": table}
    (tmp_path / "a.zip").write_bytes(zipped(files))
    assert read(tmp_path / "a.zip").class_names == ("caf\u00e9",)
    write(tmp_path / "folder", pictures("cafe\u0301", "b"))
    assert read(tmp_path / "folder").class_names == ("b", "caf\u00e9")


def test_signs_that_steer_a_terminal_are_not_kept_in_names(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(pictures("a\x1b[2J", "b")))
    assert look(tmp_path / "a.zip").classes[0][0] == "a\ufffd[2J"
    assert read(tmp_path / "a.zip").class_names == ("a\ufffd[2J", "b")


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_read_and_their_damage_is_one_sentence(
    tmp_path: Path, way: int
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", way) as archive:
        for name, content in pictures("a", "b").items():
            archive.writestr(name, content)
    assert len(read(tmp_path / "a.zip").inputs) == 4
    whole = bytearray((tmp_path / "a.zip").read_bytes())
    whole[60:90] = bytes(30)
    (tmp_path / "a.zip").write_bytes(whole)
    assert "a/0.png" in refused(tmp_path / "a.zip")
