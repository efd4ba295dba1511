"""Uses of the public functions as type checkers see them: mypy and pyright accept this file, each suppression included.

Nothing runs it. An `ignore` marks a mistake that a checker has to find; one that finds nothing is an error itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, assert_type

import compiler

MESSAGE: compiler.Message = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}


def the_payload_is_typed(options: compiler.MessageOptions) -> None:
    result = compiler.compile(MESSAGE, options=options)
    assert_type(result, compiler.Result[compiler.Payload])
    assert_type(result.payload, compiler.Payload | None)
    assert_type(result.output, compiler.Payload | None)
    assert_type(result.unwrap(), compiler.Payload)
    assert_type(compiler.compile_text("{}").unwrap(), compiler.Payload)
    payload: compiler.Payload = compiler.compile(MESSAGE).unwrap()
    assert_type(payload.get("Subject"), str | None)
    if result.payload is not None and "Recipients" in result.payload:
        assert_type(result.payload["Recipients"][0]["Email"], str)


def many_explained_and_split(custom: compiler.Target, name: str) -> None:
    assert_type(compiler.compile_many([MESSAGE]), Iterator[compiler.Result[compiler.Payload]])
    assert_type(compiler.explain(MESSAGE).result.payload, compiler.Payload | None)
    assert_type(compiler.split(MESSAGE).unwrap(), list[compiler.Message])
    assert_type(compiler.compile(MESSAGE, "mailjet-v3").unwrap(), compiler.Payload)
    assert_type(compiler.compile(MESSAGE, "mailjet-v3.1").unwrap(), compiler.PayloadV31)
    assert_type(compiler.explain(MESSAGE, "mailjet-v3.1").result.payload, compiler.PayloadV31 | None)
    assert_type(compiler.compile_many([MESSAGE], "mailjet-v3.1"), Iterator[compiler.Result[compiler.PayloadV31]])
    assert_type(compiler.compile(MESSAGE, custom), compiler.Result[Any])
    assert_type(compiler.compile(MESSAGE, name).unwrap(), Any)


def what_comes_back_is_typed(body: bytes) -> None:
    assert_type(compiler.decode_events(body).unwrap(), compiler.TrackingEvents)
    assert_type(compiler.decode_events(body).unwrap()["events"][0], compiler.TrackingEvent)
    assert_type(compiler.decode_inbound(body).unwrap(), compiler.InboundMessage)
    assert_type(compiler.decode_response(body).unwrap(), compiler.RecipientStatuses)
    assert_type(compiler.decode_template(body).unwrap(), compiler.TemplateSender)
    assert_type(compiler.to_email_message(compiler.decode_inbound(body).unwrap()), EmailMessage)


def mistakes(result: compiler.Result) -> Any:
    misspelled: compiler.Message = {"merge_dta": {}}  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportAssignmentType]
    compiler.compile(MESSAGE).unwrap()["subject"]  # type: ignore[typeddict-item]  # pyright: ignore[reportGeneralTypeIssues]
    compiler.compile(MESSAGE).payload["Subject"]  # type: ignore[index]  # pyright: ignore[reportOptionalSubscript, reportTypedDictNotRequiredAccess]
    compiler.decode_events(b"").unwrap()["event"]  # type: ignore[typeddict-item]  # pyright: ignore[reportGeneralTypeIssues]
    return misspelled, result.unwrap()  # a Result without more is one of any output
