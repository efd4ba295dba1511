"""A sender that was used before a fork: each process has its own connections and reads its own responses."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

CHILDREN = 3


class Echo(ThreadingHTTPServer):
    """Keeps connections open, responds to each message with its subject as its id, and counts connections."""

    daemon_threads = True

    def __init__(self, authority: trustme.CA | None) -> None:
        super().__init__(("127.0.0.1", 0), EchoHandler)
        self.subjects: dict[tuple[str, int], list[str]] = {}
        if authority is not None:
            context = server_context(authority)
            self.socket = context.wrap_socket(self.socket, server_side=True)


class EchoHandler(BaseHTTPRequestHandler):
    server: Echo
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.subjects.setdefault(self.client_address, []).append(payload["Subject"])
        sent = [{"Email": "a@example.com", "MessageID": int(payload["Subject"]), "MessageUUID": "u"}]
        body = json.dumps({"Sent": sent}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture(params=["http", "https"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Echo, str, Path]]:
    authority = trustme.CA()
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    with Echo(authority if request.param == "https" else None) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server, f"{request.param}://localhost:{server.server_port}/v3", file
        server.shutdown()
        thread.join()


PROGRAM = textwrap.dedent(
    """
    import json, os, sys
    import requests
    from compiler.sender import MailjetSender

    url, authority, children, own = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "session"
    os.environ["no_proxy"] = "*"
    session = requests.Session()
    session.verify = authority
    if not own:
        os.environ["REQUESTS_CA_BUNDLE"] = authority
    sender = MailjetSender("public", "private", url, 30, session if own else None, retries=None)

    def send(first):
        ids = []
        for number in range(first, first + 5):
            message = {"from_email": "s@example.com", "to": ["a@example.com"], "subject": str(number), "body": "b"}
            ids += sender.send(message).message_ids
        return ids

    send(100)
    pipes = []
    for child in range(1, children + 1):
        reader, writer = os.pipe()
        if os.fork() == 0:
            try:
                output = json.dumps(send(1000 * child))
            except BaseException as error:
                output = json.dumps(repr(error))
            os.write(writer, output.encode())
            os._exit(0)
        os.close(writer)
        pipes.append(reader)
    output = [send(200)]
    for reader in pipes:
        output.append(json.loads(os.read(reader, 100_000)))
        os.wait()
    output.append(send(300))
    print(json.dumps(output))
    """
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.parametrize("of", ["sender", "session"])
def test_parent_and_children_send_through_one_sender(of: str, server: tuple[Echo, str, Path]) -> None:
    echo, url, authority = server
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url, str(authority), str(CHILDREN), of],
        capture_output=True,
        text=True,
        check=True,
    )
    firsts = [200, *(1000 * child for child in range(1, CHILDREN + 1)), 300]
    assert json.loads(done.stdout) == [[str(number) for number in range(first, first + 5)] for first in firsts]
    # The parent keeps its connection; each child has its own.
    by_connection = sorted(
        sorted({int(subject) // 1000 for subject in subjects}) for subjects in echo.subjects.values()
    )
    assert by_connection == [[number] for number in range(CHILDREN + 1)]
