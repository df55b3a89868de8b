"""Numbers in plain digits: neither exponents nor digits that were never there."""

from __future__ import annotations

from decimal import Decimal


def plain(value: float, thousands: str = "") -> str:
    """0.00001234 instead of 1.234e-05, 100000 instead of 100000.0."""
    text = format(Decimal(repr(value)), f"{thousands}f")
    return text.rstrip("0").rstrip(".") if "." in text else text
