"""Tables of pixels or numbers: layout and class column are guessed, every bad cell is named."""

import gzip
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset
from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.reading import look, read
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text
from tests.data.importing.made import table


def put(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def names(dataset: Dataset) -> list[str]:
    return [dataset.class_names[place] for place in dataset.targets]


def refused(path: Path, **asked: Any) -> str:
    with pytest.raises(NnstudioError) as caught:
        read(path, Asked(**asked))
    return str(caught.value)


SIX = ["0", "1", "2", "0", "1", "2"]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_layout_of_kaggle_is_guessed(tmp_path: Path, separator: str, *, header: bool) -> None:
    path = put(tmp_path, table(header=header, separator=separator))
    dataset = read(path)
    assert names(dataset) == SIX
    assert dataset.image_shape == (5, 5)
    assert dataset.inputs.dtype == np.uint8
    first = np.random.default_rng(0).integers(0, 256, 25)
    first[0] = first[-1] = 0
    assert dataset.inputs[0].tolist() == first.tolist()


def turned(rows: str) -> str:
    """The label last."""
    cells = [line.split(",") for line in rows.splitlines()]
    return "\n".join(",".join([*row[1:], row[0]]) for row in cells)


@pytest.mark.parametrize("header", [True, False])
def test_the_class_may_stand_last(tmp_path: Path, *, header: bool) -> None:
    plain = read(put(tmp_path, table(header=header)))
    dataset = read(put(tmp_path, turned(table(header=header)), "b.csv"))
    assert names(dataset) == SIX
    assert dataset.sha256 == plain.sha256


def test_a_look_fills_in_what_was_guessed_and_shows_the_first_rows(tmp_path: Path) -> None:
    seen = look(put(tmp_path, table(rows=200)))
    asked = seen.asked
    assert (asked.labels, asked.header, asked.separator) == ("label", "yes", "comma")
    assert (asked.values, asked.encoding) == ("pictures", "utf-8")
    assert seen.columns[:2] == ("label", "pixel0")
    assert seen.pictures.shape == (64, 5, 5)
    assert seen.count is None
    assert seen.rows[0][0] == "0"
    assert look(tmp_path / "a.csv", asked).asked == asked


def test_columns_that_are_numbered_from_0_are_a_header(tmp_path: Path) -> None:
    rows = "label," + ",".join(map(str, range(25))) + "\n" + table(header=False)
    dataset = read(put(tmp_path, rows))
    assert len(dataset.inputs) == 6


def test_a_class_column_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    rows = "a,b,c\n1,0.5,x\n2,0.25,y\n1,0.125,x\n"
    path = put(tmp_path, rows)
    assert names(read(path)) == ["x", "y", "x"]
    for column in ("a", "1"):
        assert "row 2, column c: a number was expected, not “x”" in refused(path, labels=column)
    numbers = put(tmp_path, "a,b,c\n1,0.5,3\n2,0.25,4\n", "b.csv")
    assert names(read(numbers, Asked(labels="c"))) == ["3", "4"]
    assert names(read(numbers, Asked(labels="1"))) == ["1", "2"]


def test_classes_that_are_words_are_found_wherever_they_stand(tmp_path: Path) -> None:
    rows = "5.1,3.5,1.4,Iris setosa\n7.0,3.2,4.7,Iris versicolor\n6.3,3.3,6.0,Iris virginica\n"
    dataset = read(put(tmp_path, rows))
    assert dataset.class_names == ("Iris setosa", "Iris versicolor", "Iris virginica")
    assert dataset.image_shape is None
    assert dataset.inputs.dtype == np.float64
    assert look(tmp_path / "a.csv").pictures.shape == (0, 0, 0)


def test_a_column_that_numbers_the_rows_is_left_out(tmp_path: Path) -> None:
    path = put(tmp_path, "id,x,y,label\n1,5,5,a\n2,5,6,b\n3,7,8,a\n")
    assert read(path).inputs.shape == (3, 2)
    assert "only numbers the rows" in str(look(path).remarks[0])


@pytest.mark.parametrize(("white", "written"), [(1, "{:.6f}"), (16, "{:.0f}"), (65535, "{:.0f}")])
def test_white_may_be_1_16_or_65535(tmp_path: Path, white: float, written: str) -> None:
    grey = np.zeros((4, 25))
    grey[:, 3:20] = np.linspace(0, white, 17)
    rows = "\n".join(
        ",".join([str(place), *(written.format(one) for one in row)])
        for place, row in enumerate(grey)
    )
    dataset = read(put(tmp_path, rows))
    assert dataset.inputs.dtype == np.uint8
    assert dataset.inputs.max() == 255
    assert dataset.inputs[0, 3] == 0


def test_negative_values_are_numbers_and_no_pixels(tmp_path: Path) -> None:
    rows = "\n".join(",".join([str(row), *["-0.42"] * 12, *["2.8"] * 13]) for row in range(3))
    dataset = read(put(tmp_path, rows))
    assert dataset.image_shape is None
    assert dataset.inputs.min() == -0.42
    assert "negative" in refused(tmp_path / "a.csv", values="pictures")


def test_quoted_cells_spaces_and_blank_lines_are_taken_as_meant(tmp_path: Path) -> None:
    rows = '"label","x","y"\n\n"a, b"," 1 ","2"\n   \n"c ""d""",3,4\n'
    dataset = read(put(tmp_path, rows))
    assert names(dataset) == ["a, b", 'c "d"']
    assert dataset.inputs.tolist() == [[1, 2], [3, 4]]


def test_decimal_commas_are_read_where_semicolons_separate(tmp_path: Path) -> None:
    dataset = read(put(tmp_path, "label;x;y\na;1,5;2\nb;3;4,25\n"))
    assert dataset.inputs.tolist() == [[1.5, 2], [3, 4.25]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1"])
def test_words_may_be_written_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    word = "né" if encoding == "latin-1" else "好的"
    path = put(tmp_path, f"label,x\n{word},1\n{word},2\nb,3\n".encode(encoding))
    assert names(read(path))[0] == word


def test_a_packed_table_is_read(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(table().encode()), "a.csv.gz")
    assert names(read(path)) == SIX


def test_long_runs_and_odd_lines_give_the_same(tmp_path: Path) -> None:
    plain = table(rows=600)
    quoted = plain.replace("\n1,", '\n"1",')
    first, second = read(put(tmp_path, plain)), read(put(tmp_path, quoted, "b.csv"))
    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("\n2,", "\n,"), "row 4: it has no label"),
        (("\n2,0,", "\n2,"), "row 4: it has 25 columns; 26 were expected"),
        (("\n2,0,", "\n2,zebra,"), "row 4, column pixel0: a number was expected, not “zebra”"),
        (("\n2,0,", "\n2,,"), "row 4, column pixel0: a number was expected, not “”"),
        (("\n2,0,", "\n2,nan,"), "row 4, column pixel0: a number was expected, not “nan”"),
        (("\n2,0,", "\n2,inf,"), "row 4, column pixel0: a number was expected, not “inf”"),
        (("\n2,0,", "\n2,1_0,"), "row 4, column pixel0"),
        (("\n2,0,", '\n2,"0,'), "cannot be taken apart"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path = put(tmp_path, table().replace(*change, 1))
    assert said in refused(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("\n\n  \n", "has no rows"),
        ("dear reader", "no column of labels"),
        ("label,x\n", "no rows below its header"),
        ("\0\0\0\0binary", "holds bytes that no text has"),
    ],
)
def test_what_is_no_table_of_samples_is_one_sentence(
    tmp_path: Path, content: str, said: str
) -> None:
    assert said in refused(put(tmp_path, content))


def test_pixels_without_classes_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(line.partition(",")[2] for line in table().splitlines())
    assert "no column of labels" in refused(put(tmp_path, rows))


def test_a_wrong_encoding_names_the_row(tmp_path: Path) -> None:
    path = put(tmp_path, "label,x\n好,1\n".encode("gb18030"))
    assert "row 1 or soon after" in refused(path, encoding="utf-8")


def test_a_packed_table_that_is_cut_off_is_one_sentence(tmp_path: Path) -> None:
    whole = gzip.compress(table(rows=2000, side=6).encode())
    assert "cannot be read" in refused(put(tmp_path, whole[: len(whole) // 2], "a.csv.gz"))


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    assert "longer than" in refused(put(tmp_path, "label,x\n" + "1" * 4_000_100))


def test_fractions_are_no_classes_and_said_so(tmp_path: Path) -> None:
    seen = look(put(tmp_path, "x,y\n1,0.25\n2,0.5\n"))
    assert "are fractions, not classes" in str(seen.remarks[0])


def test_a_file_of_no_kind_that_is_known_is_one_sentence(tmp_path: Path) -> None:
    assert "no kind that is known" in refused(put(tmp_path, "abc\0def", "model.bin"))


@pytest.mark.parametrize("last", [False, True])
def test_the_class_is_found_in_rows_that_are_sorted_by_it(tmp_path: Path, *, last: bool) -> None:
    generator = np.random.default_rng(0)
    lines = []
    for row in range(300):
        cells = [str(one) for one in generator.integers(0, 256, 25)]
        cells.insert(25 if last else 0, str(row // 100))
        lines.append(",".join(cells))
    path = put(tmp_path, "\n".join(lines))
    assert read(path).class_names == ("0", "1", "2")
    place = "26" if last else "1"
    assert f"taken from column {place}" in str(look(path).remarks[0])


def test_reading_sets_no_filters_of_warnings(tmp_path: Path) -> None:
    path = put(tmp_path, table(rows=600))
    before = list(warnings.filters)

    def told(_share: float | None, _doing: Text) -> None:
        assert list(warnings.filters) == before

    read(path, progress=told)
