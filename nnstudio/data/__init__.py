"""Where samples come from and how they reach the network; never changes what is on disk."""
