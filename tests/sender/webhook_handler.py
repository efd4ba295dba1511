"""An application's webhook for tracking events, on a real socket."""

from __future__ import annotations

import http.server
import json
import time
from typing import Any


class WebhookServer(http.server.ThreadingHTTPServer):
    """An application's webhook that records what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WebhookHandler)
        self.bodies: list[Any] = []
        self.authorizations: list[str | None] = []
        self.status = 200

    def url(self, user: str = "") -> str:
        return f"http://{user}127.0.0.1:{self.server_port}/mailjet/events"

    def wait_for(self, count: int) -> list[Any]:
        until = time.monotonic() + 10
        while len(self.bodies) < count and time.monotonic() < until:
            time.sleep(0.02)
        return self.bodies


class WebhookHandler(http.server.BaseHTTPRequestHandler):
    server: WebhookServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.authorizations.append(self.headers.get("Authorization"))
        self.server.bodies.append(body)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
