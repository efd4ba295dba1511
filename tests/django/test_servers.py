"""Async views and receivers under ASGI, and forked workers."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from typing import Any

import django
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, override_settings
from django.urls import include, path

from compiler.django import AnymailCancelSend, AnymailMessage, EmailBackend, pre_send, tracking
from compiler.sender.emulator import Emulator
from tests.django.helpers import OPEN, TRACKING, connected, received
from tests.django.project import AUTHORIZATION
from tests.sender.test_forks import Echo


async def send_mail_in_an_async_view(request: HttpRequest) -> HttpResponse:
    from asgiref.sync import sync_to_async

    message = AnymailMessage("Hello", "Hi!", to=["alice@example.com"])
    await sync_to_async(message.send)()
    return HttpResponse(",".join(message.anymail_status.recipients))


urlpatterns = [
    path("send/", send_mail_in_an_async_view),
    path("anymail/", include("compiler.django.urls")),
]


def call(path: str, body: Any = None, **arguments: Any) -> Any:
    """Calls the ASGI application as a test client does."""

    async def run() -> Any:
        with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
            client = AsyncClient()
            if body is None:
                return await client.get(path)
            return await client.post(path, body, content_type="application/json", **arguments)

    return asyncio.run(run())


def test_an_async_view_sends_mail(project: Emulator) -> None:
    assert call("/send/").content == b"alice@example.com"
    assert len(project.messages) == 1


def test_the_webhooks_under_asgi() -> None:
    with received(tracking) as calls:
        response = call(TRACKING, [OPEN], headers={"Authorization": AUTHORIZATION})
        assert response.status_code == 200
        assert call(TRACKING, [OPEN], headers={"Authorization": "Basic dXNlcjp4"}).status_code == 401
    assert [each["event"].esp_event for each in calls] == [OPEN]


def test_async_receivers_under_asgi() -> None:
    """Django before 5.0 does not run them: then they are an error, and no event is lost."""
    seen: list[Any] = []

    async def receive(**arguments: Any) -> None:
        await asyncio.sleep(0)
        seen.append(arguments["event"].recipient)

    runs = django.VERSION >= (5, 0)
    with connected(tracking, receive):
        if runs:
            assert call(TRACKING, [OPEN], headers={"Authorization": AUTHORIZATION}).status_code == 200
        else:
            with pytest.raises(TypeError, match="a coroutine function needs Django"):
                call(TRACKING, [OPEN], headers={"Authorization": AUTHORIZATION})
    assert seen == (["alice@example.com"] if runs else [])
    with received(tracking) as calls:
        assert call(TRACKING, [OPEN], headers={"Authorization": AUTHORIZATION}).status_code == 200
    assert (len(calls) == 0) == runs  # the event was handled, or comes again


def test_an_async_receiver_can_cancel_a_mail_or_is_an_error(project: Emulator) -> None:
    async def cancel(**_: Any) -> None:
        raise AnymailCancelSend

    message = AnymailMessage("Hello", "Hi!", to=["alice@example.com"])
    with connected(pre_send, cancel):
        if django.VERSION >= (5, 0):
            assert message.send() == 0
        else:
            with pytest.raises(TypeError, match="a coroutine function needs Django"):
                message.send()
    assert project.messages == ()


def test_forked_workers_have_their_own_connections() -> None:
    """As with gunicorn's prefork: a backend that was used before the fork is used in the parent and in the workers."""
    context = multiprocessing.get_context("fork")
    with Echo(None) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        backend = EmailBackend(
            api_key="public",
            secret_key="private",  # noqa: S106 - a test's
            api_url=f"http://127.0.0.1:{server.server_port}/v3",
        )
        results = context.SimpleQueue()

        def send(first: int) -> list[str]:
            messages = [AnymailMessage(str(first + number), "Hi!", to=["a@example.com"]) for number in range(5)]
            backend.send_messages(messages)
            return [str(message.anymail_status.message_id) for message in messages]

        with backend:
            ids = [send(100)]
            workers = [context.Process(target=lambda first=1000 * n: results.put(send(first))) for n in (1, 2, 3)]
            for worker in workers:
                worker.start()
            ids.append(send(200))
            ids += sorted(results.get() for _ in workers)
            for worker in workers:
                worker.join()
            ids.append(send(300))
        server.shutdown()
        thread.join()
    # Everyone got the answers to their own messages, and no connection was used by two processes.
    assert ids == [[str(first + number) for number in range(5)] for first in (100, 200, 1000, 2000, 3000, 300)]
    users = [{int(subject) // 1000 for subject in subjects} for subjects in server.subjects.values()]
    assert all(len(processes) == 1 for processes in users)
    assert sorted(map(min, users)) == [0, 1, 2, 3]
