"""Alerts: the form that makes one, what they do, what fired, and signals."""
