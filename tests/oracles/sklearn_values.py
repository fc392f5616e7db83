"""Freeze scikit-learn's values for tests/nn: `python tests/oracles/sklearn_values.py`.

Run where scikit-learn is installed (the dependency group `peers`); the tests read only the JSON.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

STEPS = 10


def main():
    """Write the JSON beside this file."""
    generator = np.random.default_rng(1)
    found = []
    for activation in ("logistic", "tanh", "relu"):
        X = generator.normal(size=(9, 4))
        labels = np.arange(9) % 3
        model = MLPClassifier(
            hidden_layer_sizes=(5,),
            activation=activation,
            solver="sgd",
            alpha=0.0,
            batch_size=9,
            learning_rate_init=0.2,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
            random_state=0,
        )
        model.partial_fit(X, labels, classes=[0, 1, 2])
        start = [
            array.tolist()
            for pair in zip(model.coefs_, model.intercepts_, strict=True)
            for array in pair
        ]
        losses = []
        for _ in range(STEPS):
            model.partial_fit(X, labels)
            losses.append(model.loss_)
        end = [
            array.tolist()
            for pair in zip(model.coefs_, model.intercepts_, strict=True)
            for array in pair
        ]
        found.append(
            {
                "activation": {"logistic": "sigmoid"}.get(activation, activation),
                "rate": 0.2,
                "X": X.tolist(),
                "labels": labels.tolist(),
                "start": start,
                "losses": losses,
                "end": end,
                "probabilities": model.predict_proba(X).tolist(),
            }
        )
    values = {"sklearn": sklearn.__version__, "networks": found}
    Path(__file__).with_suffix(".json").write_text(json.dumps(values) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
