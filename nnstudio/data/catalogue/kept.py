"""Bytes kept in the cache folder: written whole or not at all, believed when their sum fits."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Final

from nnstudio.whole_files import write_whole

_SUM_BYTES: Final = 32


def read_kept(path: Path) -> memoryview | None:
    """Give what `keep` wrote, or None when it is not there or not what was written."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    kept = content[_SUM_BYTES:]
    return kept if hashlib.sha256(kept).digest() == content[:_SUM_BYTES] else None


def keep(path: Path, *parts: memoryview) -> None:
    """Write `parts`, one after another, for `read_kept`; does without when that fails."""
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, b"".join((made.digest(), *parts)))
