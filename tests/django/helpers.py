"""Shared by the tests of `compiler.django`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from django.dispatch import Signal
from django.http import HttpResponse
from django.test import Client

from tests.django.project import AUTHORIZATION

TRACKING = "/anymail/mailjet/tracking/"
INBOUND = "/anymail/mailjet/inbound/"

OPEN = {"event": "open", "time": 1433333949, "MessageID": 19421777835146490, "email": "alice@example.com"}


def post(body: Any, path: str = TRACKING, authorization: str | None = AUTHORIZATION) -> HttpResponse:
    """Posts a body, bytes or JSON, to a webhook. Errors of receivers become the status 500."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
    client = Client(raise_request_exception=False)
    return client.post(path, content, content_type="application/json", **headers)  # type: ignore[return-value, arg-type]


@contextlib.contextmanager
def received(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    """The arguments of each call of a receiver of this signal."""
    calls: list[dict[str, Any]] = []

    def receive(**arguments: Any) -> None:
        calls.append(arguments)

    signal.connect(receive)
    try:
        yield calls
    finally:
        signal.disconnect(receive)


@contextlib.contextmanager
def connected(signal: Signal, receiver: Any) -> Iterator[None]:
    """A receiver of this signal."""
    signal.connect(receiver)
    try:
        yield
    finally:
        signal.disconnect(receiver)
