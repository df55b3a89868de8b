"""Websocket frames as a server writes them (RFC 6455): unmasked, whole, uncompressed.

aiohttp's own writer costs a coroutine a frame; joined frames go out in one write instead.
"""

from __future__ import annotations

import struct

TEXT, PING = 0x81, 0x89
PING_FRAME = bytes((PING, 0))


def text_frame(text: str) -> bytes:
    """A text message in one frame."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((TEXT, size)) + payload
    if size < 65_536:
        return struct.pack("!BBH", TEXT, 126, size) + payload
    return struct.pack("!BBQ", TEXT, 127, size) + payload
