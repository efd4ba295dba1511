"""The webhooks as WSGI and ASGI applications, called as servers call them."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.validate import validator

import pytest

from compiler.webhooks import Webhooks

ROOT = Path(__file__).parent.parent.parent
SECRET = "user:password"  # noqa: S105 - a test's
AUTHORIZATION = "Basic dXNlcjpwYXNzd29yZA=="
EVENT = {"event": "open", "time": 1433333949, "email": "alice@example.com"}
TRACKING = "/mailjet/tracking/"

Call = Callable[..., tuple[int, dict[str, str], bytes]]


def call_wsgi(
    webhooks: Webhooks,
    body: bytes = b"",
    path: str = TRACKING,
    method: str = "POST",
    authorization: str | None = AUTHORIZATION,
    **environ: Any,
) -> tuple[int, dict[str, str], bytes]:
    answers: list[tuple[str, list[tuple[str, str]]]] = []
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **environ,
    }
    if authorization is not None:
        environ["HTTP_AUTHORIZATION"] = authorization

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        answers.append((status, headers))
        return lambda _: None

    # The validator of the standard library checks that the application keeps to PEP 3333.
    iterable = validator(webhooks.wsgi)(environ, start_response)
    content = b"".join(iterable)
    iterable.close()  # type: ignore[attr-defined]
    ((status, headers),) = answers
    return int(status[:3]), dict(headers), content


async def call_asgi_async(
    webhooks: Webhooks,
    body: bytes = b"",
    path: str = TRACKING,
    method: str = "POST",
    authorization: str | None = AUTHORIZATION,
    root_path: str = "",
    chunk: int = 1000,
) -> tuple[int, dict[str, str], bytes]:
    headers = [] if authorization is None else [(b"Authorization", authorization.encode("latin-1"))]
    scope = {"type": "http", "method": method, "path": path, "root_path": root_path, "headers": headers}
    pieces = [body[start : start + chunk] for start in range(0, len(body), chunk)] or [b""]
    last = len(pieces) - 1
    messages = iter(
        {"type": "http.request", "body": piece, "more_body": index < last} for index, piece in enumerate(pieces)
    )
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    await webhooks.asgi(scope, receive, send)
    start, content = sent
    headers_sent = {name.decode().title(): value.decode() for name, value in start["headers"]}
    return start["status"], headers_sent, content["body"]


def call_asgi(webhooks: Webhooks, body: bytes = b"", **arguments: Any) -> tuple[int, dict[str, str], bytes]:
    return asyncio.run(call_asgi_async(webhooks, body, **arguments))


@pytest.fixture(params=[call_wsgi, call_asgi], ids=["wsgi", "asgi"])
def call(request: pytest.FixtureRequest) -> Call:
    function: Call = request.param
    return function


def as_json(*events: Any) -> bytes:
    return json.dumps(list(events)).encode()


def test_events_and_messages_reach_their_receivers(call: Call) -> None:
    events: list[Any] = []
    messages: list[Any] = []
    webhooks = Webhooks(SECRET, on_event=events.append, on_message=messages.append)
    second = EVENT | {"time": 1433333950}
    assert call(webhooks, as_json(EVENT, second))[0] == 200
    assert call(webhooks, (ROOT / "examples/inbound.json").read_bytes(), path="/mailjet/inbound/")[0] == 200
    assert [event["timestamp"] for event in events] == ["2015-06-03T12:19:09Z", "2015-06-03T12:19:10Z"]
    assert [message["subject"] for message in messages] == ["Re: Your order has shipped"]


def test_coroutine_functions_are_receivers(call: Call) -> None:
    events: list[Any] = []

    async def receive(event: Any, *, also: str = "") -> None:
        await asyncio.sleep(0)
        events.append((event["recipient"], also))

    class Receiver:
        async def __call__(self, event: Any) -> None:
            await receive(event, also="object")

    for receiver in (receive, partial(receive, also="partial"), Receiver(), lambda event: receive(event, also="λ")):
        assert call(Webhooks(SECRET, on_event=receiver), as_json(EVENT))[0] == 200
    assert events == [("alice@example.com", also) for also in ("", "partial", "object", "λ")]


@pytest.mark.parametrize("error", [LookupError, StopIteration, StopAsyncIteration, TimeoutError])
@pytest.mark.parametrize("is_async", [False, True])
def test_a_failing_receiver_is_answered_500_and_called_again(
    call: Call, error: type[Exception], is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def receive(event: Any) -> None:
        seen.append(event["event_type"])
        if event["event_type"] == "clicked" and seen.count("clicked") == 1:
            raise error("a receiver")

    async def receive_async(event: Any) -> None:
        receive(event)

    webhooks = Webhooks(SECRET, on_event=receive_async if is_async else receive)
    body = as_json(EVENT, EVENT | {"event": "click"}, EVENT | {"event": "spam"})
    assert call(webhooks, body)[0] == 500
    assert call(webhooks, body)[0] == 200
    assert seen == ["opened", "clicked", "complained", "clicked"]
    assert [record.getMessage() for record in caplog.records] == ["a receiver of a tracking event failed"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"authorization": None}, 401),
        ({"authorization": "Basic dXNlcjp4"}, 401),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"method": "HEAD"}, 200),
        ({"method": "OPTIONS"}, 200),
        ({"path": "/"}, 404),
        ({"path": ""}, 404),
        ({"path": "/mailjet/other/"}, 404),
        ({"path": "/mailjet/inbound/"}, 404),  # it has no receiver
        ({"path": "/mailjet/tracking"}, 200),
        ({"body": b"{"}, 400),
        ({"body": b"x" * 5001}, 413),
    ],
)
def test_answers(call: Call, arguments: dict[str, Any], status: int) -> None:
    events: list[Any] = []
    webhooks = Webhooks(SECRET, on_event=events.append, max_body_bytes=5000)
    answer, headers, content = call(webhooks, **{"body": as_json(EVENT), **arguments})
    assert answer == status
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    if arguments.get("method") != "HEAD":
        assert headers["Content-Length"] == str(len(content))
    assert ("Www-Authenticate" in headers or "WWW-Authenticate" in headers) == (status == 401)
    assert ("Allow" in headers) == (status == 405 or arguments.get("method") == "OPTIONS")
    assert (events != []) == (arguments == {"path": "/mailjet/tracking"})


def test_the_body_of_a_rejected_call_is_not_read() -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("the body is read")

    webhooks = Webhooks(SECRET, on_event=print)
    for arguments in ({"authorization": None}, {"CONTENT_LENGTH": str(100 * 2**20)}, {"path": "/"}):
        assert call_wsgi(webhooks, **{"wsgi.input": Unread(), **arguments})[0] in (401, 404, 413)  # type: ignore[arg-type]


def test_a_body_without_length_is_read_if_the_server_marks_its_end() -> None:
    events: list[Any] = []
    webhooks = Webhooks(SECRET, on_event=events.append, max_body_bytes=5000)
    endless: dict[str, Any] = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    assert call_wsgi(webhooks, as_json(EVENT), **endless)[0] == 200
    assert call_wsgi(webhooks, b"x" * 100_000, **endless)[0] == 413
    assert call_wsgi(webhooks, as_json(EVENT), CONTENT_LENGTH="")[0] == 400
    assert len(events) == 1


@pytest.mark.parametrize(
    ("root_path", "path"),
    [
        ("/anymail", "/anymail/mailjet/tracking/"),
        ("/anymail", "/mailjet/tracking/"),
        ("/mail", "/mailjet/tracking/"),
        ("/mailjet", "/mailjet/mailjet/tracking/"),
        ("/mailjet", "/mailjet/tracking/"),
    ],
)
def test_mount_points(root_path: str, path: str) -> None:
    webhooks = Webhooks(SECRET, on_event=lambda event: None)
    assert call_asgi(webhooks, as_json(EVENT), root_path=root_path, path=path)[0] == 200


def test_async_receivers_that_need_threads_do_not_block_each_other() -> None:
    count = 60
    webhooks = Webhooks(SECRET, on_event=needs_a_thread)

    async def call_all() -> list[int]:
        bodies = [as_json(EVENT | {"time": number}) for number in range(count)]
        answers = await asyncio.gather(*(call_asgi_async(webhooks, body) for body in bodies))
        return [status for status, _, _ in answers]

    assert asyncio.run(asyncio.wait_for(call_all(), 60)) == [200] * count


async def needs_a_thread(event: Any) -> None:
    await asyncio.sleep(0.01)
    await asyncio.to_thread(lambda: None)


def test_receivers_do_not_block_the_event_loop() -> None:
    entered, released = threading.Event(), threading.Event()

    def wait(event: Any) -> None:
        entered.set()
        assert released.wait(30)

    async def call_and_continue() -> int:
        task = asyncio.create_task(call_asgi_async(Webhooks(SECRET, on_event=wait), as_json(EVENT)))
        await asyncio.to_thread(entered.wait, 30)
        released.set()  # this runs only if the event loop is free
        return (await task)[0]

    assert asyncio.run(call_and_continue()) == 200


def test_a_caller_that_disconnects_gets_no_answer() -> None:
    sent: list[Any] = []
    messages: Iterable[Any] = iter(
        [{"type": "http.request", "body": b"[", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(messages)  # type: ignore[call-overload]

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": TRACKING, "headers": []}
    asyncio.run(Webhooks(None, on_event=print).asgi(scope, receive, send))
    assert sent == []


def test_lifespan_and_websockets() -> None:
    webhooks = Webhooks(None, on_event=print)
    sent: list[Any] = []
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(webhooks.asgi({"type": "lifespan"}, receive, send))
    asyncio.run(webhooks.asgi({"type": "websocket"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="secret must have the form 'user:password'"):
        Webhooks("password", on_event=print)
    with pytest.raises(TypeError, match="a receiver must be callable, got str"):
        Webhooks(SECRET, on_event="print")  # type: ignore[arg-type]
    assert repr(Webhooks(SECRET, on_event=print)) == "<Webhooks: mailjet/tracking/>"


def test_a_receiver_that_cancels_its_own_work_has_failed() -> None:
    async def cancel(event: Any) -> None:
        task = asyncio.create_task(asyncio.sleep(30))
        task.cancel()
        await task

    seen: list[Any] = []

    async def receive(event: Any) -> None:
        seen.append(event["event_type"])
        if event["event_type"] == "opened":
            await cancel(event)

    webhooks = Webhooks(SECRET, on_event=receive)
    assert call_asgi(webhooks, as_json(EVENT, EVENT | {"event": "click"}))[0] == 500
    assert seen == ["opened", "clicked"]


def test_a_call_that_is_cancelled_ends() -> None:
    async def wait(event: Any) -> None:
        await asyncio.sleep(30)

    async def cancel() -> None:
        task = asyncio.create_task(call_asgi_async(Webhooks(SECRET, on_event=wait), as_json(EVENT)))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())


def test_a_receiver_may_be_false() -> None:
    class Receiver(list[Any]):
        def __call__(self, event: Any) -> None:
            self.append(event)

    receiver = Receiver()
    assert call_wsgi(Webhooks(SECRET, on_event=receiver), as_json(EVENT))[0] == 200
    assert len(receiver) == 1
