"""Embedded exchanges: a seeded market served in an exchange's own wire format."""
