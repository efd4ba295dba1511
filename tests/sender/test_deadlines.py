"""Deadlines: services that send a byte at a time, which no read timeout ends."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
from requests.adapters import BaseAdapter

from compiler.sender import MailjetSender, MaybeSentError, NotSentError, SenderError, SettingsError
from compiler.sender.emulator import Emulator
from tests.sender.helpers import MESSAGE, SHORT, sender_to

TOTAL = 2.0  # seconds; enough to begin sending the body on a busy machine
LONG = 60.0  # seconds; never reached

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DRIPS: dict[str, tuple[bytes, bytes]] = {  # the first bytes, and the bytes that are repeated
    "status line": (b"HTTP/1.1 ", b" "),
    "headers": (HEAD + b"X-Long: ", b"x"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "body without a length": (HEAD + b"\r\n", b" "),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "the size of a chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
}


class Dripping:
    """A server that responds to each GET, and drips bytes for each POST while the client is connected."""

    def __init__(self, drip: tuple[bytes, bytes] | None, context: ssl.SSLContext | None = None) -> None:
        self.listening = socket.socket()
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.listening.bind(("127.0.0.1", 0))
        self.listening.listen()
        self.port = self.listening.getsockname()[1]
        self._drip = drip
        self._context = context
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._serve)]

    @contextlib.contextmanager
    def running(self) -> Iterator[Dripping]:
        self._threads[0].start()
        try:
            yield self
        finally:
            self._over.set()
            self.listening.shutdown(socket.SHUT_RDWR)
            for thread in self._threads:
                thread.join()
            self.listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                thread = threading.Thread(target=self._answer, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(LONG)
            speaking = connection if self._context is None else self._context.wrap_socket(connection, server_side=True)
            with speaking:
                while (received := speaking.recv(4096)).startswith(b"GET "):
                    speaking.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                while received and self._drip is None and not self._over.wait(0.05):
                    received = speaking.recv(100)
                while received and self._drip is not None and b"}" not in received[-2:]:
                    received = speaking.recv(4096)
                if self._drip is not None:
                    begin, again = self._drip
                    speaking.sendall(begin)
                    while not self._over.wait(0.05):
                        speaking.sendall(again)


def assert_ended(sender: MailjetSender, message: Any = MESSAGE) -> None:
    sender.preview(message)  # loads files and modules that are loaded once
    with pytest.raises(MaybeSentError, match=f"no complete response within {TOTAL:g} s") as caught:
        sender.send(message)
    assert caught.value.failure.attempts == 1


@pytest.mark.parametrize("drip", DRIPS)
def test_a_dripping_response_is_ended(drip: str) -> None:
    with Dripping(DRIPS[drip]).running() as server:
        url = f"http://127.0.0.1:{server.port}/v3"
        with MailjetSender("public", "private", url, LONG, total_timeout=TOTAL) as sender:
            assert_ended(sender)


@pytest.mark.parametrize("drip", ["headers", "body"])
def test_a_dripping_response_over_tls_is_ended(drip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    authority, file = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    session = requests.Session()
    session.verify = str(file)
    with Dripping(DRIPS[drip], context).running() as server, session:
        url = f"https://127.0.0.1:{server.port}/v3"
        with MailjetSender("public", "private", url, LONG, session, total_timeout=TOTAL) as sender:
            assert_ended(sender)


def test_a_proxy_that_drips_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    class Proxy(Dripping):
        def _answer(self, connection: socket.socket) -> None:
            with contextlib.suppress(OSError), connection:
                connection.recv(4096)
                while not self._over.wait(0.05):
                    connection.sendall(b" ")

    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Proxy(None).running() as server:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.port}")
        url = "https://api.mailjet.example/v3"
        with MailjetSender("public", "private", url, LONG, total_timeout=TOTAL, retries=None) as sender:
            sender.preview(MESSAGE)
            with pytest.raises(NotSentError, match=f"no complete response within {TOTAL:g} s"):
                sender.send(MESSAGE)


def test_a_dripping_upload_is_ended() -> None:
    with Dripping(None).running() as server:
        url = f"http://127.0.0.1:{server.port}/v3"
        with MailjetSender("public", "private", url, LONG, total_timeout=TOTAL) as sender:
            assert_ended(sender, {**MESSAGE, "body": "x" * 12_000_000})


def test_the_connections_that_a_session_has_open_already_can_drip_as_little() -> None:
    with Dripping(DRIPS["headers"]).running() as server, requests.Session() as session:
        url = f"http://127.0.0.1:{server.port}/v3"
        session.get(url, timeout=LONG, proxies={"http": ""})
        with MailjetSender("public", "private", url, LONG, session, total_timeout=TOTAL) as sender:
            assert_ended(sender)


def test_an_adapter_that_is_not_requests_own_is_ended_between_parts_of_a_body() -> None:
    class Drops:
        def read(self, size: int) -> bytes:
            time.sleep(0.05)
            return b" "

        def close(self) -> None:
            pass

    class Adapter(BaseAdapter):
        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            b"".join(request.body)  # type: ignore[arg-type]
            response = requests.Response()
            response.status_code, response.request, response.raw = 200, request, Drops()
            return response

        def close(self) -> None:
            pass

    session = requests.Session()
    session.mount("http://", Adapter())
    with session, MailjetSender("public", "private", "http://localhost/v3", session=session, total_timeout=1) as sender:
        sender.preview(MESSAGE)
        with pytest.raises(MaybeSentError, match="no complete response within 1 s"):
            sender.send(MESSAGE)


def test_a_response_that_is_complete_is_not_thrown_away(emulator: Emulator) -> None:
    session = requests.Session()
    session.hooks["response"].append(lambda *_, **__: time.sleep(TOTAL * 1.1))
    with session, sender_to(emulator, session=session, total_timeout=TOTAL) as sender:
        assert sender.send(MESSAGE).sent_to_all


def test_senders_of_one_session_share_its_connection_and_not_their_limits(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    with requests.Session() as session, caplog.at_level("DEBUG", "urllib3"):
        for total in (LONG, None, LONG / 2):
            assert sender_to(emulator, session=session, total_timeout=total).send(MESSAGE).sent_to_all
        assert session.get(f"{emulator.url}/elsewhere", timeout=LONG, proxies={"http": ""}).status_code == 401
    assert caplog.text.count("Starting new HTTP connection") == 1


def test_no_thread_is_left_behind(emulator: Emulator) -> None:
    with sender_to(emulator, total_timeout=LONG) as sender:
        sender.send(MESSAGE)
        before = threads_but_those_of_the_emulator()
        sender.send(MESSAGE)
        assert threads_but_those_of_the_emulator() <= before


def threads_but_those_of_the_emulator() -> set[threading.Thread]:
    """All threads but the emulator's workers, which asyncio starts for calls if all others are busy."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


def test_a_timeout_can_be_a_pair(emulator: Emulator) -> None:
    emulator.inject_faults("stall")
    with sender_to(emulator, timeout=(LONG, SHORT)) as sender:
        with pytest.raises(MaybeSentError, match=f"no response within {SHORT:g} s"):
            sender.send(MESSAGE)
        assert sender.send(MESSAGE).sent_to_all


@pytest.mark.parametrize(
    "timeout", [(), (1,), (1, 2, 3), (0, 1), (1, None), (1, float("inf")), (True, 1), [1, 2], 1e300]
)
def test_a_pair_of_timeouts_has_two_numbers_of_seconds(timeout: Any) -> None:
    with pytest.raises(SettingsError, match="timeout must be a positive number of seconds or a pair"):
        MailjetSender("public", "private", timeout=timeout)


@pytest.mark.parametrize("total", [0, -1, float("inf"), float("nan"), "30", True, (1, 2)])
def test_a_total_timeout_is_a_number_of_seconds(total: Any) -> None:
    with pytest.raises(SenderError, match="total_timeout must be a positive number of seconds or None, got"):
        MailjetSender("public", "private", total_timeout=total)
