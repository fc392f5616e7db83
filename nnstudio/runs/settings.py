"""Settings: what the window remembers; a damaged file is put aside and never stops the start."""

import json
import time
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from nnstudio.errors import NnstudioError
from nnstudio.file_lock import FileLock
from nnstudio.spec import Display, Field, from_json, spec, to_json
from nnstudio.texts import Text, text
from nnstudio.whole_files import SYSTEM, FileSystem, write_whole

MAX_RECENT: Final = 10
LOCK_TRIES: Final = 10
LOCK_WAIT_S: Final = 0.02
MAX_CODE: Final = 32
MAX_FILE_BYTES: Final = 16 * 2**20


@spec(title="Settings", help="What the window remembers from one start to the next.")
class Settings:
    """How the window looks, and what was open last; an Experiment is none of it."""

    theme: Annotated[
        Literal["system", "light", "dark"],
        Field(title="Theme", description="Colours of the window."),
        Display(choices=("as the system", "light", "dark")),
    ] = "system"
    language: Annotated[
        str,
        Field(
            max_length=MAX_CODE,
            title="Language",
            description="Language of the window.",
        ),
    ] = "system"
    last_folder: Annotated[
        str, Field(title="Last folder", description="Where files were opened or saved last.")
    ] = ""
    data_folder: Annotated[
        str, Field(title="Data folder", description="A folder of your own with data sets.")
    ] = ""
    recent_files: Annotated[
        tuple[str, ...],
        Field(
            max_length=MAX_RECENT,
            title="Recent models",
            description="Models opened or saved last, the newest first.",
        ),
    ] = ()
    last_experiment: Annotated[
        str, Field(title="Last experiment", description="The experiment of the last session.")
    ] = ""
    window_geometry: Annotated[
        str, Field(title="Window", description="Place and size of the window.")
    ] = ""
    window_layout: Annotated[
        str, Field(title="Layout", description="Where the views are in the window.")
    ] = ""

    canvas_paper: Annotated[
        Literal["theme", "light", "dark"],
        Field(title="Paper", description="Colour of the paper that is drawn on."),
        Display(choices=("as the theme", "light", "dark")),
    ] = "theme"
    brush_px: Annotated[
        int, Field(ge=4, le=28, title="Brush", description="Width of the brush that draws digits.")
    ] = 15
    several_digits: Annotated[
        bool,
        Field(
            title="Several digits",
            description="Whether several digits of one drawing are read, from left to right.",
        ),
    ] = False

    def with_recent(self, file: Path) -> "Settings":
        """Give settings that name `file` as the newest of the recent files, and its folder.

        A name that is no text (bytes of another encoding) cannot be remembered.
        """
        name = str(file)
        try:
            name.encode()
        except UnicodeEncodeError:
            return self
        others = [one for one in self.recent_files if one != name]
        return from_json(
            Settings,
            {
                **to_json(self),
                "recent_files": [name, *others][:MAX_RECENT],
                "last_folder": str(file.parent),
            },
        )


def load_settings(path: Path) -> tuple[Settings, Text | None]:
    """Give the settings in the file at `path` and what a person must know about them.

    A file that is missing gives the defaults. One that is damaged is renamed, and said so; a
    setting that only another version knows is left out.

    Parameters
    ----------
    path : Path
        A JSON file, as `save_settings` writes it.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return Settings(), _put_aside(path)
        data = path.read_bytes()
    except FileNotFoundError:
        return Settings(), None
    except IsADirectoryError:
        return Settings(), _put_aside(path)
    except OSError as error:
        return Settings(), text(
            "The settings cannot be read from {file} ({reason}); the standard ones are in use.",
            file=str(path),
            reason=error.strerror or type(error).__name__,
        )
    try:
        known = {field.name for field in fields(Settings)}
        found: dict[str, Any] = {
            name: value for name, value in json.loads(data).items() if name in known
        }
        return from_json(Settings, found), None
    except (NnstudioError, ValueError, AttributeError, RecursionError):
        return Settings(), _put_aside(path)


def save_settings(path: Path, settings: Settings, *, system: FileSystem = SYSTEM) -> None:
    """Write the settings into the file at `path`, whole or not at all; makes its folder.

    Raises
    ------
    NnstudioError
        When the file cannot be written; what was there, stays.
    """
    data = json.dumps(to_json(settings), indent=1, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, system=system)
    except OSError as error:
        raise NnstudioError(
            "The settings could not be saved: {reason}.",
            hint="The folder is {folder}.",
            reason=error.strerror or type(error).__name__,
            folder=str(path.parent),
        ) from error


def update_settings(path: Path, before: Settings, after: Settings) -> Settings:
    """Write into the file at `path` what differs between `before` and `after`, and nothing else.

    Another window may have written there meanwhile: what it has set stays, and recent files of
    both are kept.

    Returns
    -------
    Settings
        What is in the file now.

    Raises
    ------
    NnstudioError
        When the file cannot be written; what was there, stays.
    """
    lock = _lock_beside(path)
    try:
        there, trouble = load_settings(path) if path.is_file() else (before, None)
        merged = after if trouble is not None else _merged(there, before, after)
        save_settings(path, merged)
    finally:
        if lock is not None:
            lock.release()
    return merged


def _merged(there: Settings, before: Settings, after: Settings) -> Settings:
    changed = {
        one.name: getattr(after, one.name)
        for one in fields(Settings)
        if getattr(after, one.name) != getattr(before, one.name)
    }
    if "recent_files" in changed:
        both = (*after.recent_files, *there.recent_files)
        changed["recent_files"] = tuple(dict.fromkeys(both))[:MAX_RECENT]
    return replace(there, **changed)


def _lock_beside(path: Path) -> FileLock | None:
    # whoever holds it needs a few milliseconds; settings are not worth waiting longer for
    for _ in range(LOCK_TRIES):
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock.take(path.with_suffix(".lock"))
            if lock is not None:
                return lock
        time.sleep(LOCK_WAIT_S)
    return None


def _put_aside(path: Path) -> Text:
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S-%f")
    aside = path.with_name(f"{path.stem}.bad-{stamp}{path.suffix}")
    with suppress(OSError):
        path.rename(aside)
        return text(
            "The settings were damaged; they are kept as {file}, and the standard ones are in use.",
            file=str(aside),
        )
    return text("The settings in {file} are damaged; the standard ones are in use.", file=str(path))
