"""Bytes kept in the cache folder: written whole or not at all, believed when their sum fits."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

_SUM_BYTES: Final = 32


def read_kept(path: Path) -> bytes | None:
    """Give what `keep` wrote, or None when it is not there or not what was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    kept = content[_SUM_BYTES:]
    return kept if hashlib.sha256(kept).digest() == content[:_SUM_BYTES] else None


def keep(path: Path, content: bytes) -> None:
    """Write `content` for `read_kept`; a cache that cannot be written is done without."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(hashlib.sha256(content).digest())
                file.write(content)
            except OSError:
                file.close()
                temporary.unlink(missing_ok=True)
                raise
        try:
            os.replace(temporary, path)  # noqa: PTH105 - the name that says what it does
        except OSError:
            temporary.unlink(missing_ok=True)
