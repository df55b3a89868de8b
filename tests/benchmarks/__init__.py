"""Measurements: each prints our figure beside a named rival's or a floor, in the same run."""
