"""A model comes back bit for bit, or is refused with one sentence."""

import errno
import json
import os
import struct
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from safetensors.numpy import load as parse_tensors
from safetensors.numpy import save as pack_tensors

from nnstudio.errors import NnstudioError
from nnstudio.nn.constraints import MaxNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.penalties import L2
from nnstudio.runs import model_file
from nnstudio.runs.model import Model, pack, unpack
from nnstudio.runs.model_file import (
    FORMAT_VERSION,
    METADATA_KEY,
    load_model,
    load_tensors,
    save_model,
    save_tensors,
)
from nnstudio.runs.predictor import Predictor
from nnstudio.tasks import Task
from nnstudio.training.history import History
from nnstudio.training.recipe import Change
from nnstudio.whole_files import SYSTEM

Header = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def same(one: Model, other: Model) -> bool:
    return (
        one.recipe == other.recipe
        and one.layout == other.layout
        and one.vector.dtype == other.vector.dtype
        and one.vector.tobytes() == other.vector.tobytes()
        and one.class_names == other.class_names
        and one.image_shape == other.image_shape
        and one.scaling.factor.tobytes() == other.scaling.factor.tobytes()
        and one.scaling.shift.tobytes() == other.scaling.shift.tobytes()
        and one.scaling.factor.shape == other.scaling.factor.shape
        and one.scaling.shift.shape == other.scaling.shift.shape
        and np.array_equal(one.constant_inputs, other.constant_inputs)  # type: ignore[arg-type]  # None equals None
        and one.summary == other.summary
    )


def taken_apart(path: Path) -> tuple[Header, bytes]:
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def put_together(path: Path, header: Header, body: bytes) -> None:
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def with_record(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what a file says about itself and make its checksum right again."""
    kind = json.loads(taken_apart(path)[0]["__metadata__"][METADATA_KEY])["kind"]
    tensors, record = load_tensors(path, kind=kind)
    change(record)
    save_tensors(path, tensors, record, kind=kind)


def refusal(path: Path) -> str:
    with pytest.raises(NnstudioError) as caught:
        load_model(path)
    assert str(caught.value.hint)
    return str(caught.value.what)


# what comes back


def test_a_model_comes_back_bit_for_bit(path: Path, model: Model) -> None:
    save_model(path, model)
    assert same(load_model(path), model)


def test_saving_twice_gives_the_same_bytes(path: Path, model: Model, tmp_path: Path) -> None:
    save_model(path, model)
    save_model(tmp_path / "again", load_model(path))
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_a_model_in_double_precision_comes_back(path: Path, model: Model) -> None:
    experiment = replace(model.recipe.experiment, precision="float64")
    double = replace(
        model,
        recipe=replace(model.recipe, experiment=experiment),
        vector=model.vector.astype(np.float64) / 3,
    )
    save_model(path, double)
    assert same(load_model(path), double)


def normalized(model: Model) -> Model:
    row = HiddenLayer(
        units=3,
        normalization=BatchNorm(),
        dropout=Dropout(),
        penalty=L2(),
        constraint=MaxNorm(),
    )
    experiment = replace(model.recipe.experiment, network=NetworkSpec(layers=(row,)))
    layout = layout_of(experiment.network, inputs=4, outputs=2)
    vector = np.random.default_rng(3).uniform(0.1, 1, layout.size).astype(np.float32)
    recipe = replace(model.recipe, experiment=experiment)
    return replace(model, recipe=recipe, layout=layout, vector=vector)


def test_a_model_brings_its_running_statistics_and_answers_by_them(
    path: Path, model: Model
) -> None:
    saved = normalized(model)
    save_model(path, saved)
    opened = load_model(path)
    assert same(opened, saved)
    assert "layers.0.running_variance" in taken_apart(path)[0]
    rows = np.arange(12.0).reshape(3, 4)
    answers = []
    for one in (saved, opened):
        predictor = Predictor(one.blueprint)
        predictor.show(one.vector)
        answers.append(predictor.probabilities(rows).copy())
    assert (answers[0] == answers[1]).all()
    assert np.ptp(answers[0], axis=0).max() > 1e-3


def test_what_is_optional_may_be_absent(path: Path, model: Model) -> None:
    bare = replace(model, constant_inputs=None, image_shape=None, class_names=(), summary={})
    save_model(path, bare)
    assert same(load_model(path), bare)


def trained(model: Model) -> Model:
    history = History()
    for step in range(1, 8):
        history.append(1 / step, float("nan"), 0.1, float(step))
    history.append_validation(step=5, epoch=1, loss=0.3, score=0.5, whole=True)
    history.append_change(Change(2, "optimizer.learning_rate", 0.01))
    history.end_epoch(5)
    return replace(model, history=history.view())


def test_a_model_brings_its_history(path: Path, model: Model) -> None:
    save_model(path, trained(model))
    opened = load_model(path)
    before, after = trained(model).history, opened.history
    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(after.loss, before.loss)
    np.testing.assert_array_equal(after.score, before.score)
    np.testing.assert_array_equal(after.validation.whole, before.validation.whole)
    assert after.changes == before.changes
    assert (opened.snapshot.step, opened.snapshot.epoch, opened.snapshot.seconds) == (7, 2, 7.0)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("history.loss", np.zeros(6)),
        ("history.loss", np.zeros(7, np.float32)),
        ("history.loss", np.zeros((7, 1))),
        ("history.validation.loss", np.zeros(2)),
        ("history.validation.step", np.array([9])),
        ("history.epoch_ends", np.array([5, 3])),
        ("history.unknown", np.zeros(7)),
    ],
)
def test_a_history_that_does_not_fit_is_refused(
    model: Model, name: str, column: NDArray[Any]
) -> None:
    tensors, record = pack(trained(model))
    with pytest.raises(NnstudioError, match=r"m\.safetensors"):
        unpack(tensors | {name: column}, record, file="m.safetensors")


def test_a_history_without_a_column_is_refused(model: Model) -> None:
    tensors, record = pack(trained(model))
    del tensors["history.rate"]
    with pytest.raises(NnstudioError, match=r"history\.rate"):
        unpack(tensors, record, file="m.safetensors")


def test_an_unknown_number_in_the_summary_is_stored_as_null(path: Path, model: Model) -> None:
    save_model(path, replace(model, summary={"loss": float("nan"), "steps": 3}))
    assert load_model(path).summary == {"loss": None, "steps": 3}


@pytest.mark.parametrize("steps", ["many", -1, 1.5, [3]])
def test_steps_that_are_no_count_are_refused(path: Path, model: Model, steps: object) -> None:
    save_model(path, replace(model, summary={"steps": steps}))
    with pytest.raises(NnstudioError, match="cannot be used"):
        load_model(path)


def test_the_blueprint_is_that_of_the_model(model: Model) -> None:
    assert model.blueprint.layout is model.layout
    assert model.blueprint.network == model.recipe.experiment.network


@given(
    array=arrays.arrays(
        np.float32, arrays.array_shapes(max_dims=3, max_side=6), elements=st.floats(-9, 9, width=32)
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_memory_order_changes_a_value(tmp_path: Path, array: Any) -> None:
    given_ = {
        "plain": array,
        "transposed": array.T,
        "fortran": np.asfortranarray(array),
        "every other": array[::2],
        "backwards": array[::-1],
        "big-endian": array.astype(">f4"),
        "one for many": np.broadcast_to(array, (2, *array.shape)),
        "no dimension": array.sum(),
        "empty": array[:0],
    }
    save_tensors(tmp_path / "t", given_, {}, kind="test")
    found, _ = load_tensors(tmp_path / "t", kind="test")
    for name, tensor in given_.items():
        np.testing.assert_array_equal(found[name], tensor)
        assert found[name].shape == tensor.shape


def test_tensors_that_need_not_be_finite_come_back(path: Path) -> None:
    save_tensors(path, {"loose.a": np.array([np.nan, np.inf])}, {}, kind="test", loose="loose.")
    found, _ = load_tensors(path, kind="test", loose="loose.")
    np.testing.assert_array_equal(found["loose.a"], [np.nan, np.inf])


# what is not saved


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_model_that_is_not_finite_is_not_saved(path: Path, model: Model, wrong: float) -> None:
    save_model(path, model)
    before = path.read_bytes()
    vector = model.vector.copy()
    vector[-1] = wrong
    with pytest.raises(NnstudioError, match="was not saved"):
        save_model(path, replace(model, vector=vector))
    assert path.read_bytes() == before


@pytest.mark.parametrize("call", ["open", "write", "fsync", "read", "replace"])
def test_a_disk_that_fails_is_one_sentence_and_the_old_model_stays(
    path: Path, model: Model, call: str
) -> None:
    def fail(*_: object) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    save_model(path, model)
    before = path.read_bytes()
    with pytest.raises(NnstudioError, match="could not be saved"):
        save_model(path, replace(model, summary={}), system=replace(SYSTEM, **{call: fail}))
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_an_error_without_words_is_named_by_its_kind(path: Path, model: Model) -> None:
    def fail(*_: object) -> None:
        raise InterruptedError

    with pytest.raises(NnstudioError, match="InterruptedError"):
        save_model(path, model, system=replace(SYSTEM, fsync=fail))


def test_a_library_that_changes_values_is_noticed(
    path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(data: bytes) -> dict[str, Any]:
        return {name: values * 2 for name, values in true_parse(data).items()}

    true_parse = parse_tensors
    monkeypatch.setattr(model_file, "parse_tensors", faulty)
    with pytest.raises(NnstudioError, match="checksum"):
        save_model(path, model)
    assert not path.exists()


def test_a_description_that_no_one_could_read_is_not_saved(path: Path) -> None:
    with pytest.raises(NnstudioError, match="too large"):
        save_tensors(path, {}, {"much": "x" * model_file.MAX_HEADER_BYTES}, kind="test")
    assert not path.exists()


# what is refused


def test_a_missing_file_is_refused(path: Path) -> None:
    assert str(path) in refusal(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is hidden from root")
def test_a_file_that_may_not_be_read_is_refused(path: Path, model: Model) -> None:
    save_model(path, model)
    path.chmod(0)
    assert "cannot be read" in refusal(path)


def test_a_path_through_a_file_is_refused(path: Path) -> None:
    path.touch()
    assert "cannot be read" in refusal(path / "model.safetensors")


@pytest.mark.parametrize(
    "content", [b"", b"abc", b"\0" * 8, b"PK\3\4" + b"\0" * 99, b"\x93NUMPY" * 9]
)
def test_another_kind_of_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "is not a model" in refusal(path)


def test_a_shorter_file_is_refused(path: Path, model: Model) -> None:
    save_model(path, model)
    data = path.read_bytes()
    for length in {*range(0, len(data), 17), *range(16), len(data) - 1}:
        path.write_bytes(data[:length])
        assert refusal(path)


def test_a_longer_file_is_refused(path: Path, model: Model) -> None:
    save_model(path, model)
    path.write_bytes(path.read_bytes() + b"\0")
    assert "is damaged" in refusal(path)


def test_a_foreign_safetensors_file_is_refused(path: Path) -> None:
    path.write_bytes(pack_tensors({"weight": np.zeros(3)}, {"format": "pt"}))
    assert "is not a model" in refusal(path)
    path.write_bytes(pack_tensors({"weight": np.zeros(3)}))
    assert "is not a model" in refusal(path)


@pytest.mark.parametrize(
    "record", ["", "{}", "[]", "3", '{"format_version": null}', '{"format_version": 1}']
)
def test_a_record_that_is_none_is_refused(path: Path, record: str) -> None:
    path.write_bytes(pack_tensors({"weight": np.zeros(3)}, {METADATA_KEY: record}))
    assert "is not a model" in refusal(path)


def test_a_newer_format_is_named(path: Path, model: Model) -> None:
    save_model(path, model)
    header, body = taken_apart(path)
    record = json.loads(header["__metadata__"][METADATA_KEY])
    record["format_version"] = FORMAT_VERSION + 1
    header["__metadata__"][METADATA_KEY] = json.dumps(record)
    put_together(path, header, body)
    assert "newer version" in refusal(path)


def test_a_checkpoint_is_not_a_model(path: Path) -> None:
    save_tensors(path, {}, {}, kind="checkpoint")
    assert "is not a model" in refusal(path)


def test_one_other_bit_in_the_weights_is_noticed(path: Path, model: Model) -> None:
    save_model(path, model)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    assert "checksum" in refusal(path)


def test_another_word_in_the_record_is_noticed(path: Path, model: Model) -> None:
    save_model(path, model)
    path.write_bytes(path.read_bytes().replace(b"test_accuracy", b"best_accuracy"))
    assert "checksum" in refusal(path)


def test_numbers_that_are_not_finite_are_refused(path: Path, model: Model) -> None:
    tensors, record = pack(model)
    tensors["layers.0.b"] = np.full(3, np.nan, np.float32)
    save_tensors(path, tensors, record, kind="model", loose="layers.")
    assert "layers.0.b are not finite" in refusal(path)


SPOILED: dict[str, Callable[[dict[str, Any]], None]] = {
    "a tensor is missing": lambda tensors: tensors.pop("layers.1.b"),
    "a tensor is too much": lambda tensors: tensors.update(extra=np.zeros(1)),
    "another shape": lambda tensors: tensors.update({"layers.0.W": np.zeros((3, 4), np.float32)}),
    "another type": lambda tensors: tensors.update({"layers.0.W": np.zeros((4, 3))}),
    "whole numbers": lambda tensors: tensors.update({"scaling.factor": np.array(1)}),
    "no scaling": lambda tensors: tensors.pop("scaling.shift"),
    "scaling of another size": lambda tensors: tensors.update({"scaling.shift": np.zeros(3)}),
    "constants of another size": lambda tensors: tensors.update(
        {"inputs.constant": np.zeros(3, np.uint8)}
    ),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_tensors_that_do_not_fit_the_experiment_are_refused(
    path: Path, model: Model, spoil: Callable[[dict[str, Any]], None]
) -> None:
    tensors, record = pack(model)
    spoil(tensors)
    save_tensors(path, tensors, record, kind="model")
    assert "does not fit its own description" in refusal(path)


DESCRIBED: dict[str, dict[str, Any]] = {
    "no recipe": {"recipe": None},
    "an empty recipe": {"recipe": {}},
    "inputs are no number": {"inputs": "4"},
    "no inputs": {"inputs": 0},
    "inputs without end": {"inputs": 10**20},
    "class names are no list": {"class_names": 3},
    "class names are a word": {"class_names": "no"},
    "class names of other outputs": {"class_names": ["no"]},
    "a picture of one side": {"image_shape": [4]},
    "a picture of another size": {"image_shape": [2, 3]},
    "a picture of no size": {"image_shape": "x"},
    "a summary of another kind": {"summary": 3},
    "a task that nobody knows": {"task": "wishes"},
    "a task of another kind": {"task": ["values"]},
}


@pytest.mark.parametrize("change", DESCRIBED.values(), ids=DESCRIBED)
def test_a_description_that_is_not_whole_is_refused(
    path: Path, model: Model, change: dict[str, Any]
) -> None:
    save_model(path, model)
    with_record(path, lambda record: record.update(change))
    assert path.name in refusal(path)


def test_a_setting_that_is_not_legal_is_refused(path: Path, model: Model) -> None:
    def spoil(record: dict[str, Any]) -> None:
        record["recipe"]["experiment"]["network"]["layers"][0]["units"] = 0

    save_model(path, model)
    with_record(path, spoil)
    assert "units" in refusal(path)


# what would cost much


def test_a_header_that_claims_more_than_there_is_is_refused(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 2**63) + b"{}")
    assert "is not a model" in refusal(path)


def test_a_header_of_many_tensors_is_refused_at_once(path: Path) -> None:
    empty = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    put_together(path, {f"tensor {number}": empty for number in range(70_000)}, b"")
    start = time.perf_counter()
    assert "too large" in refusal(path)
    assert time.perf_counter() - start < 0.5


def test_a_file_of_terabytes_is_refused_at_once(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**42)
    assert "too large" in refusal(path)


def test_brackets_without_end_are_refused(path: Path) -> None:
    text = b"[" * 100_000
    path.write_bytes(struct.pack("<Q", len(text)) + text)
    assert "is not a model" in refusal(path)


def test_sixty_five_dimensions_are_refused(path: Path, model: Model) -> None:
    save_model(path, model)
    header, body = taken_apart(path)
    header["layers.0.b"]["shape"] = [1] * 64 + [3]
    put_together(path, header, body)
    assert "is damaged" in refusal(path)


def test_a_type_that_numpy_does_not_know_is_refused(path: Path, model: Model) -> None:
    save_model(path, model)
    header, body = taken_apart(path)
    header["layers.0.b"] |= {"dtype": "BF16", "shape": [6]}
    put_together(path, header, body)
    assert "is damaged" in refusal(path)


# mutants

PLACES = st.integers(0, 2**20)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), PLACES, st.binary(min_size=1, max_size=3)),
        st.tuples(st.just("insert"), PLACES, st.binary(min_size=1, max_size=3)),
        st.tuples(st.just("digit"), PLACES, st.sampled_from([b"0", b"1", b"9", b"-"])),
        st.tuples(st.just("cut"), PLACES, st.just(b"")),
        st.tuples(st.just("remove"), PLACES, st.just(b"")),
    ),
    min_size=1,
    max_size=3,
)


def mutated(data: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    for kind, anywhere, new in edits:
        place = anywhere % (len(data) + 1)
        if kind == "digit":
            digits = [at for at, byte in enumerate(data) if chr(byte).isdigit()]
            place = digits[anywhere % len(digits)] if digits else place
        taken = {"set": len(new), "insert": 0, "digit": 1, "cut": len(data), "remove": 1}[kind]
        data = data[:place] + new + data[place + taken :]
    return data


@settings(max_examples=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_every_mutant_is_the_same_model_or_refused(
    path: Path, model: Model, edits: list[tuple[str, int, bytes]]
) -> None:
    if not path.exists():
        save_model(path, model)
    mutant = path.with_name("mutant")
    mutant.write_bytes(mutated(path.read_bytes(), edits))
    try:
        found = load_model(mutant)
    except NnstudioError:
        return
    assert same(found, model)


@pytest.mark.parametrize("task", ["classes", "labels", "values"])
def test_what_the_outputs_say_comes_back(path: Path, model: Model, task: Task) -> None:
    save_model(path, replace(model, task=task))
    assert load_model(path).task == task
    assert load_model(path).blueprint.task == task


def test_a_model_that_does_not_say_what_its_outputs_are_has_classes(
    path: Path, model: Model
) -> None:
    save_model(path, replace(model, task="values"))
    with_record(path, lambda record: record.pop("task"))
    assert load_model(path).task == "classes"
