"""TLS, proxies, redirects, and sessions passed in by the caller."""

from __future__ import annotations

import contextlib
import gzip
import json
import ssl
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from compiler.sender import (
    InvalidResponseError,
    MailjetSender,
    MaybeSentError,
    NoRecipientAcceptedError,
    NotSentError,
    SenderError,
    SettingsError,
)
from compiler.sender.emulator import Emulator
from tests.sender.helpers import MESSAGE, QUICK, sender_to
from tests.sender.recorder import RecordingServer

PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")


ACCEPTED = json.dumps({"Sent": [{"Email": "alice@example.com", "MessageID": 1, "MessageUUID": "u"}]}).encode()


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextlib.contextmanager
def encrypted(authority: trustme.CA, name: str = "localhost") -> Iterator[RecordingServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    server = RecordingServer(body=ACCEPTED)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with server.running():
        yield server


def test_a_certificate_of_an_unknown_authority_is_rejected_before_anything_is_sent(authority: trustme.CA) -> None:
    with encrypted(authority) as server:
        url = f"https://localhost:{server.server_port}/v3"
        with (
            MailjetSender("public", "private", url, 5, retries=QUICK) as sender,
            pytest.raises(NotSentError, match="the TLS connection failed: certificate verify failed") as caught,
        ):
            sender.send(MESSAGE)
        assert server.seen == []
    assert caught.value.failure.attempts == 1  # a retry would fail too


def test_a_certificate_for_another_name_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    session = requests.Session()
    session.verify = str(file)
    with encrypted(authority, "other.example") as server, session:
        url = f"https://localhost:{server.server_port}/v3"
        sender = MailjetSender("public", "private", url, 5, session)
        with pytest.raises(NotSentError, match=r"certificate verify failed.*localhost"):
            sender.send(MESSAGE)
        assert server.seen == []


@pytest.mark.parametrize("by_session", [True, False])
def test_an_authority_of_one_s_own_can_be_trusted(
    by_session: bool, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    session = requests.Session()
    if by_session:
        session.verify = str(file)
    else:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    with encrypted(authority) as server, session:
        url = f"https://localhost:{server.server_port}/v3"
        result = MailjetSender("public", "private", url, 5, session).send(MESSAGE)
        assert result.message_ids == ("1",)
        assert [request[:2] for request in server.seen] == [("POST", "/v3/send")]


def test_a_server_without_tls_gets_nothing() -> None:
    with RecordingServer().running() as server:
        url = server.url.replace("http:", "https:")
        with (
            MailjetSender("public", "private", url, 5, retries=QUICK) as sender,
            pytest.raises(NotSentError, match="the TLS connection failed"),
        ):
            sender.send(MESSAGE)
        assert server.seen == []


# --- Proxies ----------------------------------------------------------------------------------------------------------


def test_plain_http_never_goes_through_a_proxy(
    emulator: Emulator, sender: MailjetSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    with RecordingServer().running() as proxy:
        for name in ("http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v3"))
        assert sender.send(MESSAGE).sent_to_all
        assert proxy.seen == []
    assert len(emulator.messages) == 1


def test_a_proxy_for_https_is_used_and_its_refusal_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    with RecordingServer(407, b"").running() as proxy:
        user = proxy.url.removesuffix("/v3").replace("http://", "http://someone:pr0xy-s3cret@")
        monkeypatch.setenv("https_proxy", user)
        with (
            MailjetSender("public", "private", "https://api.mailjet.example/v3", 5, retries=None) as sender,
            pytest.raises(NotSentError, match="the proxy did not make the connection") as caught,
        ):
            sender.send(MESSAGE)
        assert [request[:2] for request in proxy.seen] == [("CONNECT", "api.mailjet.example:443")]
        assert "public" not in str(proxy.seen)  # the keys are sent to the service only, inside TLS
    assert "pr0xy" not in str(caught.value)


# --- Redirects and unusual responses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with RecordingServer().running() as elsewhere:
        location = f"{elsewhere.url}/send?key=1"
        with (
            RecordingServer(status, b"", Location=location).running() as server,
            MailjetSender("public", "private", server.url, 5) as sender,
            pytest.raises(InvalidResponseError, match=f"a redirect .{status}. to http://") as caught,
        ):
            sender.send(MESSAGE)
        assert len(server.seen) == 1
        assert elsewhere.seen == []
    assert caught.value.may_have_sent is (status not in (307, 308))  # the request was not processed


def test_a_response_without_end_is_cut_off() -> None:
    with (
        RecordingServer(200, b" " * (17 * 2**20)).running() as server,
        MailjetSender("public", "private", server.url, 5) as sender,
        pytest.raises(MaybeSentError, match="more than 16777216 bytes"),
    ):
        sender.send(MESSAGE)


@contextlib.contextmanager
def memory_below(most: int) -> Iterator[None]:
    """Checks that the block never allocates so many bytes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def test_a_compression_bomb_is_cut_off_before_it_fills_the_memory() -> None:
    body = gzip.compress(b" " * (200 * 2**20), 1)
    with (
        RecordingServer(200, body, Content_Encoding="gzip").running() as server,
        MailjetSender("public", "private", server.url, 5) as sender,
        memory_below(100 * 2**20),
        pytest.raises(MaybeSentError, match="more than 16777216 bytes"),
    ):
        sender.send(MESSAGE)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    return gzip.compress(gzip.compress(b" " * (200 * 2**20), 1))


@pytest.mark.parametrize("status", [200, 301, 303, 307, 500])
@pytest.mark.parametrize("by", ["sender", "session", "hook"])
def test_a_compression_bomb_is_cut_off_whatever_the_status(status: int, by: str, bomb: bytes) -> None:
    session = requests.Session()
    session.stream = False
    if by == "hook":
        session.hooks["response"].append(lambda response, **_: response.content and None)
    headers = {"Content_Encoding": "gzip, gzip", "Location": "/elsewhere"}
    with (
        session,
        RecordingServer(status, bomb, **headers).running() as server,
        MailjetSender("public", "private", server.url, 60, None if by == "sender" else session) as sender,
        memory_below(100 * 2**20),
        pytest.raises(MaybeSentError, match="more than 16777216 bytes"),
    ):
        sender.send(MESSAGE)
    assert len(server.seen) == 1


def test_a_redirect_whose_compression_is_broken_is_not_read_to_its_end() -> None:
    headers = {"Content_Encoding": "gzip", "Location": "/elsewhere"}
    with (
        RecordingServer(307, b"x" * (64 * 2**20), **headers).running() as server,
        MailjetSender("public", "private", server.url, 60) as sender,
        memory_below(40 * 2**20),
        pytest.raises(MaybeSentError, match="compression of the response is invalid"),
    ):
        sender.send(MESSAGE)


def test_a_hook_of_the_session_sees_the_response(emulator: Emulator) -> None:
    seen = []
    session = requests.Session()
    session.hooks["response"].append(lambda response, **_: seen.append(response.json()))
    with session, sender_to(emulator, session=session) as sender:
        result = sender.send(MESSAGE)
    assert seen == [json.loads(result.response.body)]


def test_a_long_error_message_is_reported_in_one_line() -> None:
    words = "\x1b[31m\n" + "x" * 1_000_000
    body = json.dumps({"ErrorMessage": words, "StatusCode": 400}).encode()
    with (
        RecordingServer(400, body).running() as server,
        MailjetSender("public", "private", server.url, 5) as sender,
        pytest.raises(SenderError) as caught,
    ):
        sender.send(MESSAGE)
    assert len(str(caught.value)) < 2500
    assert not set(str(caught.value)) & {"\n", "\x1b"}
    assert caught.value.service_message == words  # not truncated


def test_a_file_of_certificates_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/missing/authority.pem")
    with (
        MailjetSender("public", "private", "https://localhost:9/v3", 5, retries=None) as sender,
        pytest.raises(NotSentError, match=r"/missing/authority\.pem"),
    ):
        sender.send(MESSAGE)


@pytest.mark.parametrize("asked", ["0", "abc", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "9" * 30, "\u0663"])
def test_an_odd_retry_after_is_no_reason_to_wait(asked: str) -> None:
    with (
        RecordingServer(429, b"", Retry_After=asked.encode().decode("latin-1")).running() as server,
        MailjetSender("public", "private", server.url, 5, retries=QUICK) as sender,
        pytest.raises(SenderError),
    ):
        sender.send(MESSAGE)
    assert len(server.seen) == 1 + QUICK.count


def test_a_long_retry_after_is_handed_on_at_once() -> None:
    with (
        RecordingServer(429, b"", Retry_After="120").running() as server,
        MailjetSender("public", "private", server.url, 5) as sender,
        pytest.raises(SenderError) as caught,
    ):
        sender.send(MESSAGE)
    assert len(server.seen) == 1
    assert caught.value.failure.retry_after == 120


def test_an_response_that_lists_only_other_recipients_may_have_sent() -> None:
    other = ACCEPTED.replace(b"alice@", b"mallory@")
    with (
        RecordingServer(200, other).running() as server,
        MailjetSender("public", "private", server.url, 5) as sender,
        pytest.raises(NoRecipientAcceptedError) as caught,
    ):
        sender.send(MESSAGE)
    assert caught.value.may_have_sent
    assert [recipient["email"] for recipient in caught.value.failure.unexpected] == ["mallory@example.com"]


def test_what_a_failure_quotes_of_a_response_has_no_keys() -> None:
    other = ACCEPTED.replace(b"alice@", b"private@")
    with (
        RecordingServer(200, other).running() as server,
        MailjetSender("public", "private", server.url, 5) as sender,
        pytest.raises(NoRecipientAcceptedError) as caught,
    ):
        sender.send(MESSAGE)
    assert [recipient["email"] for recipient in caught.value.failure.unexpected] == ["***@example.com"]
    assert "private" not in json.dumps(caught.value.to_dict()) + repr(caught.value.failure)


def test_a_recipient_missing_from_the_response_has_status_unknown() -> None:
    with (
        RecordingServer(200, ACCEPTED).running() as server,
        MailjetSender("public", "private", server.url, 5) as sender,
    ):
        result = sender.send(MESSAGE)
    assert [(recipient["email"], recipient["status"]) for recipient in result.recipients] == [
        ("alice@example.com", "sent"),
        ("bob@example.com", "unknown"),
    ]
    assert not result.sent_to_all


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_of_one_s_own_is_used_and_stays_open(emulator: Emulator) -> None:
    closed = []

    class Session(requests.Session):
        def close(self) -> None:
            closed.append(1)
            super().close()

    session = Session()
    session.headers["X-Team"] = "orders"
    with sender_to(emulator, session=session) as sender:
        assert sender.send(MESSAGE).sent_to_all
        assert "X-Team: orders" in sender.preview(MESSAGE)[0]
    assert closed == []
    session.close()


@pytest.mark.parametrize("mounted", [Retry(3, allowed_methods=None), Retry(3, allowed_methods=["post"])])
def test_a_session_that_repeats_post_by_itself_is_refused(mounted: Retry, emulator: Emulator) -> None:
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=mounted))
    with pytest.raises(SettingsError, match="could send a message twice"):
        sender_to(emulator, session=session)


@pytest.mark.parametrize("mounted", [Retry(3), Retry(0), 0, Retry(3, allowed_methods=["GET"])])
def test_a_session_that_does_not_retry_post_is_accepted(mounted: Retry | int, emulator: Emulator) -> None:
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=mounted))
    emulator.inject_faults("reset-after-body")
    with sender_to(emulator, session=session) as sender, pytest.raises(MaybeSentError):
        sender.send(MESSAGE)
    assert len(emulator.messages) == len(emulator.calls) == 1


@pytest.mark.parametrize("fault", ["reset-after-body", "server-error", "half-header"])
def test_no_adapter_can_send_a_message_again(fault: str, emulator: Emulator) -> None:
    class Stubborn(HTTPAdapter):
        def send(self, *arguments: Any, **named: Any) -> Any:
            for _ in range(3):
                with contextlib.suppress(requests.ConnectionError):
                    response = super().send(*arguments, **named)
                    if response.status_code < 500:
                        return response
                    response.close()
                arguments[0].body.seek(0)
            return super().send(*arguments, **named)

    session = requests.Session()
    session.mount("http://", Stubborn())
    emulator.inject_faults(fault)
    with sender_to(emulator, session=session) as sender:
        with pytest.raises(MaybeSentError):
            sender.send(MESSAGE)
        assert len(emulator.messages) == 1
        assert sender.send(MESSAGE).sent_to_all


def test_a_session_that_can_make_no_request_is_reported(emulator: Emulator) -> None:
    session = requests.Session()
    session.headers["X-Bad"] = "a\r\nb"
    with (
        sender_to(emulator, session=session) as sender,
        pytest.raises(NotSentError, match="InvalidHeader") as caught,
    ):
        sender.send(MESSAGE)
    assert caught.value.failure.attempts == 1


def test_a_session_that_does_not_verify_certificates_is_refused(emulator: Emulator) -> None:
    session = requests.Session()
    session.verify = False
    with pytest.raises(SettingsError, match="must verify TLS"):
        sender_to(emulator, session=session)


def test_credentials_of_a_netrc_file_or_a_session_do_not_replace_the_keys(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login someone password else\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    session = requests.Session()
    session.auth = ("someone", "else")
    with sender_to(emulator, session=session) as sender:
        assert sender.send(MESSAGE).sent_to_all


# --- Imports ----------------------------------------------------------------------------------------------------------


def test_the_compiler_imports_neither_requests_nor_a_server() -> None:
    code = (
        "import sys, compiler\n"
        "compiler.compile({'from_email': 'a@example.com', 'to': ['b@example.com'], 'subject': 's', 'body': 'b'})\n"
        "print(sorted({'requests', 'urllib3', 'aiohttp', 'jinja2', 'compiler.sender', 'socket'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_sender_without_requests_says_what_to_install() -> None:
    code = "import sys\nsys.modules['requests'] = None\nimport compiler.sender\ncompiler.sender.MailjetSender('a', 'b')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ImportError: compiler.sender needs requests: pip install 'payload-compiler[sender]'\n" in done.stderr
    code = code.replace(
        ".MailjetSender('a', 'b')", ".__main__\nsys.exit(compiler.sender.__main__.main(['-', '--dry-run']))"
    )
    code = code.replace("import compiler.sender\n", "import compiler.sender.__main__\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, input="{}")
    message = "python -m compiler.sender: compiler.sender needs requests: pip install 'payload-compiler[sender]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


@pytest.mark.parametrize("missing", ["aiohttp", "jinja2"])
def test_the_emulator_without_its_extra_says_what_to_install(missing: str) -> None:
    begin = f"import sys\nsys.modules['{missing}'] = None\n"
    code = f"{begin}from compiler.sender.emulator import Emulator"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'payload-compiler[emulator]'\n" in done.stderr
    code = f"{begin}from compiler.sender.emulator.__main__ import main\nsys.exit(main(['--port', '0']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "python -m compiler.sender.emulator: compiler.sender.emulator needs aiohttp and Jinja2"
    )
