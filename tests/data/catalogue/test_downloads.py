"""Downloads from a server of our own: sound and whole, or not there at all."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nnstudio.data.catalogue.downloads import fetch
from nnstudio.data.catalogue.known_set import IDX_NAMES, load_known
from nnstudio.data.progress import Cancelled, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text
from tests.data.catalogue.small_sets import known, packed, parts, places

FILES = {f"{name}.gz": packed(one) for name, one in zip(IDX_NAMES, parts(1), strict=True)}
SUMS = known(1).downloads


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = dict(FILES)
        self.half: set[str] = set()
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        content = self.server.files.get(name)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if name in self.server.half else content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


DEAD = "http://127.0.0.1:9/"


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


def test_files_arrive_whole_and_progress_runs_to_the_end(server: _Server, tmp_path: Path) -> None:
    told: list[tuple[float | None, str]] = []
    fetch(
        SUMS,
        mirrors=(server.address,),
        folder=tmp_path / "to",
        progress=lambda share, doing: told.append((share, str(doing))),
    )
    assert {name: (tmp_path / "to" / name).read_bytes() for name in FILES} == FILES
    shares = [share for share, _ in told if share is not None]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert any(IDX_NAMES[0] in doing for _, doing in told)


def test_the_second_mirror_is_asked_when_the_first_is_dead(server: _Server, tmp_path: Path) -> None:
    fetch(SUMS, mirrors=(DEAD, server.address), folder=tmp_path, progress=silent)
    assert names(tmp_path) == sorted(FILES)


def test_a_half_download_leaves_nothing_behind_and_is_said(server: _Server, tmp_path: Path) -> None:
    server.half.add(f"{IDX_NAMES[0]}.gz")
    with pytest.raises(NnstudioError, match="could not be downloaded"):
        fetch(SUMS, mirrors=(server.address,), folder=tmp_path, progress=silent)
    assert names(tmp_path) == []


def test_a_file_with_a_wrong_checksum_is_not_kept_and_the_next_mirror_is_asked(
    server: _Server, tmp_path: Path
) -> None:
    first = f"{IDX_NAMES[0]}.gz"
    server.files[f"bad/{first}"] = b"something else"
    fetch(
        {first: SUMS[first]},
        mirrors=(f"{server.address}bad/", server.address),
        folder=tmp_path,
        progress=silent,
    )
    assert (tmp_path / first).read_bytes() == FILES[first]


def test_when_no_mirror_helps_all_of_them_are_named(server: _Server, tmp_path: Path) -> None:
    server.files.clear()
    with pytest.raises(NnstudioError) as caught:
        fetch(SUMS, mirrors=(DEAD, server.address), folder=tmp_path, progress=silent)
    assert str(caught.value).startswith(
        f"{IDX_NAMES[0]}.gz could not be downloaded: no connection to 127.0.0.1:9; "
        f"127.0.0.1:{server.server_port} answered 404. Check the connection"
    )
    assert names(tmp_path) == []


def test_what_went_wrong_on_the_way_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level("INFO", logger="nnstudio"),
        pytest.raises(NnstudioError, match=r"no connection to 127\.0\.0\.1:9\."),
    ):
        fetch(SUMS, mirrors=(DEAD,), folder=tmp_path, progress=silent)
    assert "refused" in caplog.text.lower()


def test_other_bytes_than_were_published_are_said(server: _Server, tmp_path: Path) -> None:
    first = f"{IDX_NAMES[0]}.gz"
    server.files[first] = b"something else"
    with pytest.raises(NnstudioError, match="not what was published"):
        fetch({first: SUMS[first]}, mirrors=(server.address,), folder=tmp_path, progress=silent)


def test_a_disk_that_takes_no_file_is_not_the_fault_of_a_mirror(
    server: _Server, tmp_path: Path
) -> None:
    (tmp_path / "in the way").write_bytes(b"")
    folder = tmp_path / "in the way" / "downloads"
    with pytest.raises(NnstudioError, match="could not be saved"):
        fetch(SUMS, mirrors=(server.address, DEAD), folder=folder, progress=silent)


def test_cancelling_in_the_middle_leaves_no_part_of_a_file(server: _Server, tmp_path: Path) -> None:
    def progress(share: float | None, doing: Text) -> None:
        if share is not None and share > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(SUMS, mirrors=(server.address,), folder=tmp_path, progress=progress)
    for name in names(tmp_path):
        assert (tmp_path / name).read_bytes() == FILES[name]
    assert len(names(tmp_path)) < len(FILES)


def test_what_is_there_and_sound_is_not_fetched_again(server: _Server, tmp_path: Path) -> None:
    fetch(SUMS, mirrors=(server.address,), folder=tmp_path, progress=silent)
    server.asked.clear()
    fetch(SUMS, mirrors=(server.address,), folder=tmp_path, progress=silent)
    assert server.asked == []


def test_what_is_there_and_damaged_is_fetched_again(server: _Server, tmp_path: Path) -> None:
    name = f"{IDX_NAMES[2]}.gz"
    tmp_path.joinpath(name).write_bytes(FILES[name][:-9])
    fetch(SUMS, mirrors=(server.address,), folder=tmp_path, progress=silent)
    assert (tmp_path / name).read_bytes() == FILES[name]


def test_a_set_that_is_nowhere_is_downloaded_once(server: _Server, tmp_path: Path) -> None:
    asked = known(1, title="Small", mirrors=(server.address,))
    at = places(tmp_path / "nowhere", own=tmp_path, may_download=True)
    first = load_known(asked, others=(asked,), places=at, progress=silent)
    server.asked.clear()
    again = load_known(asked, others=(asked,), places=at, progress=silent)
    assert first.sha256 == again.sha256
    assert server.asked == []


def test_nothing_is_asked_of_the_network_unless_allowed(server: _Server, tmp_path: Path) -> None:
    asked = known(1, mirrors=(server.address,))
    with pytest.raises(NnstudioError, match="was not found"):
        load_known(asked, others=(asked,), places=places(own=tmp_path), progress=silent)
    assert server.asked == []


@pytest.mark.parametrize("left", ["too few", "damaged"])
def test_a_download_that_was_given_up_goes_on_where_the_folder_is_also_searched(
    server: _Server, tmp_path: Path, left: str
) -> None:
    asked = known(1, title="Small", mirrors=(server.address,))
    own = tmp_path / "downloads"
    (own / "small").mkdir(parents=True)
    for name in FILES if left == "damaged" else list(FILES)[:2]:
        content = FILES[name]
        (own / "small" / name).write_bytes(content[:-9] if left == "damaged" else content)
    at = places(own, own=tmp_path, may_download=True)
    found = load_known(asked, others=(asked,), places=at, progress=silent)
    assert len(found.inputs) == 17
