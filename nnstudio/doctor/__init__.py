"""The doctor: why a network does not learn, from numbers alone; it never sees a switch."""
