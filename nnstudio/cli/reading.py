"""How the reading of a file of samples is typed; for every command that takes one."""

import argparse

from nnstudio.cli.naming import changed
from nnstudio.data.importing.asked import Asked
from nnstudio.texts import tr


def describe_asked(command: argparse.ArgumentParser) -> None:
    """Say how the reading of a file is asked for."""
    command.add_argument(
        "--prepare",
        action="store_true",
        help=tr("fit and centre the pictures of a file as drawings are; strokes always are"),
    )
    command.add_argument(
        "--set",
        metavar="path=value",
        nargs="+",
        action="extend",
        default=[],
        help=tr(
            "say how a file is read, such as labels=target header=no height=28 folders=inner "
            "rows=10; “nnstudio import FILE” lists what is guessed"
        ),
    )


def asked_of(asked: argparse.Namespace, start: Asked) -> Asked:
    """Give how a file shall be read.

    Raises
    ------
    UsageError
        When a setting cannot be changed so.
    """
    settings = [*asked.set, *(["prepare=true"] if asked.prepare else [])]
    return changed(start, settings)
