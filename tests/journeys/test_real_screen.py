"""The program on a real screen: launch, train, draw, save, die, come back, draw again."""

import os
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import numpy as np
import pytest

from nnstudio.runs.model_file import load_model

XVFB, XDOTOOL = shutil.which("Xvfb") or "", shutil.which("xdotool") or ""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (XVFB and XDOTOOL),
        reason="Xvfb and xdotool make the screen, the pointer and the keys",
    ),
]

PATIENCE_S = 90
SIZE = (1360, 860)
PAPER = (slice(92, 276), slice(1052, 1234))
"""Rows and columns of the canvas in a window of the default size at the corner of the screen."""
THREE = ((28, 25), (45, 15), (63, 24), (60, 40), (45, 47), (63, 55), (65, 74), (48, 84), (30, 76))


class Screen:
    """A screen of its own: what is on it, a pointer and keys."""

    def __init__(self, folder: Path) -> None:
        self._frame = folder / "Xvfb_screen0"
        # the server picks a free number and writes it when it is ready
        reading, writing = os.pipe()
        more = ("-nolisten", "tcp", "-fbdir", str(folder))
        self._server = subprocess.Popen(
            [XVFB, *("-displayfd", str(writing), "-screen", "0", "1360x860x24"), *more],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.display = f":{answer.readline().strip()}"

    def pixels(self) -> np.ndarray:
        """Give what is on the screen, (rows, columns) of grey."""
        data = self._frame.read_bytes()
        header, colours = struct.unpack_from(">I", data)[0], struct.unpack_from(">I", data, 76)[0]
        width, height = struct.unpack_from(">II", data, 16)
        start = header + 12 * colours
        frame = np.frombuffer(data, np.uint8, width * height * 4, start)
        grey: np.ndarray = frame.reshape(height, width, 4)[..., :3].mean(axis=2)
        return grey

    def do(self, *words: str) -> str:
        """Move the pointer, press a key, look for a window."""
        found = subprocess.run(
            [XDOTOOL, *words],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return found.stdout.strip()

    def ink(self) -> int:
        """Give how many dark pixels the canvas has."""
        return int((self.pixels()[PAPER] < 80).sum())

    def draw(self) -> None:
        """Draw a 3 with the pointer."""
        rows, columns = PAPER
        for number, (x, y) in enumerate(THREE):
            here = (columns.start + x * 182 // 100, rows.start + y * 184 // 100)
            self.do("mousemove", str(here[0]), str(here[1]))
            if number == 0:
                self.do("mousedown", "1")
        self.do("mouseup", "1")

    def close(self) -> None:
        """Switch the screen off."""
        self._server.terminate()
        self._server.wait()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    made = Screen(tmp_path)
    yield made
    made.close()


def wait_until(true: Callable[[], object], *, what: str) -> None:
    end = monotonic() + PATIENCE_S
    while not true():
        assert monotonic() < end, f"waited in vain: {what}"
        Event().wait(0.1)


def launch(screen: Screen, *arguments: str) -> "subprocess.Popen[bytes]":
    program = subprocess.Popen(
        [sys.executable, "-m", "nnstudio", *arguments],
        env={**os.environ, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"},
    )
    wait_until(lambda: is_ready(screen, program.pid), what="a window with an empty canvas")
    return program


def is_ready(screen: Screen, pid: int) -> bool:
    """Put the window into the corner, as it may still be taking its remembered place, and look."""
    found = screen.do("search", "--onlyvisible", "--pid", str(pid), "--name", "nnstudio").split()
    if not found:
        return False
    screen.do("windowmove", found[0], "0", "0")
    screen.do("windowsize", found[0], *(str(length) for length in SIZE))
    screen.do("windowfocus", found[0])
    return bool((screen.pixels()[PAPER] > 250).mean() > 0.8)


def train_draw_and_save(screen: Screen, path: Path) -> None:
    program = launch(screen)
    try:
        before = screen.pixels()[420:780, 280:960].copy()
        screen.do("key", "space")
        wait_until(
            lambda: np.abs(screen.pixels()[420:780, 280:960] - before).mean() > 5,
            what="weights that turn into strokes",
        )
        screen.draw()
        wait_until(lambda: screen.ink() > 500, what="a drawing")
        screen.do("key", "ctrl+s")
        wait_until(lambda: save_dialog(screen), what="the dialog that asks for a name")
        screen.do("type", str(path))
        screen.do("key", "Return")
        wait_until(path.is_file, what="the saved model")
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()


def save_dialog(screen: Screen) -> str:
    found = screen.do("search", "--onlyvisible", "--name", "Save")
    if found:
        screen.do("windowfocus", found.split()[0])
    return found


def test_an_evening_ends_with_a_killed_process_and_the_next_begins_with_the_model(
    screen: Screen, tmp_path: Path
) -> None:
    path = tmp_path / "three.safetensors"

    train_draw_and_save(screen, path)
    assert load_model(path).class_names == tuple("0123456789")

    program = launch(screen, str(path))
    try:
        screen.draw()
        wait_until(lambda: screen.ink() > 500, what="a drawing")
        assert program.poll() is None
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()
