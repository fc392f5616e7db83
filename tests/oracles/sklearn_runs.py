"""Freeze whole runs of scikit-learn for tests/training: `python tests/oracles/sklearn_runs.py`.

Run where scikit-learn is installed (the dependency group `peers`); the tests read only the JSON.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

EPOCHS = 6
SAMPLES = 30
SOLVERS = {
    "sgd": {"solver": "sgd", "momentum": 0.0, "learning_rate_init": 0.2},
    "momentum": {
        "solver": "sgd",
        "momentum": 0.9,
        "nesterovs_momentum": False,
        "learning_rate_init": 0.05,
    },
    "nesterov": {
        "solver": "sgd",
        "momentum": 0.9,
        "nesterovs_momentum": True,
        "learning_rate_init": 0.05,
    },
    # with so small an epsilon it does not matter where it is added
    "adam": {"solver": "adam", "epsilon": 1e-15, "learning_rate_init": 0.01},
}


def run(kind, X, y, **settings):
    """Give the model after a whole run in batches of 8, the last of each epoch of 6."""
    model = kind(
        hidden_layer_sizes=(5, 4),
        activation="tanh",
        alpha=0.0,
        batch_size=8,
        shuffle=False,
        random_state=0,
        tol=0.0,
        n_iter_no_change=10**6,
        **settings,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(X, y)


def arrays(model):
    """Give weights and biases from the first layer to the last."""
    pairs = zip(model.coefs_, model.intercepts_, strict=True)
    return [array.tolist() for pair in pairs for array in pair]


def main():
    """Write the JSON beside this file."""
    generator = np.random.default_rng(3)
    X = generator.normal(size=(SAMPLES, 4))
    answers = {
        "classes": (MLPClassifier, np.arange(SAMPLES) % 3),
        "values": (MLPRegressor, X[:, 0] - X[:, 1] ** 2),
    }
    found = []
    for task, (kind, y) in answers.items():
        for name, settings in SOLVERS.items():
            # a step of no size leaves the weights that a run begins with
            still = {**settings, "learning_rate_init": 1e-300}
            model = run(kind, X, y, max_iter=EPOCHS, **settings)
            found.append(
                {
                    "task": task,
                    "optimizer": name,
                    "rate": settings["learning_rate_init"],
                    "targets": y.tolist(),
                    "start": arrays(run(kind, X, y, max_iter=1, **still)),
                    "losses": model.loss_curve_,
                    "end": arrays(model),
                    "score": model.score(X, y),
                }
            )
    values = {"sklearn": sklearn.__version__, "epochs": EPOCHS, "X": X.tolist(), "runs": found}
    written = json.dumps(values, sort_keys=True) + "\n"
    Path(__file__).with_suffix(".json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
