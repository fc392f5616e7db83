"""Plots: curves on axes, painted by one painter; they know scenes and no runs."""
