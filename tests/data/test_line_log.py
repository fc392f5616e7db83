"""A log keeps every whole line: through torn ends, full disks, and other windows at once."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from nnstudio.data.line_log import LineLog
from nnstudio.errors import NnstudioError
from nnstudio.file_lock import FileLock


def log_in(folder: Path, **settings: Any) -> LineLog:
    return LineLog(folder / "log.jsonl", mark="a log", **settings)


def lines_of(log: LineLog) -> list[bytes]:
    """Give all lines, as one who comes later reads them."""
    return LineLog(log.path, mark="a log").added()[1]


def test_lines_come_back_behind_a_header(tmp_path: Path) -> None:
    log = log_in(tmp_path / "new")
    assert log.added()[1] == []
    log.append(['{"n":1}', '{"n":2}'])
    log.append(['{"n":3}'])
    assert log.added() == (True, [b'{"n":1}', b'{"n":2}', b'{"n":3}'])
    assert log.identity == json.loads(log.path.read_bytes().splitlines()[0])["id"]
    assert log.remarks == ()


@pytest.mark.parametrize("torn", [b'{"n": 2', b"\0\0\0\0", b"{", b'{"n":"\xff'])
def test_a_torn_last_line_is_put_aside_and_said(tmp_path: Path, torn: bytes) -> None:
    log = log_in(tmp_path)
    log.append(['{"n":1}'])
    with log.path.open("ab") as file:
        file.write(torn)
    again = log_in(tmp_path)
    assert again.added() == (True, [b'{"n":1}'])
    (aside,) = tmp_path.glob("*.txt")
    assert aside.read_bytes() == torn
    assert aside.name in str(again.remarks[0])
    again.append(['{"n":3}'])
    assert again.added() == (False, [b'{"n":3}'])
    assert lines_of(again) == [b'{"n":1}', b'{"n":3}']


def test_a_line_that_lacks_only_its_end_is_whole(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.append(['{"n":1}'])
    log.path.write_bytes(log.path.read_bytes()[:-1])
    again = log_in(tmp_path)
    assert again.added()[1] == [b'{"n":1}']
    assert again.remarks == ()


def test_a_file_torn_within_its_header_begins_anew(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.path.write_bytes(b'{"nnstud')
    assert log.added()[1] == []
    log.append(['{"n":1}'])
    assert log.added()[1] == [b'{"n":1}']
    assert len(log.remarks) == 1


def test_a_file_without_a_header_is_read_as_it_is(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.path.write_bytes(b'{"n":1}\n')
    assert (log.added()[1], log.identity) == ([b'{"n":1}'], "")
    log.append(['{"n":2}'])
    assert lines_of(log) == [b'{"n":1}', b'{"n":2}']


def test_another_version_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    content = b'{"nnstudio": "a log", "version": 2, "id": "a"}\nwhatever\n'
    log.path.write_bytes(content)
    with pytest.raises(NnstudioError, match="another version"):
        log.added()
    with pytest.raises(NnstudioError, match="another version"):
        log.append(["{}"])
    assert log.path.read_bytes() == content


def test_many_writers_at_once_lose_no_line(tmp_path: Path) -> None:
    def write(name: int) -> None:
        log = log_in(tmp_path)
        for number in range(10):
            log.append([json.dumps({"writer": name, "n": number, "much": "x" * 5000})])

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = [json.loads(line) for line in lines_of(log_in(tmp_path))]
    assert sorted((one["writer"], one["n"]) for one in found) == [
        (name, number) for name in range(4) for number in range(10)
    ]


def test_a_writer_that_never_ends_is_said(tmp_path: Path) -> None:
    waits: list[float] = []
    log = LineLog(tmp_path / "log.jsonl", mark="a log", sleep=waits.append)
    held = FileLock.take(tmp_path / "log.lock")
    assert held is not None
    with pytest.raises(NnstudioError, match="Another window"):
        log.append(["{}"])
    assert sum(waits) > 1
    held.release()
    log.append(["{}"])


def test_a_torn_end_is_left_alone_while_somebody_writes_it(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.append(['{"n":1}'])
    content = log.path.read_bytes() + b'{"n":'
    log.path.write_bytes(content)
    held = FileLock.take(tmp_path / "log.lock")
    assert held is not None
    assert log_in(tmp_path).added()[1] == [b'{"n":1}']
    assert log.path.read_bytes() == content
    held.release()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(NnstudioError, match="could not be saved"):
        log_in(tmp_path / "folder").append(["{}"])


def test_a_folder_in_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.path.mkdir()
    with pytest.raises(NnstudioError, match="cannot be read"):
        log.added()
    with pytest.raises(NnstudioError, match="could not be saved"):
        log.append(["{}"])
    with pytest.raises(NnstudioError, match="could not be saved"):
        log.remove()


def test_removed_is_gone_and_the_next_file_is_another(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.append(["{}"])
    log.added()
    before = log.identity
    log.remove()
    assert log.added() == (True, [])
    log.append(["{}"])
    assert log.added() == (True, [b"{}"])
    assert log.identity not in {"", before}


def test_what_has_no_room_is_refused_and_what_is_there_stays_readable(tmp_path: Path) -> None:
    log = log_in(tmp_path, most_bytes=200)
    log.append(["{}"])
    content = log.path.read_bytes()
    with pytest.raises(NnstudioError, match="no room for more"):
        log.append(['{"much":"' + "x" * 200 + '"}'])
    assert log.path.read_bytes() == content
    assert log.added()[1] == [b"{}"]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    log_in(tmp_path).append(["{}"] * 100)
    with pytest.raises(NnstudioError, match="too large"):
        log_in(tmp_path, most_bytes=100).added()


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    log, other = log_in(tmp_path), log_in(tmp_path)
    log.append(["1"])
    assert other.added() == (True, [b"1"])
    assert other.added() == (False, [])
    log.append(["2"])
    assert other.added() == (False, [b"2"])
