"""A server that records all requests and always sends the same response."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import Any


class RecordingServer(http.server.ThreadingHTTPServer):
    """Records every request, and always sends the same response."""

    def __init__(self, status: int = 200, body: bytes = b'{"Sent": []}', **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), RecordingHandler)
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.response = (status, body, headers)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v3"

    @contextlib.contextmanager
    def running(self) -> Iterator[RecordingServer]:
        thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # tests make clients reject the certificate


class RecordingHandler(http.server.BaseHTTPRequestHandler):
    server: RecordingServer

    def respond(self) -> None:
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body, headers = self.server.response
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_CONNECT = respond  # noqa: N815 - the base class's names

    def log_message(self, *_: object) -> None:
        pass
