"""The views, in the order of the View menu; one row each, and none knows another."""
