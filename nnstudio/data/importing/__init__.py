"""Files that people bring are looked at, read, then kept; nothing on the disk is changed by it."""
