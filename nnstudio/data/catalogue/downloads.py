"""Downloads through pooch: a file gets its name only after its checksum was found right."""

import logging
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

_CHUNK_BYTES: Final = 64 * 1024
_TIMEOUT_S: Final = (6.0, 20.0)
_log = logging.getLogger(__name__)


class _Bar:
    """What pooch tells about one file, passed on as a share of all files."""

    def __init__(self, progress: Progress, doing: Text, done: int, of: int) -> None:
        self.total = 0
        self._here = 0
        self._progress = progress
        self._doing = doing
        self._done = done
        self._of = of

    def update(self, count: int) -> None:
        self._here += count
        share = min(self._here / self.total, 1.0) if self.total else 0.0
        self._progress((self._done + share) / self._of, self._doing)

    def reset(self) -> None:
        self._here = 0

    def close(self) -> None:
        self._here = 0


def fetch(
    files: Mapping[str, str], *, mirrors: tuple[str, ...], folder: Path, progress: Progress
) -> None:
    """Bring files into `folder`, each from the first mirror that has it sound.

    Parameters
    ----------
    files : mapping of str to str
        SHA-256 of each file by its name; what lies there already and is sound is kept.
    mirrors : tuple of str
        Addresses that the names are put behind, in the order of trying.
    folder : Path
        Made when it is not there.
    progress : Progress
        May end the work by raising `Cancelled`; nothing half is left behind then.

    Raises
    ------
    NnstudioError
        When no mirror gave a file, with the reason of each.
    """
    import pooch  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; brings the network stack, which few starts need

    logging.getLogger("pooch").setLevel(logging.CRITICAL)
    pooch.get_logger().setLevel(logging.CRITICAL)
    for place, (name, sha256) in enumerate(files.items()):
        doing = text("downloading {name}", name=name)
        progress(place / len(files), doing)
        reasons: list[Text] = []
        for mirror in mirrors:
            bar = _Bar(progress, doing, place, len(files))
            downloader = pooch.HTTPDownloader(
                progressbar=bar,
                chunk_size=_CHUNK_BYTES,
                timeout=_TIMEOUT_S,
                # a server that packs what is packed already would spoil the checksum
                headers={"Accept-Encoding": "identity"},
            )
            try:
                pooch.retrieve(
                    mirror + name,
                    known_hash=f"sha256:{sha256}",
                    fname=name,
                    path=folder,
                    downloader=downloader,
                )
            except (OSError, ValueError) as error:  # those of requests are OSErrors
                _log.info("%s%s", mirror, name, exc_info=error)
                reasons.append(_reason(error, mirror=mirror, name=name))
            else:
                break
        else:
            raise NnstudioError(
                "{name} could not be downloaded: {reasons}.",
                hint="Check the connection, or put the files into a folder and choose it.",
                name=name,
                reasons=reduce(_both, reasons),
            )
    progress(1.0, text("downloaded"))


def _reason(error: OSError | ValueError, *, mirror: str, name: str) -> Text:
    """Give in a few words why a mirror did not help; a disk that does not take files is said."""
    host = urlsplit(mirror).netloc
    answer = getattr(error, "response", None)
    if answer is not None:
        return text("{host} answered {status}", host=host, status=answer.status_code)
    if isinstance(error, ValueError):
        return text("what {host} sent is not what was published", host=host)
    if error.errno is not None:  # those of the network have none
        raise NnstudioError(
            "{file} could not be saved: {reason}.",
            hint="Choose another folder, or make room on the disk.",
            file=name,
            reason=error.strerror or type(error).__name__,
        ) from error
    return text("no connection to {host}", host=host)


def _both(one: Text, other: Text) -> Text:
    return text("{one}; {other}", one=one, other=other)
