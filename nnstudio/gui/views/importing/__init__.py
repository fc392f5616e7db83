"""The dialog that looks at a file of samples, shows what would come of it, and takes it."""
