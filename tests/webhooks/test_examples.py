"""The example applications, started by the commands in their docstrings, and called by the emulator over sockets."""

from __future__ import annotations

import ast
import http.client
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from compiler.sender import MailjetSender
from compiler.sender.emulator import Emulator

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ("flask-webhooks", "fastapi-webhooks", "starlette-webhooks")

TRACKING = "anymail/mailjet/tracking/"
INBOUND = "anymail/mailjet/inbound/"
SECRET = ("user", "password")
MESSAGE = {
    "from_email": "shop@example.com",
    "to": ["alice@example.com", "bob@example.com"],
    "subject": "Hello",
    "body": "Hi!",
}

LIMIT = 120  # seconds; only reached if something hangs, because a busy machine can be slow


@dataclass(frozen=True, slots=True)
class Application:
    """A running example, and the file with what its server prints."""

    port: int
    log: Path

    def call(self, method: str, path: str, body: bytes = b"", auth: tuple[str, str] | None = SECRET) -> tuple[int, str]:
        """Status and text of an answer."""
        with requests.Session() as session:
            session.trust_env = False  # no proxies, and no credentials from a .netrc file
            url = f"http://127.0.0.1:{self.port}/{path}"
            response = session.request(method, url, data=body, auth=auth, timeout=LIMIT)
        return response.status_code, response.text

    def call_without_body(self, path: str, content_length: int) -> int:
        """Status of the answer to headers that declare a body, which is not sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.putrequest("POST", f"/{path}")
            connection.putheader("Authorization", requests.auth._basic_auth_str(*SECRET))
            connection.putheader("Content-Length", str(content_length))
            connection.endheaders()
            return connection.getresponse().status
        finally:
            connection.close()

    def show(self) -> Any:
        """The JSON of its page."""
        status, text = self.call("GET", "", auth=None)
        assert status == 200, self.log.read_text()
        return json.loads(text)


def read_command(example: str) -> tuple[list[str], dict[str, str]]:
    """The command in an example's docstring, and the environment to run it in."""
    docstring = ast.get_docstring(ast.parse((ROOT / "examples" / example / "app.py").read_text("utf-8"))) or ""
    (line,) = re.findall(r"^    (WEBHOOK_SECRET=.*)$", docstring, re.MULTILINE)
    setting, *command = shlex.split(line)
    name, _, value = setting.partition("=")
    # The settings of Flask and Uvicorn that the environment may have are not the example's.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("FLASK_", "UVICORN_", "WEB_"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return command, {**inherited, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", name: value}


@contextmanager
def running(example: str, folder: Path) -> Iterator[Application]:
    """Runs an example on a port that the system chooses, until the end of the block."""
    command, environment = read_command(example)
    log = folder / "log.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--port", "0"], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        wait_until(lambda: find_port(log) is not None or process.poll() is not None)
        port = find_port(log)
        assert port is not None, log.read_text()
        yield Application(port, log)
    finally:
        process.terminate()
        try:
            process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def find_port(log: Path) -> int | None:
    """The port that a server says it listens on."""
    found = re.search(r"unning on http://127\.0\.0\.1:(\d+)\b.*\n", log.read_text())
    return None if found is None else int(found[1])


def wait_until(is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + LIMIT
    while not is_done():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture(scope="module", params=EXAMPLES)
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with running(request.param, tmp_path_factory.mktemp("example")) as application:
        yield application


def test_it_lists_what_it_received(application: Application) -> None:
    assert application.show() == {"events": [], "messages": []}
    webhook = f"http://{':'.join(SECRET)}@127.0.0.1:{application.port}/{TRACKING}"
    with (
        Emulator(webhook=webhook) as emulator,
        MailjetSender(emulator.api_key, emulator.secret_key, emulator.url, timeout=LIMIT) as sender,
    ):
        assert sender.send(MESSAGE).sent_to_all
        wait_until(lambda: len(emulator.posted_events) > 0)
        (posted,) = emulator.posted_events
    assert (posted.status_code, posted.error) == (200, None), application.log.read_text()

    inbound = (ROOT / "examples/inbound.json").read_bytes()
    assert application.call("POST", INBOUND, inbound) == (200, "")

    # A repeated call is accepted, but its message is not received again.
    assert application.call("POST", INBOUND, inbound) == (200, "")
    assert application.show() == {
        "events": [
            {"event_type": "delivered", "recipient": "alice@example.com"},
            {"event_type": "delivered", "recipient": "bob@example.com"},
        ],
        "messages": [
            {
                "subject": "Re: Your order has shipped",
                "from_email": {"email": "alice@example.com", "name": "Meyer, Alice"},
            }
        ],
    }
    assert "Traceback" not in application.log.read_text()


def test_it_rejects_what_it_must_not_receive(application: Application) -> None:
    before = application.show()
    body = (ROOT / "examples/webhook.json").read_bytes()
    for path in (TRACKING, INBOUND):
        assert application.call("POST", path, body, auth=None)[0] == 401
        assert application.call("POST", path, body, auth=("user", "wrong"))[0] == 401
        assert application.call("GET", path)[0] == 405
        assert application.call_without_body(path, 64 * 2**20 + 1) == 413
        status, text = application.call("POST", path, b"{")
        assert (status, text.startswith("the body is invalid: ")) == (400, True)
    for unknown in ("unknown", "anymail/", "anymail/mailjet/", "anymail/mailjet/unknown/", f"anymail/{TRACKING}"):
        assert application.call("POST", unknown, body)[0] == 404
    assert application.show() == before
    assert "Traceback" not in application.log.read_text()


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_does_not_start_without_a_secret(example: str) -> None:
    command, environment = read_command(example)
    del environment["WEBHOOK_SECRET"]
    process = subprocess.run(
        [*command, "--port", "0"], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT
    )
    assert process.returncode == 1
    assert "set the environment variable WEBHOOK_SECRET to user:password\n" in process.stderr
    assert "Traceback" not in process.stderr
