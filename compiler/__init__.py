"""Turns a normalized e-mail message into a Mailjet Send API v3 payload, or into structured errors.

    import compiler

    result = compiler.compile({"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"})
    result.payload  # what to POST, or None where result.errors says why not

What the service sends back, `decode_response`, `decode_events`, `decode_inbound` and `decode_template` turn into
normalized JSON the same way.

The front end (`compiler.frontend`) makes the canonical message; the engine (`compiler.engine`) applies the rules of a
target (`compiler/targets`). Everything public is named here, but for the parts of documents, whose types are in
`compiler.documents`.
"""

from typing import TYPE_CHECKING

from compiler._lazy import attach
from compiler.pipeline.compile import Options, compile, compile_text
from compiler.pipeline.targets import Target, load_target
from compiler.results import CompileError, Diagnostic, Location, Result

if TYPE_CHECKING:
    from compiler.documents import (
        ConformanceCase,
        ExplanationDocument,
        InboundMessage,
        Message,
        MessageOptions,
        Payload,
        PayloadV31,
        RecipientStatus,
        RecipientStatuses,
        ResultDocument,
        TemplateSender,
        TrackingEvent,
        TrackingEvents,
    )
    from compiler.email_message import from_email_message, to_email_message
    from compiler.engine import RulesetError
    from compiler.explanations import Explanation, LeafStatus, Provenance, RuleReference
    from compiler.pipeline.compare import Comparison, compare
    from compiler.pipeline.decode import decode_events, decode_inbound, decode_response, decode_template
    from compiler.pipeline.decompile import decompile
    from compiler.pipeline.event_fingerprint import event_fingerprint
    from compiler.pipeline.explain import explain
    from compiler.pipeline.many import compile_many
    from compiler.pipeline.migrate import migrate
    from compiler.pipeline.split import split

__all__ = [
    "Comparison",
    "CompileError",
    "ConformanceCase",
    "Diagnostic",
    "Explanation",
    "ExplanationDocument",
    "InboundMessage",
    "LeafStatus",
    "Location",
    "Message",
    "MessageOptions",
    "Options",
    "Payload",
    "PayloadV31",
    "Provenance",
    "RecipientStatus",
    "RecipientStatuses",
    "Result",
    "ResultDocument",
    "RuleReference",
    "RulesetError",
    "Target",
    "TemplateSender",
    "TrackingEvent",
    "TrackingEvents",
    "__version__",
    "compare",
    "compile",
    "compile_many",
    "compile_text",
    "decode_events",
    "decode_inbound",
    "decode_response",
    "decode_template",
    "decompile",
    "event_fingerprint",
    "explain",
    "from_email_message",
    "load_target",
    "migrate",
    "split",
    "to_email_message",
]

__version__ = "0.1.0"

# Imported lazily: a command that compiles one message should start fast.
__getattr__ = attach(
    __name__,
    {
        "compiler.pipeline.decode": ("decode_events", "decode_inbound", "decode_response", "decode_template"),
        "compiler.pipeline.compare": ("Comparison", "compare"),
        "compiler.pipeline.decompile": ("decompile",),
        "compiler.pipeline.explain": ("explain",),
        "compiler.pipeline.many": ("compile_many",),
        "compiler.pipeline.migrate": ("migrate",),
        "compiler.pipeline.event_fingerprint": ("event_fingerprint",),
        "compiler.pipeline.split": ("split",),
        "compiler.documents": (
            "ConformanceCase",
            "ExplanationDocument",
            "InboundMessage",
            "Message",
            "MessageOptions",
            "Payload",
            "PayloadV31",
            "RecipientStatus",
            "RecipientStatuses",
            "ResultDocument",
            "TemplateSender",
            "TrackingEvent",
            "TrackingEvents",
        ),
        "compiler.email_message": ("from_email_message", "to_email_message"),
        "compiler.engine": ("RulesetError",),
        "compiler.explanations": ("Explanation", "LeafStatus", "Provenance", "RuleReference"),
    },
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
