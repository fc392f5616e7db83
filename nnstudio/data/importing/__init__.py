"""Files that people bring: looked at first, then read, then kept; nothing on the disk is changed."""
