"""Services on the loopback to which messages are sent: a plain webhook, and one like ntfy."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

HOST = "127.0.0.1"


class Service(ThreadingHTTPServer):
    """Keeps what it was sent. ``status``: what it answers; ``gate``: when."""

    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), Handler)
        self.taken: list[dict[str, Any]] = []
        self.asked = 0
        self.status = 200
        self.gate = threading.Event()
        self.gate.set()


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_POST(self) -> None:
        service = cast(Service, self.server)
        service.asked += 1
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service.gate.wait(10)
        if service.status == 200:
            service.taken.append(sent)
        answer = b"{}"
        self.send_response(service.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@contextmanager
def served(port: int) -> Iterator[Service]:
    """A service that listens until the end of the block."""
    with Service(port) as service:
        thread = threading.Thread(target=service.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            service.gate.set()
            service.shutdown()
            thread.join()
