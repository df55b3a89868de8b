"""The tape: trades as they print."""
