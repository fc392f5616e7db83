"""The wheel is the whole program: installed into an empty environment outside the checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


def uv() -> list[str]:
    """Give the command of uv: on the path, or in one of the interpreters that may have it."""
    for found in (os.environ.get("UV"), shutil.which("uv")):
        if found and _answers([found]):
            return [found]
    for python in (sys.executable, sys._base_executable, shutil.which("python3")):  # type: ignore[attr-defined]  # CPython's name
        if python and _answers([python, "-m", "uv"]):
            return [python, "-m", "uv"]
    pytest.skip("uv is not here to build the wheel with")


def _answers(command: Sequence[str]) -> bool:
    try:
        found = subprocess.run([*command, "--version"], capture_output=True, check=False)
    except OSError:
        return False
    return found.returncode == 0


def run(*command: str, cwd: Path, **environment: str) -> str:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "VIRTUAL_ENV"}
        and not name.startswith(("UV_PROJECT", "UV_RUN"))
    }
    found = subprocess.run(
        command,
        cwd=cwd,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert found.returncode == 0, f"{command}\n{found.stdout}\n{found.stderr}"
    return found.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(*uv(), "build", "--out-dir", str(folder), str(CHECKOUT), cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing in it but the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("home")
    run(*uv(), "venv", "--python", sys.executable, str(folder / "venv"), cwd=folder)
    python = _program(folder, "python")
    run(*uv(), "pip", "install", "--python", str(python), str(wheel), cwd=folder)
    return folder


def _program(home: Path, name: str) -> Path:
    return home / "venv" / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def test_the_wheel_holds_the_program_and_what_ships_with_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (("nnstudio", "nnstudio"), ("resources", "nnstudio/_resources")):
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"{inside}/{path.relative_to(CHECKOUT / folder).as_posix()}" in names


def test_the_wheel_holds_no_tests(wheel: Path) -> None:
    assert not any("test" in Path(name).parts[0] for name in zipfile.ZipFile(wheel).namelist())


def test_the_installed_window_opens_and_paints(home: Path, tmp_path: Path) -> None:
    run(
        str(_program(home, "nnstudio")),
        cwd=home,
        QT_QPA_PLATFORM="offscreen",
        NNSTUDIO_EXIT_AFTER_PAINT="1",
        NNSTUDIO_CONFIG=str(tmp_path / "config"),
        NNSTUDIO_STATE=str(tmp_path / "state"),
        NNSTUDIO_CACHE=str(tmp_path / "cache"),
    )


def test_the_installed_commands_work(home: Path, tmp_path: Path) -> None:
    program = str(_program(home, "nnstudio"))
    places = {
        "NNSTUDIO_STATE": str(tmp_path / "state"),
        "NNSTUDIO_CACHE": str(tmp_path / "cache"),
    }
    settings = [f"data.sources.0.source.{part}=50" for part in ("training", "validation", "test")]
    arguments = ["handwriting", "--set", *settings, "--out", str(tmp_path / "out")]
    run(program, "train", *arguments, cwd=home, **places)
    said = run(program, "evaluate", str(tmp_path / "out/model.safetensors"), cwd=home, **places)
    assert "of 50 right" in said


def test_the_installed_program_finds_nothing_of_the_checkout(home: Path) -> None:
    code = "import nnstudio; print(nnstudio.__file__)"
    said = run(str(_program(home, "python")), "-c", code, cwd=home)
    assert str(home) in said
