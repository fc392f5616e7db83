"""Reusable parts of the window, ignorant of networks and training; keyboard and themes included."""
