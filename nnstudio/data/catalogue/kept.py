"""Bytes kept in the cache folder: written whole or not at all, believed when their sum fits."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

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
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            temporary = Path(file.name)
            try:
                made = hashlib.sha256()
                file.write(made.digest())
                for part in parts:
                    made.update(part)
                    file.write(part)
                file.seek(0)
                file.write(made.digest())
            except OSError:
                file.close()
                temporary.unlink(missing_ok=True)
                raise
        try:
            os.replace(temporary, path)  # noqa: PTH105 - the name that says what it does
        except OSError:
            temporary.unlink(missing_ok=True)
