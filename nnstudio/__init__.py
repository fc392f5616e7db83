"""nnstudio: build a neural network, train it, and see why it learns or why it does not."""
