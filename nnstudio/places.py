"""Where things lie: what ships with the program and the user's folders; imports nothing of ours."""

import os
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from platformdirs import PlatformDirs

APPLICATION = "nnstudio"


@cache
def resource_root() -> Traversable:
    """Give the folder of what ships with the program: in a wheel, or beside a checkout."""
    bundled = files("nnstudio") / "_resources"
    if bundled.is_dir():
        return bundled
    checkout = Path(__file__).resolve().parent.parent / "resources"
    if checkout.is_dir() and (checkout.parent / "pyproject.toml").is_file():
        return checkout
    raise RuntimeError("The data files of nnstudio are missing; install it again.")


def _user_folder(variable: str, standard: Path) -> Path:
    chosen = os.environ.get(variable)
    return Path(chosen) if chosen else standard


def config_folder() -> Path:
    """Give the folder of settings and window layout (``NNSTUDIO_CONFIG`` overrides it)."""
    return _user_folder(
        "NNSTUDIO_CONFIG", PlatformDirs(APPLICATION, appauthor=False).user_config_path
    )


def cache_folder() -> Path:
    """Give the folder of what can be made again (``NNSTUDIO_CACHE`` overrides it)."""
    return _user_folder(
        "NNSTUDIO_CACHE", PlatformDirs(APPLICATION, appauthor=False).user_cache_path
    )


def state_folder() -> Path:
    """Give the folder of runs in progress and the log (``NNSTUDIO_STATE`` overrides it)."""
    return _user_folder("NNSTUDIO_STATE", PlatformDirs(APPLICATION, appauthor=False).user_data_path)


def data_folder() -> Path:
    """Give the folder into which data sets are downloaded."""
    return state_folder() / "data"


def data_folders() -> tuple[Path, ...]:
    """Give the folders to look for data sets in: ``NNSTUDIO_DATA`` first, then the user's."""
    chosen = os.environ.get("NNSTUDIO_DATA")
    return (*((Path(chosen),) if chosen else ()), data_folder())
