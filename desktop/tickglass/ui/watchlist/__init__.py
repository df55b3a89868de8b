"""The watchlists: lists as tabs, and the table of the one that is looked at."""
