"""The small network that ships trained, so that a drawing is answered before anything was trained.

Made by `tests/benchmarks/ready_model.py` from generated digits alone; read when it is asked for.
"""

import logging
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from nnstudio.errors import NnstudioError
from nnstudio.places import resource_root

if TYPE_CHECKING:
    from nnstudio.runs.model import Model

log = logging.getLogger(__name__)


def ready_file() -> Traversable:
    """Give the file that ships; it need not be there."""
    return resource_root() / "models" / "ready-digits.safetensors"


def ready_model(file: Traversable | None = None) -> "Model | None":
    """Give the network that ships trained; None where its file is missing or damaged.

    Parameters
    ----------
    file : Traversable or None
        Another file than the one that ships.
    """
    from nnstudio.runs.model_file import load_model  # noqa: PLC0415 - not needed to start

    try:
        with as_file(file or ready_file()) as path:
            return load_model(path)
    except (NnstudioError, OSError) as error:
        # the program does without it: then nothing is answered before the first training
        log.info("no network that was trained earlier: %s", error)
        return None
