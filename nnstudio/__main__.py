"""``python -m nnstudio``: the window, or a command without one; imports only what is asked for."""

import locale
import os
import sys
from collections.abc import Sequence

from nnstudio.texts import set_language, tr

COMMANDS = (
    "train",
    "examine",
    "range-test",
    "settings",
    "evaluate",
    "predict",
    "import",
    "samples",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window or do a command, and give the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_system_language())
    first = words[0] if words else ""
    if first in COMMANDS:
        from nnstudio import cli  # noqa: PLC0415 - the window does not need it

        return cli.main(words)
    if first in {"-h", "--help"}:
        print(_help())
        return 0
    if first == "--version":
        from importlib.metadata import version  # noqa: PLC0415 - takes 40 ms, and only this asks

        print(f"nnstudio {version('nnstudio')}")
        return 0
    problem = _problem(words)
    if problem is not None:
        print(f"nnstudio: {problem}", file=sys.stderr)
        return 2
    from nnstudio.gui.app import run  # noqa: PLC0415 - a command does not need Qt

    return run(words)


def _problem(words: Sequence[str]) -> str | None:
    """Give what is not understood, in one sentence."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who mistypes waits for it

    for word in words:
        if word.startswith("-"):
            return tr("There is no option {option}; see nnstudio --help.", option=word)
    # pathlib raises for a name that is longer than the system takes
    if words and not os.path.exists(words[0]):  # noqa: PTH110 - that is why
        meant = get_close_matches(words[0], COMMANDS, n=1)
        if meant:
            return tr(
                "There is no command {name}; did you mean {meant}?", name=words[0], meant=meant[0]
            )
        return tr(
            "There is neither a file nor a command {name}; see nnstudio --help.", name=words[0]
        )
    if len(words) > 1:
        return tr("Only one model can be opened; see nnstudio --help.")
    return None


def _help() -> str:
    return tr(
        "nnstudio [FILE]                                  open the window, and a model in it\n"
        "nnstudio train EXPERIMENT [--set path=value ...] [--from MODEL] [--out FOLDER] [--json]\n"
        "nnstudio examine EXPERIMENT [--set path=value ...] [--steps STEPS] [--json]\n"
        "nnstudio range-test EXPERIMENT [--set path=value ...] [--steps STEPS] [--json]\n"
        "nnstudio settings [EXPERIMENT] [--json]          what --set path=value can change\n"
        "nnstudio evaluate MODEL [--data SOURCE] [--prepare] [--set path=value ...] [--json]\n"
        "nnstudio predict MODEL IMAGE... [--json]\n"
        "nnstudio import FILE [--name NAME] [--prepare] [--set path=value ...] [--json]\n"
        "nnstudio samples SOURCE --out FILE [--count N] [--set path=value ...] [--json]\n"
        "nnstudio COMMAND --help                          all about a command\n"
        "nnstudio --version"
    )


def _system_language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value
    name = locale.getlocale()[0] or "en"
    # Windows has words of its own, such as "Chinese (Simplified)_China"
    return "zh" if name.startswith("Chinese") else name


if __name__ == "__main__":
    sys.exit(main())
