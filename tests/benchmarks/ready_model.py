"""Makes `resources/models/ready-digits.safetensors`, the model that answers before any training.

`uv run python tests/benchmarks/ready_model.py [--out FILE]`

A small network, trained on generated handwriting alone with the settings of the preset
`handwriting` but for its layers, more digits and more epochs (about three minutes), so that
nothing of anybody's data ships with the program. The same machine makes the same bytes but for
the time in it. How well it reads:
`tests/benchmarks/reading.py --model resources/models/ready-digits.safetensors`.
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.runs.cases import load_case
from nnstudio.runs.headless import judged, save_outcome, train_to_end
from nnstudio.runs.model_file import load_model, save_model
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState

READY: Final = Path(__file__).resolve().parents[2] / "resources/models/ready-digits.safetensors"
LARGEST_BYTES: Final = 400_000
UNITS: Final = (112, 64)
TRAINING: Final = 120_000
EPOCHS: Final = 40


def small(preset: Experiment) -> Experiment:
    """Give the preset with the layers of the small network, more digits and more time."""
    first = preset.network.layers[0]
    layers = tuple(replace(first, units=units) for units in UNITS)
    network = replace(preset.network, layers=layers)
    (own,) = preset.data.sources
    data = replace(
        preset.data,
        sources=(replace(own, source=replace(own.source, training=TRAINING)),),
    )
    stopping = replace(preset.stopping, epochs=EPOCHS)
    return replace(preset, data=data, network=network, stopping=stopping)


def main() -> int:
    """Train, write and tell; 1 when the file became too large."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=READY, metavar="FILE")
    options = parser.parse_args()
    experiment = small(load_case("handwriting"))
    state = TrainingState.start(experiment, load(experiment, DataPlaces.standard(), silent))
    train_to_end(state, wanted=lambda: True, tell=lambda state, step: None)
    with tempfile.TemporaryDirectory() as folder:
        model = load_model(save_outcome(Path(folder), state, judged(state)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    # what it went through would be half of the file, and nobody looks at it
    save_model(options.out, replace(model, history=None))
    size = options.out.stat().st_size
    print(f"{options.out}: {size:,} bytes, own test {model.summary['test_accuracy']:.2%}")
    return int(size > LARGEST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
