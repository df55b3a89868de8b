"""Tickglass: a desktop window onto live crypto markets."""

__version__ = "0.1.0"
