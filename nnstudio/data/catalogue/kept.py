"""Bytes kept in the cache folder: written whole or not at all, believed when their sum fits.

What is kept stays within a bound: what was used longest ago goes when something new is kept.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from nnstudio.whole_files import write_whole

MOST_BYTES: Final = 2 * 10**9
_SUM_BYTES: Final = 32


def read_kept(path: Path) -> memoryview | None:
    """Give what `keep` wrote, or None when it is not there or not what was written."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    kept = content[_SUM_BYTES:]
    if hashlib.sha256(kept).digest() != content[:_SUM_BYTES]:
        return None
    with suppress(OSError):
        os.utime(path)  # it is used: others go first
    return kept


def keep(path: Path, *parts: memoryview, most: int = MOST_BYTES) -> None:
    """Write `parts`, one after another, for `read_kept`; does without when that fails.

    Parameters
    ----------
    path : Path
        A file of the cache. Others in its folder that are called the same up to the first "-" are
        of its kind.
    *parts : memoryview
        The bytes.
    most : int
        So many bytes may all files of its kind have; those that were not used for longest go. The
        new one stays, whatever its size.
    """
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, b"".join((made.digest(), *parts)))
        _bound(path, most)


def _bound(newest: Path, most: int) -> None:
    found = []
    for one in newest.parent.glob(f"{newest.stem.partition('-')[0]}-*{newest.suffix}"):
        # another process may have removed it meanwhile
        with suppress(OSError):
            about = one.stat()
            found.append((one != newest, -about.st_mtime_ns, about.st_size, one))
    room = most
    for is_older, _, size, one in sorted(found):
        room -= size
        if room < 0 and is_older:
            with suppress(OSError):
                one.unlink()
