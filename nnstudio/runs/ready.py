"""The small network that ships trained, so that a drawing is answered before anything was trained.

Made by `tests/benchmarks/ready_model.py` from generated digits alone; read when it is asked for.
"""

import logging
from functools import cache
from importlib.resources import as_file
from typing import TYPE_CHECKING, Final

from nnstudio.errors import NnstudioError
from nnstudio.places import resource_root

if TYPE_CHECKING:
    from nnstudio.runs.model import Model

FILE: Final = "ready-digits.safetensors"
log = logging.getLogger(__name__)


@cache
def ready_model() -> "Model | None":
    """Give the network that ships trained; None where its file is missing or damaged."""
    from nnstudio.runs.model_file import load_model  # noqa: PLC0415 - not needed to start

    shipped = resource_root() / "models" / FILE
    try:
        with as_file(shipped) as path:
            return load_model(path)
    except (NnstudioError, OSError) as error:
        # the program does without it: nothing is answered before the first training
        log.info("no network that was trained earlier: %s", error)
        return None
