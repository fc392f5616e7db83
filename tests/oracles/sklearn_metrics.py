"""Freeze scikit-learn's R² and RMSE: `python tests/oracles/sklearn_metrics.py`.

Run where scikit-learn is installed (the dependency group `peers`); the tests read only the JSON.
Several outputs are weighted by their variance, as the product does.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import r2_score, root_mean_squared_error


def case(generator, *, outputs):
    """Give targets, answers and what scikit-learn makes of them."""
    targets = np.round(generator.normal(3, [[0.5, 2.0, 8.0][:outputs]], (17, outputs)), 6)
    answers = np.round(targets + generator.normal(0, 1, targets.shape), 6)
    return {
        "targets": targets.tolist(),
        "answers": answers.tolist(),
        "r_squared": r2_score(targets, answers, multioutput="variance_weighted"),
        "rmse": root_mean_squared_error(targets.ravel(), answers.ravel()),
    }


def main():
    """Write the JSON beside this file."""
    generator = np.random.default_rng(8)
    found = {"one": case(generator, outputs=1), "several": case(generator, outputs=3)}
    place = Path(__file__).with_suffix(".json")
    place.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
