"""Forms: controls made from specs; they know settings, never runs."""
