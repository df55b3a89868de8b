"""Sockets: sessions, pacing, backoff, the hub and REST."""
