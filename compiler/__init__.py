"""Turns a normalized e-mail message into a Mailjet Send API v3 payload, or into structured errors.

    import compiler

    result = compiler.compile({"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"})
    result.payload  # what to POST, or None where result.errors says why not

What the service sends back, `decode_response`, `decode_events`, `decode_inbound` and `decode_template` turn into
normalized JSON the same way.

The front end (`compiler.message`) makes the canonical message; the engine (`compiler.engine`) applies the rules of a
target (`compiler/targets`). Everything public is named here, but for the parts of documents, whose types are in
`compiler.documents`.
"""

from typing import TYPE_CHECKING, Any

from compiler._api import Options, compile, compile_text
from compiler._result import CompileError, Diagnostic, Result
from compiler._target import Target, load_target

if TYPE_CHECKING:
    from compiler._decode import decode_events, decode_inbound, decode_response, decode_template
    from compiler._explain import explain
    from compiler._explanation import Explanation, Fate, Location, Reason, Written
    from compiler._many import compile_many
    from compiler._repeats import event_fingerprint
    from compiler._split import split
    from compiler.documents import (
        ConformanceCase,
        ExplanationDocument,
        InboundMessage,
        Message,
        MessageOptions,
        Payload,
        RecipientStatus,
        RecipientStatuses,
        ResultDocument,
        TemplateSender,
        TrackingEvent,
        TrackingEvents,
    )
    from compiler.email_message import from_email_message, to_email_message
    from compiler.engine import RulesetError

__all__ = [
    "CompileError",
    "ConformanceCase",
    "Diagnostic",
    "Explanation",
    "ExplanationDocument",
    "Fate",
    "InboundMessage",
    "Location",
    "Message",
    "MessageOptions",
    "Options",
    "Payload",
    "Reason",
    "RecipientStatus",
    "RecipientStatuses",
    "Result",
    "ResultDocument",
    "RulesetError",
    "Target",
    "TemplateSender",
    "TrackingEvent",
    "TrackingEvents",
    "Written",
    "__version__",
    "compile",
    "compile_many",
    "compile_text",
    "decode_events",
    "decode_inbound",
    "decode_response",
    "decode_template",
    "event_fingerprint",
    "explain",
    "from_email_message",
    "load_target",
    "split",
    "to_email_message",
]

__version__ = "0.1.0"

# What one message does not need is imported when it is first asked for: a command that compiles one should start fast.
_LATER = {
    "compiler._decode": ("decode_events", "decode_inbound", "decode_response", "decode_template"),
    "compiler._explain": ("explain",),
    "compiler._explanation": ("Explanation", "Fate", "Location", "Reason", "Written"),
    "compiler._many": ("compile_many",),
    "compiler._repeats": ("event_fingerprint",),
    "compiler._split": ("split",),
    "compiler.documents": (
        "ConformanceCase",
        "ExplanationDocument",
        "InboundMessage",
        "Message",
        "MessageOptions",
        "Payload",
        "RecipientStatus",
        "RecipientStatuses",
        "ResultDocument",
        "TemplateSender",
        "TrackingEvent",
        "TrackingEvents",
    ),
    "compiler.email_message": ("from_email_message", "to_email_message"),
    "compiler.engine": ("RulesetError",),
}


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            from importlib import import_module

            found = globals()[name] = getattr(import_module(module), name)
            return found
    raise AttributeError(f"module 'compiler' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
