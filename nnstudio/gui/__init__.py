"""The window: everything that knows Qt; nothing below imports it."""
