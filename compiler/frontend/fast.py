"""The fast driver: builds the canonical message in one pass, or nothing if the full driver has to.

It runs on messages that the precompiled validators accept, and stops at the first value that a reader refuses. The
readers are those of the full driver, so both give the same canonical message.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from compiler.frontend.fields import NEUTRAL, TargetPolicy, address_reader, fields_for
from compiler.frontend.readers import Invalid, Reader, check_senders, decide_delivery
from compiler.generated.validators.message import accepts as accepts_message

_NO_FEATURES: frozenset[str] = frozenset()


@cache
def _readers(policy: TargetPolicy) -> Mapping[str, Reader]:
    return {"$schema": lambda *_: None, **{name: field.read for name, field in fields_for(policy).items()}}


def canonicalize_fast(
    message: object, options: Mapping[str, Any], policy: TargetPolicy = NEUTRAL
) -> tuple[dict[str, Any], bool | frozenset[str]] | None:
    """The canonical message for a message and options of any content, and the features to ignore.

    `policy` is what the target asks for. None if anything is invalid. The canonical message shares nothing mutable with
    the message.
    """
    if type(message) is not dict or not accepts_message(message):
        return None
    if not options:
        document = _canonical(message, policy)
        return None if document is None else (document, _NO_FEATURES)
    return _with_options(message, options, policy)


def _canonical(message: Mapping[str, Any], policy: TargetPolicy) -> dict[str, Any] | None:
    document: dict[str, Any] = {}
    readers = _readers(policy)
    try:
        for name, value in message.items():
            if value is not None:
                readers[name](document, value, message)
        if "header_from" in document:
            check_senders(document)
        decide_delivery(document)
    except Invalid:
        return None
    return document


def _with_options(
    message: Mapping[str, Any], options: Mapping[str, Any], policy: TargetPolicy
) -> tuple[dict[str, Any], bool | frozenset[str]] | None:
    from compiler.generated.validators.options import accepts as accepts_options

    if not accepts_options(options):
        return None
    from compiler.frontend.defaults import apply_defaults, names_from_defaults

    defaults, sender = options.get("send_defaults"), options.get("template_sender")
    document = _canonical(apply_defaults(message, defaults, policy), policy)
    if document is None:
        return None
    if defaults is not None:
        names = names_from_defaults(message, defaults)
        if names:
            document["from_defaults"] = names
    if sender is not None:
        try:
            document["template_sender"] = address_reader(policy).read_one_address(sender)
        except Invalid:
            return None
    ignored = options.get("ignore_unsupported_features")
    return document, frozenset(ignored) if type(ignored) is list else ignored is True or _NO_FEATURES
