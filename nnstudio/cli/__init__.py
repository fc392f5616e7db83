"""Commands without a window; `main` does what a command line asks for."""

from nnstudio.cli.commands import main

__all__ = ["main"]
