"""The types of all documents, as TypedDicts: for type checkers and editors, nothing runs on them.

Each is one schema of `schemas/` in Python's words, and a test compares the two; what a schema says beyond types
(patterns, limits, conditions) is for validators. Left out are the bodies that a service sends (answers, webhooks,
stored templates), which hold what they like, and the rules, which the engine has types of its own for.

What the members mean is told in the schemas.
"""

# No `from __future__ import annotations`: with it Python 3.11 does not see NotRequired when it makes a TypedDict.

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

# --- Messages and options: message.schema.json, options.schema.json ---------------------------------------------------


class Address(TypedDict):
    """An address as an object; in a message it can be a string as well. Schema: message, $defs/address."""

    email: str
    name: NotRequired[str | None]


class Alternative(TypedDict):
    """The body in another media type. Schema: message, properties/alternatives."""

    content: str
    mimetype: str


class Attachment(TypedDict):
    """A file, or an image shown within the HTML. Schema: message, properties/attachments."""

    content: str
    filename: NotRequired[str | None]
    encoding: NotRequired[Literal["base64", "utf-8"] | None]
    mimetype: NotRequired[str | None]
    disposition: NotRequired[Literal["attachment", "inline"] | None]
    content_id: NotRequired[str | None]


class _MessageFields(TypedDict, total=False):
    from_email: str | Address | None
    to: list[str | Address] | None
    cc: list[str | Address] | None
    bcc: list[str | Address] | None
    reply_to: list[str | Address] | None
    subject: str | None
    body: str | None
    alternatives: list[Alternative] | None
    attachments: list[Attachment] | None
    extra_headers: Mapping[str, str | int | float] | None
    envelope_sender: str | Address | None
    metadata: Mapping[str, Any] | None
    send_at: str | int | float | None
    tags: list[str] | None
    track_clicks: bool | None
    track_opens: bool | None
    template_id: int | str | None
    merge_data: Mapping[str, Mapping[str, Any] | None] | None
    merge_global_data: Mapping[str, Any] | None
    merge_metadata: Mapping[str, Mapping[str, Any]] | None
    esp_extra: Mapping[str, Any] | None


# A name that is no identifier needs this form.
_WithSchema = TypedDict("_WithSchema", {"$schema": str}, total=False)


class MessageDefaults(_MessageFields, _WithSchema):
    """A message that applies to every message. Schema: options, properties/send_defaults."""


class Message(_MessageFields, _WithSchema, total=False):
    """A normalized message. Schema: message."""

    content_subtype: Literal["plain", "html"] | None


class MessageOptions(TypedDict, total=False):
    """What a caller can ask for besides the message. Schema: options."""

    ignore_unsupported_features: bool | list[str]
    send_defaults: MessageDefaults | None
    template_sender: str | Address | None


# --- Results: diagnostic.schema.json, result.schema.json, explanation.schema.json -------------------------------------

DocumentName: TypeAlias = Literal["message", "options", "body"]
Severity: TypeAlias = Literal["error", "warning"]


class DiagnosticDocument(TypedDict):
    """One thing that is said about a document. Schema: diagnostic."""

    severity: Severity
    code: str
    document: DocumentName
    path: str
    related: list[str]
    params: Mapping[str, Any]
    message: str
    hint: str | None
    rule: str | None


class Requirement(TypedDict):
    """What the payload needs before it can be sent; other members depend on the kind. Schema: result, requires."""

    kind: str


class ResultDocument(TypedDict):
    """What compiling or decoding a document gives. Schema: result."""

    ok: bool
    output: Any
    errors: list[DiagnosticDocument]
    warnings: list[DiagnosticDocument]
    requires: list[Requirement]


class LocationDocument(TypedDict):
    """A place in what was handed in. Schema: explanation, $defs/location."""

    document: DocumentName
    path: str


class ReasonDocument(TypedDict):
    """A rule that wrote something. Schema: explanation, $defs/reason."""

    rule: str
    doc: str
    source: str


class WrittenDocument(TypedDict):
    """One value of the output, and why it is there. Schema: explanation, $defs/written."""

    pointer: str
    value: Any
    reasons: list[ReasonDocument]
    inputs: list[LocationDocument]


class FateDocument(TypedDict):
    """What became of one leaf of what was handed in. Schema: explanation, $defs/fate."""

    document: DocumentName
    path: str
    fate: Literal["written", "overridden", "diagnosed", "nothing", "undecided"]
    at: list[str]
    by: list[LocationDocument]
    codes: list[str]


class ExplanationDocument(TypedDict):
    """The result, with the reasons of each value and the fate of each leaf. Schema: explanation."""

    result: ResultDocument
    payload: list[WrittenDocument]
    fates: list[FateDocument]


# --- The canonical message: canonical-message.schema.json -------------------------------------------------------------


class CanonicalAddress(TypedDict):
    """An address, its domain in ASCII. Schema: canonical-message, $defs/address."""

    email: str
    name: NotRequired[str]


class CanonicalHtml(TypedDict):
    """An HTML part. Schema: canonical-message, properties/html."""

    content: str


class CanonicalAttachment(TypedDict):
    """An attachment whose type and name are known. Schema: canonical-message, properties/attachments."""

    mimetype: str
    content: str
    inline: bool
    filename: NotRequired[str]
    content_id: NotRequired[str]


class CanonicalMessage(TypedDict, total=False):
    """What the front end makes of a message, and rules read. Schema: canonical-message."""

    from_email: list[CanonicalAddress]
    header_from: CanonicalAddress
    to: list[CanonicalAddress]
    cc: list[CanonicalAddress]
    bcc: list[CanonicalAddress]
    header_to: str
    header_cc: str
    header_bcc: str
    reply_to: list[CanonicalAddress]
    header_reply_to: list[CanonicalAddress]
    subject: str
    text: str
    html: list[CanonicalHtml]
    other_parts: list[Alternative]
    content_subtype: Literal["plain", "html"]
    attachments: list[CanonicalAttachment]
    headers: Mapping[str, str]
    envelope_sender: CanonicalAddress
    metadata: Mapping[str, Any]
    send_at: str | int | float
    tags: list[str]
    track_clicks: bool
    track_opens: bool
    template_id: str
    merge_data: Mapping[str, Mapping[str, Any]]
    merge_global_data: Mapping[str, Any]
    merge_metadata: Mapping[str, Mapping[str, Any]]
    esp_extra: Mapping[str, Any]
    template_sender: CanonicalAddress
    from_defaults: list[Literal["cc", "bcc"]]


# --- The payload: mailjet-v3/payload.schema.json ----------------------------------------------------------------------


class Recipient(TypedDict):
    """Someone who gets a message of their own. Schema: mailjet-v3/payload, $defs/recipient."""

    Email: str
    Name: NotRequired[str]
    Vars: NotRequired[Mapping[str, Any]]


# A file of the payload. Schema: mailjet-v3/payload, $defs/attachment.
PayloadAttachment = TypedDict("PayloadAttachment", {"Content-type": str, "Filename": str, "content": str})

_PayloadFields = TypedDict(
    "_PayloadFields",
    {
        "FromName": str,
        "Sender": str,
        "Recipients": list[Recipient],
        "To": str,
        "Cc": str,
        "Bcc": str,
        "Subject": str,
        "Text-part": str,
        "Html-part": str,
        "Mj-TemplateID": int | str,
        "Mj-TemplateLanguage": bool,
        "MJ-TemplateErrorReporting": str,
        "MJ-TemplateErrorDeliver": Literal["deliver", "0", 0],
        "Attachments": list[PayloadAttachment],
        "Inline_attachments": list[PayloadAttachment],
        "Mj-prio": int,
        "Mj-campaign": str,
        "Mj-deduplicatecampaign": Literal[0, 1],
        "Mj-trackopen": Literal[0, 1, 2],
        "Mj-trackclick": Literal[0, 1, 2],
        "Mj-CustomID": str,
        "Mj-EventPayLoad": str,
        "Mj-MonitoringCategory": str,
        "Headers": Mapping[str, str],
        "Vars": Mapping[str, Any],
    },
    total=False,
)


class PayloadMessage(_PayloadFields):
    """One message of several in a payload. Schema: mailjet-v3/payload, $defs/message."""

    FromEmail: str


class Payload(_PayloadFields, total=False):
    """What is sent to Mailjet: one message, or several in Messages. Schema: mailjet-v3/payload."""

    FromEmail: str
    Messages: list[PayloadMessage]


# --- What comes back: tracking-event(s), inbound-message, recipient-status(es), template-sender -----------------------


class TrackingEvent(TypedDict):
    """What a service tells about a message that was sent. Schema: tracking-event."""

    event_type: Literal[
        "delivered", "opened", "clicked", "bounced", "deferred", "rejected", "complained", "unsubscribed", "unknown"
    ]
    timestamp: str | None
    message_id: str | None
    event_id: None
    recipient: str | None
    reject_reason: Literal["bounced", "blocked", "spam", "invalid", "other"] | None
    mta_response: str | None
    description: str | None
    tags: list[str]
    metadata: Mapping[str, Any]
    click_url: str | None
    user_agent: str | None
    bounce_type: Literal["hard", "soft"] | None
    esp_event: Any


class TrackingEvents(TypedDict):
    """What a webhook call decodes to. Schema: tracking-events."""

    events: list[TrackingEvent]


class DecodedAddress(TypedDict):
    """An address that was received. Schemas: inbound-message, $defs/address; template-sender, properties/sender."""

    email: str
    name: str | None


class InboundAttachment(TypedDict):
    """A file that was received; its content is base64. Schema: inbound-message, $defs/attachment."""

    filename: str | None
    mimetype: str
    content: str
    inline: bool
    content_id: str | None


class InboundMessage(TypedDict):
    """A message that was received. Schema: inbound-message."""

    envelope_sender: str | None
    envelope_recipient: str | None
    from_email: DecodedAddress | None
    to: list[DecodedAddress]
    cc: list[DecodedAddress]
    subject: str | None
    date: str | None
    text: str | None
    html: str | None
    html_parts: list[str]
    headers: list[list[str]]
    attachments: list[InboundAttachment]
    spam_detected: bool | None
    spam_score: int | float | None
    metadata: Mapping[str, Any]
    custom_id: str | None
    timestamp: None
    event_id: None
    esp_event: Any


class RecipientStatus(TypedDict):
    """What became of the message for one recipient. Schema: recipient-status."""

    email: str
    status: Literal["sent", "unknown"]
    message_id: str | None
    message_uuid: str | None


class RecipientStatuses(TypedDict):
    """What the answer to a send decodes to. Schema: recipient-statuses."""

    recipients: list[RecipientStatus]
    unexpected: list[RecipientStatus]
    statuses: list[Literal["sent", "unknown"]]
    message_ids: list[str]


class TemplateSender(TypedDict):
    """What a stored template decodes to. Schema: template-sender."""

    sender: DecodedAddress


# --- Conformance cases: case.schema.json ------------------------------------------------------------------------------


class CaseSource(TypedDict):
    """A document that says why the answer is right. Schema: case, properties/spec."""

    source: str
    heading: NotRequired[str]
    note: NotRequired[str]


class CaseBody(TypedDict, total=False):
    """An HTTP body, in one of three spellings. Schema: case, properties/input, body."""

    text: str
    base64: str
    json: Any


class CaseInput(TypedDict, total=False):
    """What is handed in. Schema: case, properties/input."""

    message: Any
    text: str
    options: Mapping[str, Any]
    status_code: int
    reason: str | None
    body: CaseBody


class ExpectedDiagnostic(TypedDict):
    """What the comparison of a diagnostic looks at. Schema: case, $defs/expected."""

    code: str
    path: str
    document: NotRequired[DocumentName]
    params: NotRequired[Mapping[str, Any]]


class CaseExpect(TypedDict, total=False):
    """What has to come of it. Schema: case, properties/expect."""

    output: Any
    errors: list[ExpectedDiagnostic]
    warnings: list[ExpectedDiagnostic]
    requires: list[Mapping[str, Any]]


_CaseSchema = TypedDict("_CaseSchema", {"$schema": NotRequired[str]})


class ConformanceCase(_CaseSchema):
    """One input and what has to come of it. Schema: case."""

    id: str
    title: str
    level: Literal["must", "should", "draft"]
    since: str
    capabilities: list[str]
    rules: list[str]
    basis: Literal["documented", "decision"]
    spec: list[CaseSource]
    input: CaseInput
    expect: CaseExpect
