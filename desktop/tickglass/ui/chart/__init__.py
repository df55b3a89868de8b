"""The chart of one instrument."""
