"""Saving what a person asked to save: whole, or one sentence that says why not."""

from pathlib import Path

from nnstudio.errors import NnstudioError
from nnstudio.whole_files import SYSTEM, FileSystem, write_whole


def save_bytes(path: Path, data: bytes, *, system: FileSystem = SYSTEM) -> None:
    """Write `data` into the file at `path`, whole or not at all.

    Raises
    ------
    NnstudioError
        When the file cannot be written; what was there, stays.
    """
    try:
        write_whole(path, data, system=system)
    except OSError as error:
        raise NnstudioError(
            "{file} could not be saved: {reason}.",
            hint="Choose another folder, or make room on the disk.",
            file=path.name,
            reason=error.strerror or type(error).__name__,
        ) from error
