"""The table says what the history says, exactly."""

import csv
import io
from math import nan
from pathlib import Path

import pytest

from nnstudio.errors import NnstudioError
from nnstudio.runs.history_csv import COLUMNS, history_csv, save_history
from nnstudio.training.history import History


@pytest.fixture
def history() -> History:
    made = History()
    made.append(1 / 3, 0.5, 0.01, 0.125)
    made.append(0.25, nan, 0.01, 0.25)
    made.append_validation(step=2, epoch=1, loss=0.75, score=0.1, whole=False)
    made.append_validation(step=2, epoch=1, loss=0.5, score=nan, whole=True)
    made.end_epoch(2)
    made.append(0.125, 1.0, 0.005, 0.5)
    made.append_validation(step=3, epoch=2, loss=0.625, score=1.0, whole=False)
    return made


def rows(history: History) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(history_csv(history.view(), task="classes"))))


def test_there_is_one_row_for_each_step(history: History) -> None:
    assert [row["step"] for row in rows(history)] == ["1", "2", "3"]


def test_every_number_is_exact(history: History) -> None:
    assert [float(row["train_loss"]) for row in rows(history)] == history.view().loss.tolist()


def test_epochs_are_counted_from_one(history: History) -> None:
    assert [row["epoch"] for row in rows(history)] == ["1", "1", "2"]


def test_what_is_unknown_is_an_empty_cell(history: History) -> None:
    assert rows(history)[1]["train_accuracy"] == ""
    assert rows(history)[1]["validation_accuracy"] == ""
    assert rows(history)[0]["validation_loss"] == ""


def test_validation_stands_at_its_step_and_the_whole_part_wins(history: History) -> None:
    found = [(row["validation_loss"], row["validation_part"]) for row in rows(history)]
    assert found == [("", ""), ("0.5", "whole"), ("0.625", "small")]


def test_a_validation_before_the_first_step_has_a_row_of_its_own() -> None:
    made = History()
    made.append_validation(step=0, epoch=0, loss=2.5, score=0.1, whole=True)
    made.append(1.5, 0.5, 0.1, 0.25)
    found = [(row["step"], row["train_loss"], row["validation_loss"]) for row in rows(made)]
    assert found == [("0", "", "2.5"), ("1", "1.5", "")]


def test_a_run_without_a_step_is_a_table_without_rows() -> None:
    assert history_csv(History().view(), task="classes") == ",".join(COLUMNS) + "\n"


def test_the_file_holds_the_table(history: History, tmp_path: Path) -> None:
    save_history(tmp_path / "history.csv", history.view(), task="classes")
    assert (tmp_path / "history.csv").read_text() == history_csv(history.view(), task="classes")


def test_a_folder_that_is_missing_is_one_sentence(history: History, tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match=r"history\.csv could not be saved"):
        save_history(tmp_path / "no" / "history.csv", history.view(), task="classes")


def test_values_have_r_squared_and_rmse_in_columns_of_that_name() -> None:
    made = History()
    made.append(1.5, -0.5, 0.1, 0.25)
    made.append(1.0, nan, 0.1, 0.5)
    made.append_validation(step=2, epoch=1, loss=0.75, score=0.25, rmse=0.125, whole=True)
    first, last = csv.DictReader(io.StringIO(history_csv(made.view(), task="values")))
    assert (first["train_r_squared"], first["validation_rmse"]) == ("-0.5", "")
    assert (last["train_r_squared"], last["validation_r_squared"]) == ("", "0.25")
    assert last["validation_rmse"] == "0.125"
    assert not any("accuracy" in name for name in first)
