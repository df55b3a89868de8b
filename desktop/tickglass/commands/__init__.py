"""The commands without a window, one module each; none of them loads Qt."""
