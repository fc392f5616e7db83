"""Freeze scikit-learn's reliability diagram: `python tests/oracles/sklearn_calibration.py`.

Run where scikit-learn is installed (the dependency group `peers`); the tests read only the JSON.
Probabilities have three digits and lie on no edge of a bin.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.calibration import calibration_curve

BINS = 10


def main():
    """Write the JSON beside this file."""
    generator = np.random.default_rng(5)
    confidence = generator.uniform(0.01, 0.99, 60).round(3)
    right = generator.uniform(size=60) < confidence**2
    accuracy, mean = calibration_curve(right, confidence, n_bins=BINS, strategy="uniform")
    found = {
        "bins": BINS,
        "confidence": confidence.tolist(),
        "right": right.tolist(),
        "accuracy": accuracy.tolist(),
        "mean": mean.tolist(),
    }
    place = Path(__file__).with_suffix(".json")
    place.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
