"""The movers panel."""
