"""The commands: what is typed, taken apart; results on stdout, all else on stderr.

Exit status: 0 done, 1 something is wrong that the person can mend, 2 not understood, 130 Ctrl+C,
141 when whoever reads the results has gone.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

from nnstudio.cli import (
    evaluate,
    examine,
    import_file,
    predict,
    range_test,
    samples,
    settings,
    train,
)
from nnstudio.cli.reply import (
    INTERRUPTED,
    NOT_UNDERSTOOD,
    PIPE_CLOSED,
    REFUSED,
    UsageError,
    complain,
)
from nnstudio.errors import NnstudioError
from nnstudio.texts import mark, tr

_COMMANDS: Final[dict[str, tuple[Callable[[argparse.ArgumentParser], None], str]]] = {
    "train": (train.describe, mark("train a network")),
    "examine": (examine.describe, mark("say why a network does not learn")),
    "range-test": (range_test.describe, mark("find a learning rate")),
    "settings": (settings.describe, mark("list what --set can change")),
    "evaluate": (evaluate.describe, mark("judge a model")),
    "predict": (predict.describe, mark("read pictures")),
    "import": (import_file.describe, mark("look at a file of samples, or keep it as a set")),
    "samples": (samples.describe, mark("write samples of a source into a file")),
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for and give the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # a terminal that cannot show a letter shows a question mark, and the program goes on
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        asked = parser_of_all().parse_args(arguments)
        status: int = asked.command(asked)
    except UsageError as error:
        complain(error)
        return NOT_UNDERSTOOD
    except NnstudioError as error:
        complain(error)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read the results has enough; what is still buffered must not fail at the exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return status


def parser_of_all() -> argparse.ArgumentParser:
    """Give the parser of every command."""
    parser = _Parser(prog="nnstudio", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar=" | ".join(_COMMANDS))
    for name, (describe, told) in _COMMANDS.items():
        command = commands.add_parser(name, help=tr(told), allow_abbrev=False)
        describe(command)
        command.add_argument(
            "--json", action="store_true", help=tr("print one JSON object as the last line")
        )
    return parser
