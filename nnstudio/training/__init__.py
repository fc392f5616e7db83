"""Runs: what is set, what decides the next step, the loop, and the handle of a live run."""
