"""Runs: one training or one stored result, its files, and what can be asked of it."""
