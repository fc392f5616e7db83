"""A file is there whole, old or new, whichever call fails and whenever the process dies."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from nnstudio.whole_files import (
    SYSTEM,
    TEMPORARY_PREFIX,
    TEMPORARY_SUFFIX,
    FileSystem,
    Sink,
    remove_orphans,
    write_streamed,
    write_whole,
)

MUST_SUCCEED = ("open", "write", "fsync", "close", "chmod", "read", "replace")


class Failing:
    """A file system whose calls are counted and whose call number `at` fails."""

    def __init__(self, at: int, error: OSError) -> None:
        self.at = at
        self.error = error
        self.calls: list[str] = []
        self.system = FileSystem(
            **{
                one.name: self._counted(one.name, getattr(SYSTEM, one.name))
                for one in fields(SYSTEM)
            }
        )

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            if name == "sleep":
                return None
            self.calls.append(name)
            if len(self.calls) == self.at:
                if name == "close":
                    real(*args)
                raise self.error
            return real(*args)

        return call


def test_a_new_file_holds_what_was_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_an_empty_file_can_be_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"")
    assert (tmp_path / "a").read_bytes() == b""


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_the_mode_of_the_old_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask to speak of")
def test_a_new_file_gets_the_mode_that_the_user_wants_for_files(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_goes_on_pointing_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whichever_call_fails_the_old_file_stays_whole(tmp_path: Path, code: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    for at in range(1, 100):
        failing = Failing(at, OSError(code, os.strerror(code)))
        try:
            write_whole(path, b"new", system=failing.system)
        except OSError as error:
            assert error.errno == code  # noqa: PT017 - whether it raises depends on `at`
            assert path.read_bytes() == b"old", f"call {at}: {failing.calls[-1]}"
        if failing.at > len(failing.calls):
            break
        assert [one.name for one in tmp_path.iterdir()] == ["a"], f"call {at}: {failing.calls[-1]}"
    assert set(failing.calls) == set(MUST_SUCCEED)
    assert path.read_bytes() == b"new"


def test_a_folder_that_cannot_be_flushed_does_not_undo_the_file(tmp_path: Path) -> None:
    calls = Failing(0, OSError())
    write_whole(tmp_path / "a", b"new", system=calls.system)
    failing = Failing(len(calls.calls), OSError(errno.EINVAL, "no"))
    write_whole(tmp_path / "b", b"new", system=failing.system)
    assert (tmp_path / "b").read_bytes() == b"new"


def test_short_writes_are_continued(tmp_path: Path) -> None:
    slow = replace(SYSTEM, write=lambda handle, data: os.write(handle, data[:1]))
    write_whole(tmp_path / "a", b"letter by letter", system=slow)
    assert (tmp_path / "a").read_bytes() == b"letter by letter"


def test_a_disk_that_gives_back_other_bytes_is_noticed(tmp_path: Path) -> None:
    lying = replace(SYSTEM, read=lambda path: path.read_bytes()[:-1])
    with pytest.raises(OSError, match="differs"):
        write_whole(tmp_path / "a", b"new", system=lying)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_open_elsewhere_is_tried_again(tmp_path: Path) -> None:
    refusals = [PermissionError(), PermissionError()]
    pauses: list[float] = []

    def busy(source: Path, target: Path) -> None:
        if refusals:
            raise refusals.pop()
        source.replace(target)

    write_whole(tmp_path / "a", b"new", system=replace(SYSTEM, replace=busy, sleep=pauses.append))
    assert (tmp_path / "a").read_bytes() == b"new"
    assert len(pauses) == 2


def test_a_file_that_stays_open_elsewhere_is_given_up(tmp_path: Path) -> None:
    def busy(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "in use")

    with pytest.raises(PermissionError):
        write_whole(
            tmp_path / "a", b"new", system=replace(SYSTEM, replace=busy, sleep=lambda _: None)
        )
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "no" / "a", b"new")


def test_old_temporary_files_are_removed_and_young_ones_left(tmp_path: Path) -> None:
    old, young = (
        tmp_path / f"{TEMPORARY_PREFIX}{name}{TEMPORARY_SUFFIX}" for name in ("old", "young")
    )
    foreign = tmp_path / "other.tmp"
    for path in (old, young, foreign):
        path.touch()
    for path in (old, foreign):
        os.utime(path, (0, 0))
    assert remove_orphans(tmp_path) == 1
    assert not old.exists()
    assert young.exists()
    assert foreign.exists()


def test_a_folder_that_is_not_there_has_no_orphans(tmp_path: Path) -> None:
    assert remove_orphans(tmp_path / "no") == 0


WRITES_FOR_EVER = """
import sys
from pathlib import Path
from nnstudio.whole_files import write_whole

path, size = Path(sys.argv[1]), 400_000
print("ready", flush=True)
number = 0
while True:
    number = (number + 1) % 256
    write_whole(path, bytes([number]) * size)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot kill in the middle of a call")
def test_a_killed_process_leaves_one_whole_version(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_whole(path, b"\0" * 400_000)
    for delay in range(20):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITES_FOR_EVER, str(path)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.005 + delay * 0.0017)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        data = path.read_bytes()
        assert len(data) == 400_000
        assert len(set(data)) == 1
    remove_orphans(tmp_path, older_than_s=-1)
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


FILLS_THE_DISK = """
import resource, sys
from pathlib import Path
from nnstudio.whole_files import write_whole

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_whole(Path(sys.argv[1]), b"x" * 400_000)
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit the size of files")
def test_a_disk_without_room_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    said = subprocess.run(
        [sys.executable, "-c", FILLS_THE_DISK, str(path)], capture_output=True, check=True
    )
    assert said.stdout.strip() == os.strerror(errno.EFBIG).encode()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_what_is_streamed_is_there_as_it_was_written(tmp_path: Path) -> None:
    pieces = [bytes([number]) * 700_000 for number in range(4)]

    def fill(sink: Sink) -> None:
        assert [sink.write(piece) for piece in pieces] == [700_000] * 4

    write_streamed(tmp_path / "a", fill)
    assert (tmp_path / "a").read_bytes() == b"".join(pieces)
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_stream_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fill(sink: Sink) -> None:
        sink.write(b"x" * 3_000_000)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_streamed(tmp_path / "a", fill)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_streamed_file_that_the_disk_keeps_otherwise_is_refused(tmp_path: Path) -> None:
    def write_new(sink: Sink) -> None:
        sink.write(b"new")

    def forgetful(handle: int, data: memoryview) -> int:
        os.write(handle, b"?" * len(data))
        return len(data)

    with pytest.raises(OSError, match="read back"):
        write_streamed(tmp_path / "a", write_new, system=replace(SYSTEM, write=forgetful))
    assert not list(tmp_path.iterdir())
