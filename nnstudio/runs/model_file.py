"""Model files: safetensors in and out, checked from end to end; nothing else knows safetensors.

A file is refused with one sentence unless every byte that matters is what was once saved.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as parse_tensors
from safetensors.numpy import save as pack_tensors

from nnstudio.errors import NnstudioError
from nnstudio.runs.model import Array, Model, Tensors, pack, unpack
from nnstudio.runs.saving import save_bytes
from nnstudio.texts import Text, text
from nnstudio.training.history import PREFIX
from nnstudio.whole_files import SYSTEM, FileSystem

__all__ = [
    "FORMAT_VERSION",
    "Model",
    "load_model",
    "load_tensors",
    "save_model",
    "save_tensors",
]

FORMAT_VERSION: Final = 1
METADATA_KEY: Final = "nnstudio"
MAX_HEADER_BYTES: Final = 4 * 2**20
MAX_FILE_BYTES: Final = 2**31
_LENGTH_BYTES: Final = 8
# what parsing damaged contents raises; safetensors' own error is a bare Exception
_DAMAGE: Final = (
    SafetensorError,
    KeyError,
    ValueError,
    TypeError,
    MemoryError,
    OverflowError,
    RecursionError,
)


def save_model(path: Path, model: Model, *, system: FileSystem = SYSTEM) -> None:
    """Write a model into a file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file to make or to replace; its folder must exist.
    model : Model
        What is saved.
    system : FileSystem
        The calls that write the file.

    Raises
    ------
    NnstudioError
        When a number is not finite or the file cannot be written; what was there, stays.
    """
    tensors, record = pack(model)
    save_tensors(path, tensors, record, kind="model", loose=PREFIX, system=system)


def load_model(path: Path) -> Model:
    """Give the model in a file; every part of it has been checked against its Experiment.

    Raises
    ------
    NnstudioError
        When the file is missing, foreign, newer, damaged, not finite, or does not fit itself.
    """
    tensors, record = load_tensors(path, kind="model", loose=PREFIX)
    return unpack(tensors, record, file=path.name)


def save_tensors(
    path: Path,
    tensors: Mapping[str, Array],
    record: Mapping[str, Any],
    *,
    kind: str,
    loose: str | None = None,
    system: FileSystem = SYSTEM,
) -> None:
    """Write tensors and a record into one file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file to make or to replace.
    tensors : mapping of str to ndarray
        Any memory order; stored as little-endian C-contiguous copies.
    record : mapping
        What `json.dumps` takes.
    kind : str
        What the file is, ``model`` or ``checkpoint``.
    loose : str or None
        Start of the names of tensors that need not be finite.
    system : FileSystem
        The calls that write the file.

    Raises
    ------
    NnstudioError
        When a tensor is not finite or the file cannot be written; what was there, stays.
    """
    copies = {name: _little_endian(tensor) for name, tensor in tensors.items()}
    wild = _not_finite(copies, loose)
    if wild is not None:
        raise NnstudioError(
            "{file} was not saved: the numbers of {tensor} are not finite.",
            hint="Save a state from before the run diverged.",
            file=path.name,
            tensor=wild,
        )
    whole = {**record, "format_version": FORMAT_VERSION, "kind": kind}
    whole["checksum"] = _checksum(whole, copies)
    data = pack_tensors(copies, {METADATA_KEY: _canonical(whole)})
    # nothing reaches the disk that loading would refuse or read in another way
    _check_bounds(path, data[:_LENGTH_BYTES], len(data))
    _parse(path, data, kind=kind, loose=loose)
    save_bytes(path, data, system=system)


def load_tensors(
    path: Path, *, kind: str, loose: str | None = None
) -> tuple[Tensors, dict[str, Any]]:
    """Give the tensors and the record of a file, everything checked that needs no Experiment.

    Parameters
    ----------
    path : Path
        A file that `save_tensors` wrote.
    kind : str
        What the file must be, ``model`` or ``checkpoint``.
    loose : str or None
        Start of the names of tensors that need not be finite.

    Returns
    -------
    tensors : dict of str to ndarray
        Arrays of their own memory.
    record : dict
        As it was given to `save_tensors`.

    Raises
    ------
    NnstudioError
        When the file is missing, foreign, newer, damaged or not finite.
    """
    return _parse(path, _read(path), kind=kind, loose=loose)


def _parse(
    path: Path, data: bytes, *, kind: str, loose: str | None
) -> tuple[Tensors, dict[str, Any]]:
    record = _record(path, data)
    if record.get("kind") != kind:
        raise _foreign(path)
    try:
        tensors = {name: tensor.copy() for name, tensor in parse_tensors(data).items()}
    except _DAMAGE:
        raise _damaged(path, text("it was cut short or overwritten")) from None
    if record.pop("checksum", None) != _checksum(record, tensors):
        raise _damaged(path, text("its contents do not match their checksum"))
    wild = _not_finite(tensors, loose)
    if wild is not None:
        raise NnstudioError(
            "{file} cannot be used: the numbers of {tensor} are not finite.",
            hint="Choose a model that was saved before its run diverged.",
            file=path.name,
            tensor=wild,
        )
    del record["format_version"], record["kind"]
    return tensors, record


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise NnstudioError(
                "{file} is a folder, not a model file.",
                hint="Choose a file that ends in .safetensors.",
                file=path.name,
            )
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            start = file.read(_LENGTH_BYTES)
            _check_bounds(path, start, size)
            return start + file.read(size)
    except FileNotFoundError:
        raise NnstudioError(
            "There is no file {file}.",
            hint="Look at its name and its folder, or choose another one.",
            file=str(path),
        ) from None
    except OSError as error:
        raise NnstudioError(
            "{file} cannot be read: {reason}.",
            hint="Choose another file, or ask for the right to read this one.",
            file=path.name,
            reason=_reason(error),
        ) from None


def _check_bounds(path: Path, start: bytes, size: int) -> None:
    header = int.from_bytes(start, "little")
    if header > size:
        raise _foreign(path)
    if header > MAX_HEADER_BYTES or size > MAX_FILE_BYTES:
        raise NnstudioError(
            "{file} is too large: {size} bytes, {header} of them description.",
            hint="The most that is read is {most} bytes, {most_header} of them description.",
            file=path.name,
            size=size,
            header=header,
            most=MAX_FILE_BYTES,
            most_header=MAX_HEADER_BYTES,
        )


def _record(path: Path, data: bytes) -> dict[str, Any]:
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    try:
        header = json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + length])
        record = json.loads(header["__metadata__"][METADATA_KEY])
        version = int(record["format_version"])
    except _DAMAGE:
        raise _foreign(path) from None
    if version > FORMAT_VERSION:
        raise NnstudioError(
            "{file} was saved by a newer version of nnstudio (format {found}, known: {known}).",
            hint="Install the newest version.",
            file=path.name,
            found=version,
            known=FORMAT_VERSION,
        )
    return cast("dict[str, Any]", record)


def _foreign(path: Path) -> NnstudioError:
    return NnstudioError(
        "{file} is not a model that nnstudio saved, or its beginning is damaged.",
        hint="Choose another file.",
        file=path.name,
    )


def _damaged(path: Path, reason: Text) -> NnstudioError:
    return NnstudioError(
        "{file} is damaged: {reason}.",
        hint="Choose another copy of it.",
        file=path.name,
        reason=reason,
    )


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _little_endian(tensor: Array) -> Array:
    # a copy: safetensors 0.8.0 writes wrong values in silence for what is not C-contiguous
    return np.array(tensor, dtype=tensor.dtype.newbyteorder("<"), order="C", copy=True)


def _not_finite(tensors: Mapping[str, Array], loose: str | None) -> str | None:
    for name in sorted(tensors):
        if (loose is None or not name.startswith(loose)) and not np.isfinite(tensors[name]).all():
            return name
    return None


def _canonical(record: Mapping[str, Any]) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":"))


def _checksum(record: Mapping[str, Any], tensors: Mapping[str, Array]) -> str:
    made = hashlib.sha256(_canonical(record).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        made.update(f"\n{name!r} {tensor.dtype.str} {tensor.shape}\n".encode())
        made.update(tensor.tobytes())
    return made.hexdigest()
